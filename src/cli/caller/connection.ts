import type { Command } from 'commander';
import { OperatorError } from '../../domain/errors.ts';
import { Parley } from '../../../sdk/src/index.ts';
import { JSON_OPTION, type OutputOptions } from '../output.ts';
import { explain } from './explain.ts';
import { type ConnectionOptions, findTarget, type Target } from './target.ts';

export interface CallerOptions extends ConnectionOptions, OutputOptions {}

export function addCallerOptions(command: Command): Command {
  return addConnectionOptions(command).option(...JSON_OPTION);
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the server; otherwise PARLEY_URL, or that of the profile')
    .option(
      '--profile <name>',
      'a profile that "parley login" has made; otherwise PARLEY_TOKEN or PARLEY_TOKEN_FILE, or the profile "default"',
    );
}

/** Runs one command against the server. Whatever fails there becomes sentences that say what to do. */
export async function withServer<T>(
  options: ConnectionOptions,
  use: (parley: Parley, target: Target) => Promise<T>,
  fetch?: typeof globalThis.fetch,
): Promise<T> {
  const target = findTarget(options);
  const parley = open(target, fetch);
  try {
    return await use(parley, target);
  } catch (error) {
    throw explain(error, target);
  }
}

export function open({ url, token, urlSource, tokenSource }: Target, fetch?: typeof globalThis.fetch): Parley {
  try {
    return new Parley({ url, token, fetch });
  } catch {
    const isUrl = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && !/[?#@]/.test(url);
    if (isUrl) throw new OperatorError(`The token from ${tokenSource} cannot be one: it must be printable ASCII without spaces.`);
    throw new OperatorError(`The URL from ${urlSource} must be such as https://parley.example.com, without a user, a query or a fragment.`);
  }
}
