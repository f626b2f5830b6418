import { type Command, Option } from 'commander';
import { addAccessNumber, removeAccessNumber } from '../operations/bridges/access-numbers.ts';
import { findTenant } from '../operations/access/find-tenant.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine, printTable, showTime } from './output.ts';
import { withStore } from './store.ts';

interface AddOptions extends OutputOptions {
  tenant?: string;
  shared?: boolean;
}

export function addAccessNumberCommands(number: Command): void {
  number
    .command('add <number>')
    .description('put a number in service, with + and the country; running servers know it at once')
    .option('--tenant <name>', 'whose codes it opens; default, if left out')
    .addOption(new Option('--shared', "any tenant's codes").conflicts('tenant'))
    .option(...JSON_OPTION)
    .action(async (given: string, { tenant = 'default', shared = false, json }: AddOptions) => {
      const added = await withStore(async (store) =>
        addAccessNumber(store, given, shared ? undefined : await findTenant(store, tenant), Date.now()),
      );
      if (json) printJson({ number: added, tenant: shared ? null : tenant });
      else printLine(`${added} is in service for ${shared ? 'all tenants' : `tenant "${tenant}"`}.`);
    });

  number
    .command('list')
    .description('all numbers in service')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const numbers = await withStore((store) => store.admission.listAccessNumbers());
      if (options.json) return printJson(numbers);
      printTable(
        ['Number', 'Tenant', 'Since'],
        numbers.map((one) => [one.number, one.tenantName ?? '(shared)', showTime(one.createdAt)]),
      );
    });

  number
    .command('remove <number>')
    .description('take a number out of service')
    .option(...JSON_OPTION)
    .action(async (given: string, options: OutputOptions) => {
      const removed = await withStore((store) => removeAccessNumber(store, given, Date.now()));
      if (options.json) printJson({ number: removed, removed: true });
      else printLine(`${removed} is out of service.`);
    });
}
