import { type Command, Option } from 'commander';
import { ON_DIFFERENCE, type OnDifference, PASSWORD_DISCLOSURES, type PasswordDisclosure } from '../domain/caller.ts';
import { createTenant } from '../operations/access/create-tenant.ts';
import { tenantUnknown } from '../operations/access/find-tenant.ts';
import { updateTenant } from '../operations/access/update-tenant.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine, printTable, showTime } from './output.ts';
import { withStore } from './store.ts';

interface TenantOptions extends OutputOptions {
  onDifference?: OnDifference;
  passwordDisclosure?: PasswordDisclosure;
  sandbox?: boolean;
}

const onDifference = () =>
  new Option('--on-difference <choice>', 'what provision does with details that differ from the record').choices(ON_DIFFERENCE);
const passwordDisclosure = () =>
  new Option(
    '--password-disclosure <choice>',
    'how long answers repeat the password: always, for 24 hours (window), or only once (never)',
  ).choices(PASSWORD_DISCLOSURES);

export function addTenantCommands(tenant: Command): void {
  tenant
    .command('create <name>')
    .description('make a tenant; its name must be new')
    .addOption(onDifference().default('update'))
    .addOption(passwordDisclosure().default('always'))
    .option('--sandbox', 'for trying things out: tokens begin with parley_test_, and faults happen on request')
    .option(...JSON_OPTION)
    .action(async (name: string, { sandbox = false, ...options }: TenantOptions) => {
      const made = await withStore((store) => createTenant(store, { name, isSandbox: sandbox, ...options }, Date.now()));
      if (options.json) printJson(made);
      else printLine(`Made tenant "${made.name}". Give it a token: parley token create --tenant ${JSON.stringify(made.name)} <name>`);
    });

  tenant
    .command('update <name>')
    .description('change what a tenant has chosen; running servers follow within a second')
    .addOption(onDifference())
    .addOption(passwordDisclosure())
    .option(...JSON_OPTION)
    .action(async (name: string, options: TenantOptions) => {
      const updated = (await withStore((store) => updateTenant(store, { name, ...options }, Date.now()))) ?? tenantUnknown(name);
      if (options.json) printJson(updated);
      else printLine(`Tenant "${name}": on difference ${updated.onDifference}, password disclosure ${updated.passwordDisclosure}.`);
    });

  tenant
    .command('list')
    .description('all tenants, with how many clients and live tokens each has')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const tenants = await withStore((store) => store.listTenants());
      if (options.json) return printJson(tenants);
      printTable(
        ['Name', 'Clients', 'Live tokens', 'On difference', 'Password disclosure', 'Kind', 'Made'],
        tenants.map((one) => [
          one.name,
          String(one.clients),
          String(one.liveTokens),
          one.onDifference,
          one.passwordDisclosure,
          one.isSandbox ? 'sandbox' : 'live',
          showTime(one.createdAt),
        ]),
      );
    });
}
