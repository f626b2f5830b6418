import { Command, CommanderError } from 'commander';
import { OperatorError, ProvisioningError } from '../domain/errors.ts';
import { addAccessNumberCommands } from './access-number.ts';
import { addBackupCommand } from './backup.ts';
import { addBridgeCommands } from './bridge.ts';
import { addDoctorCommand } from './doctor.ts';
import { addKeyCommands } from './key.ts';
import { addMigrateCommand } from './migrate.ts';
import { addMigrateStoreCommand } from './migrate-store.ts';
import { addAuditCommands } from './audit.ts';
import { addTenantCommands } from './tenant.ts';
import { addReconcileCommand } from './reconcile.ts';
import { addSandboxCommands } from './sandbox.ts';
import { addTokenCommands } from './token.ts';
import { VERSION } from '../version.ts';

/** Exit codes: 0 done, 1 not done (the sentence on standard error says why), 2 the command line itself is wrong. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const program = new Command('parley')
  .description('The conferencing provisioning server. Settings come from PARLEY_* variables: see docs/configuration.md.')
  .version(VERSION)
  .exitOverride();

program
  .command('serve')
  .description('run the server until SIGTERM or SIGINT')
  // Read when it is asked for: half of the time that any other command would take to start.
  .action(async () => (await import('../main.ts')).serve());
addTenantCommands(program);
addTokenCommands(program);
addSandboxCommands(program);
addBridgeCommands(program);
addAccessNumberCommands(program);
addAuditCommands(program);
addKeyCommands(program);
addMigrateCommand(program);
addMigrateStoreCommand(program);
addReconcileCommand(program);
addBackupCommand(program);
addDoctorCommand(program);

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
