import type { Command } from 'commander';
import { readCallerSettings } from '../../config/caller.ts';
import { OperatorError } from '../../domain/errors.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from '../output.ts';
import { readSecret } from './ask.ts';
import { open } from './connection.ts';
import { explain } from './explain.ts';
import { readProfiles, STANDARD_PROFILE, writeProfiles } from './profiles.ts';
import type { Target } from './target.ts';

interface LoginOptions extends OutputOptions {
  url?: string;
  profile: string;
  remove?: boolean;
}

const EXAMPLES = `
Examples:
  parley login --url https://parley.example.com              # asks for the token, and does not show it
  parley login --url https://test.example.com --profile test < token.txt
  parley show 10000000 --profile test
  parley login --profile test --remove

The token is read from the terminal or from standard input, never from the command line. It is tried before it is kept, in a file that only you can read.`;

export function addLoginCommand(login: Command): void {
  login
    .option('--url <url>', 'the server; otherwise PARLEY_URL')
    .option('--profile <name>', 'under which name to keep it', STANDARD_PROFILE)
    .option('--remove', 'forget the profile')
    .option(...JSON_OPTION)
    .addHelpText('after', EXAMPLES)
    .action(async ({ url: given, profile, remove, json }: LoginOptions) => {
      const settings = readCallerSettings();
      const profiles = readProfiles(settings.profilesPath);
      if (remove) {
        if (!profiles.delete(profile)) throw new OperatorError(`There is no profile "${profile}" in ${settings.profilesPath}.`);
        writeProfiles(settings.profilesPath, profiles);
        return json ? printJson({ profile, removed: true }) : printLine(`Profile "${profile}" is forgotten.`);
      }
      const url = given ?? settings.url;
      if (url === undefined) throw new OperatorError('Say which server: parley login --url https://parley.example.com');
      const urlSource = given === undefined ? 'the variable PARLEY_URL' : 'the option --url';
      const target: Target = { url, urlSource, token: await readSecret(`Token for ${url}:`), tokenSource: 'what was typed or piped in' };
      const parley = open(target);
      const { tenant, scopes } = await parley.identify().catch((error: unknown) => {
        throw explain(error, target);
      });
      writeProfiles(settings.profilesPath, profiles.set(profile, { url: parley.url, token: target.token }));
      if (json) return printJson({ profile, url: parley.url, tenant, scopes, path: settings.profilesPath });
      const { name } = tenant;
      printLine(
        `Profile "${profile}": ${parley.url}, tenant "${name}", scopes ${scopes.join(', ')}. It is kept in ${settings.profilesPath}, for you alone to read.`,
      );
    });
}
