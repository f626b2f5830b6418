import { Command, CommanderError } from 'commander';
import { OperatorError, ProvisioningError } from '../domain/errors.ts';
import { VERSION } from '../version.ts';

/** Exit codes: 0 done, 1 not done (the sentence on standard error says why), 2 the command line itself is wrong. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const program = new Command('parley')
  .description('The conferencing provisioning server. Settings come from PARLEY_* variables: see docs/configuration.md.')
  .version(VERSION)
  .exitOverride();

/** Of a command only its line in the help is read, until it is asked for: reading all of them takes longer than most of them run. */
interface LazyCommand {
  name: string;
  args?: string;
  description: string;
  load: () => Promise<(command: Command) => void>;
}

const COMMANDS: readonly LazyCommand[] = [
  {
    name: 'serve',
    description: 'run the server until SIGTERM or SIGINT',
    load: async () => {
      const { serve } = await import('../main.ts');
      return (command) => void command.action(serve);
    },
  },
  {
    name: 'tenant',
    description: 'resellers: each with its own external ids, clients and tokens',
    load: async () => (await import('./tenant.ts')).addTenantCommands,
  },
  { name: 'token', description: 'API tokens: each belongs to one tenant', load: async () => (await import('./token.ts')).addTokenCommands },
  {
    name: 'sandbox',
    description: 'for those who write against Parley',
    load: async () => (await import('./sandbox.ts')).addSandboxCommands,
  },
  {
    name: 'bridge',
    description: 'conferencing bridges that ask whose pass code was keyed',
    load: async () => (await import('./bridge.ts')).addBridgeCommands,
  },
  {
    name: 'access-number',
    description: 'telephone numbers that callers dial to be asked for a pass code',
    load: async () => (await import('./access-number.ts')).addAccessNumberCommands,
  },
  {
    name: 'audit',
    description: 'who did what: a chain of entries for each tenant',
    load: async () => (await import('./audit.ts')).addAuditCommands,
  },
  {
    name: 'key',
    description: 'the master key that seals passwords and pass codes',
    load: async () => (await import('./key.ts')).addKeyCommands,
  },
  {
    name: 'migrate',
    description: 'bring the database up to date without serving; a start does the same, and a repeat does nothing',
    load: async () => (await import('./migrate.ts')).addMigrateCommand,
  },
  {
    name: 'migrate-store',
    description:
      'move everything from an SQLite file to an empty PostgreSQL database, and compare both; no server may run meanwhile, and a run that was broken off is gone on with by the next',
    load: async () => (await import('./migrate-store.ts')).addMigrateStoreCommand,
  },
  {
    name: 'reconcile',
    description: 'compare what is on record with what is so elsewhere; changes nothing',
    load: async () => (await import('./reconcile.ts')).addReconcileCommand,
  },
  {
    name: 'backup',
    args: '<file>',
    description: 'copy the SQLite database to a new file while the server runs, and verify the copy',
    load: async () => (await import('./backup.ts')).addBackupCommand,
  },
  {
    name: 'doctor',
    description: 'check the settings, the disk, the database, the keys and the server; changes nothing',
    load: async () => (await import('./doctor.ts')).addDoctorCommand,
  },
];

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const wanted = asked[0] === 'help' ? asked[1] : asked[0];
for (const { name, args = '', description, load } of COMMANDS) {
  const command = program.command(`${name} ${args}`.trim()).description(description);
  if (name === wanted) (await load())(command);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  // Commander has printed its own sentence; help and version end here too, with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
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
