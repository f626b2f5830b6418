import { Command, CommanderError } from 'commander';
import { OperatorError, ProvisioningError } from '../domain/errors.ts';
import { CALLERS_COMMANDS, OPERATORS_COMMANDS } from './commands.ts';
import { VERSION } from '../version.ts';

/** Exit codes: 0 done, 1 not done (the sentence on standard error says why), 2 the command line itself is wrong. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** Of `plan`, 2 says that something would change: there a command line that is wrong ends with 1. */
const EXIT_USAGE_OF_PLAN = 1;

const CALLERS_HEADING = 'Clients of a server, over HTTP (PARLEY_URL and PARLEY_TOKEN, or parley login; docs/command-line.md):';
const GROUPS = [
  [CALLERS_HEADING, CALLERS_COMMANDS],
  ['The server itself, on its machine (settings as in docs/configuration.md):', OPERATORS_COMMANDS],
] as const;

const program = new Command('parley')
  .description('The conferencing provisioning server, and the commands of those who have clients there.')
  .version(VERSION)
  .configureOutput({ outputError: (text, write) => write(withoutSecrets(text)) })
  .exitOverride();

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const wanted = asked[0] === 'help' || asked[0] === 'complete' ? asked[1] : asked[0];
for (const [heading, commands] of GROUPS) {
  for (const { name, args = '', description, load } of commands) {
    const command = program.command(`${name} ${args}`.trim()).description(description).helpGroup(heading);
    if (name === wanted) (await load())(command);
  }
}
if (asked[0] === 'completion' || asked[0] === 'complete' || wanted === 'completion')
  (await import('./caller/completion.ts')).addCompletion(program);
else
  program.command('completion <shell>').description('print the completions for bash, zsh, fish or powershell').helpGroup(CALLERS_HEADING);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  // Commander has printed its own sentence; help and version end here too, with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wanted === 'plan' ? EXIT_USAGE_OF_PLAN : EXIT_USAGE;
  if (error instanceof OperatorError || error instanceof ProvisioningError) {
    process.stderr.write(`${sentencesOf(error).join('\n')}\n`);
    return EXIT_FAILED;
  }
  throw error;
}

function sentencesOf(error: OperatorError | ProvisioningError): string[] {
  const fields = error instanceof ProvisioningError ? Object.entries(error.fields) : [];
  return fields.length === 0 ? [error.message] : fields.map(([field, problem]) => `${field} ${problem}.`);
}

/** An option that does not exist is told without its value, which may be a secret. */
function withoutSecrets(text: string): string {
  const told = text.replace(/(unknown option '--?[\w-]+)=[^]*'/, "$1'");
  const isSecret = /unknown option '--?[\w-]*(token|password|secret|key|code)/i.test(told);
  return isSecret
    ? `${told.trimEnd()}\nSecrets are not given on the command line, where other users can read them: see the command's --help.\n`
    : told;
}
