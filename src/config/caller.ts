import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../domain/errors.ts';

/** What the environment says of the server that the caller's commands talk to. */
export interface CallerSettings {
  url: string | undefined;
  token: { value: string; source: string } | undefined;
  profilesPath: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty value counts as none, as in every other setting. */
export function readCallerSettings(environment: Environment = process.env): CallerSettings {
  const folder = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config');
  return {
    url: environment.PARLEY_URL || undefined,
    token: readToken(environment),
    profilesPath: join(folder, 'parley', 'profiles.json'),
  };
}

function readToken({ PARLEY_TOKEN: value, PARLEY_TOKEN_FILE: path }: Environment): CallerSettings['token'] {
  if (!path) return value ? { value, source: 'the variable PARLEY_TOKEN' } : undefined;
  if (value) throw new OperatorError('Set PARLEY_TOKEN or PARLEY_TOKEN_FILE, not both.');
  try {
    return { value: readFileSync(path, 'utf8').trim(), source: `the file ${path}, which PARLEY_TOKEN_FILE names` };
  } catch (error) {
    throw new OperatorError(`PARLEY_TOKEN_FILE names ${path}, which cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}
