import type { Command } from 'commander';
import type { Client } from '../../../sdk/src/index.ts';
import { printJson, printTable } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { addWhichClient, findClient, type WhichOptions } from './which-client.ts';

const EXAMPLES = `
Examples:
  parley show 10000000
  parley show --external-id 100 --json`;

export function addShowCommand(show: Command): void {
  addCallerOptions(addWhichClient(show))
    .addHelpText('after', EXAMPLES)
    .action(async (clientId: number | undefined, options: CallerOptions & WhichOptions) => {
      const client = await withServer(options, (parley) => findClient(show, parley, clientId, options));
      if (options.json) printJson(client);
      else printClient(client);
    });
}

export function printClient({ company, contact, hub, ...client }: Client): void {
  printPairs([
    ['Client', client.clientId],
    ['External id', client.externalId],
    ['Status', client.terminateAt === null ? client.status : `${client.status}, ends at ${client.terminateAt}`],
    ['First name', client.first],
    ['Last name', client.last],
    ['E-mail', client.email],
    ['Address', contact.address],
    ['City', contact.city],
    ['State', contact.state],
    ['Country', contact.country],
    ['Postal code', contact.postalCode],
    ['Company', `${company.name} (${company.companyId})`],
    ["Company's external id", company.externalId],
    ['Enterprise', company.enterpriseId],
    ['Hub', hub.hubUrl],
    ['Source version', client.sourceVersion],
    ['Made', client.createdAt],
    ['Last change', client.updatedAt],
  ]);
}

export function printPairs(pairs: readonly [name: string, value: unknown][]): void {
  printTable(
    [],
    pairs.map(([name, value]) => [name, showValue(value)]),
  );
}

export function showChanges(changes: readonly { field: string; from: unknown; to: unknown }[]): void {
  printTable(
    ['Field', 'From', 'To'],
    changes.map(({ field, from, to }) => [field, showValue(from), showValue(to)]),
  );
}

export function showValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
