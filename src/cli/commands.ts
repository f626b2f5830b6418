import type { Command } from 'commander';

/** Of a command only its line in the help is read, until it is asked for: reading all of them takes longer than most of them run. */
export interface LazyCommand {
  name: string;
  args?: string;
  description: string;
  load: () => Promise<(command: Command) => void>;
}

/** Those who run the server: on its machine, over its store. */
export const OPERATORS_COMMANDS: readonly LazyCommand[] = [
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

/** Those who have clients at a server: from anywhere, over its HTTP interface. */
export const CALLERS_COMMANDS: readonly LazyCommand[] = [
  {
    name: 'login',
    description: 'keep a server and its token as a profile that only you can read',
    load: async () => (await import('./caller/login.ts')).addLoginCommand,
  },
  {
    name: 'provision',
    description: 'make a client, or update its details; a repeat changes nothing',
    load: async () => (await import('./caller/provision.ts')).addProvisionCommand,
  },
  { name: 'get', description: "a client's hub and status", load: async () => (await import('./caller/get.ts')).addGetCommand },
  {
    name: 'show',
    description: 'all that is known of a client but its secrets',
    load: async () => (await import('./caller/show.ts')).addShowCommand,
  },
  {
    name: 'find',
    description: 'search for clients by whatever you know of them',
    load: async () => (await import('./caller/find.ts')).addFindCommand,
  },
  {
    name: 'deactivate',
    description: 'refuse the pass codes of a client until it is reactivated',
    load: async () => (await import('./caller/change-status.ts')).addDeactivateCommand,
  },
  {
    name: 'reactivate',
    description: 'let the same pass codes of a client work again',
    load: async () => (await import('./caller/change-status.ts')).addReactivateCommand,
  },
  {
    name: 'rotate',
    description: 'give a client other pass codes',
    load: async () => (await import('./caller/rotate.ts')).addRotateCommand,
  },
  {
    name: 'terminate',
    description: 'end a client for good',
    load: async () => (await import('./caller/terminate.ts')).addTerminateCommand,
  },
  {
    name: 'plan',
    description: 'what a file of customers would change, row by row; writes nothing',
    load: async () => (await import('./caller/moving/plan.ts')).addPlanCommand,
  },
  {
    name: 'apply',
    description: 'carry out what a file of customers or a plan says; goes on where it was broken off',
    load: async () => (await import('./caller/moving/apply.ts')).addApplyCommand,
  },
  {
    name: 'reconcile',
    description: 'compare your own list with what is on record (or, on the server, that with a remote platform); changes nothing',
    load: async () => (await import('./reconcile.ts')).addReconcileCommand,
  },
  { name: 'watch', description: 'show events as they happen', load: async () => (await import('./caller/watch.ts')).addWatchCommand },
];
