import { type Command, InvalidArgumentError, Option } from 'commander';
import { OperatorError } from '../../domain/errors.ts';
import { type ClientId, readPositiveId } from '../../domain/ids.ts';
import type { Client, Parley } from '../../../sdk/src/index.ts';

export interface WhichOptions {
  externalId?: number;
}

/** A client is named by our id or by the caller's. */
export function addWhichClient(command: Command): Command {
  return command
    .argument('[clientId]', 'the id that provision answered', readId)
    .addOption(new Option('--external-id <id>', 'your own id of the plan, in place of the clientId').argParser(readId));
}

export async function findClient(
  command: Command,
  parley: Parley,
  clientId: number | undefined,
  { externalId }: WhichOptions,
): Promise<Client> {
  if ((clientId === undefined) === (externalId === undefined)) command.error('error: name one client: its clientId, or --external-id');
  const found = await parley.clients.find(clientId === undefined ? { externalId: externalId as number } : { clientId });
  if (found !== undefined) return found;
  if (clientId !== undefined) throw new OperatorError(`There is no client ${clientId} here. Search for it with: parley find <words>`);
  throw new OperatorError(`There is no client with the external id ${externalId} here. Search for it with: parley find <words>`);
}

export function nameOf({ clientId, first, last, company }: Client): string {
  return `Client ${clientId} (${[first, last].filter(Boolean).join(' ')}, ${company.name})`;
}

export function readId(text: string): number {
  const id = readPositiveId<ClientId>(text);
  if (id === undefined) throw new InvalidArgumentError('It must be a whole number such as 10000000.');
  return id;
}
