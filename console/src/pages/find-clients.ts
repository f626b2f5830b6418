import type { Client, ClientFilter, Page, Parley } from '@parley/client';
import type { ClientSearch } from '../search.ts';

const PAGE_SIZE = 50;

/**
 * What somebody at a support desk has in hand, looked for where it can be: digits are our id of a client or the caller's own, what has an @ is an address,
 * and all else the beginning of a last name.
 */
export async function findClients(
  parley: Parley,
  { q, status, company }: ClientSearch,
  after: number | undefined,
  signal: AbortSignal,
): Promise<Page<Client>> {
  const filter: ClientFilter = { status, companyId: company, after, pageSize: PAGE_SIZE, signal };
  if (q === undefined) return parley.clients.page(filter);
  if (/^\d{1,16}$/.test(q)) return findByNumber(parley, Number(q), { status, company }, signal);
  return parley.clients.page(q.includes('@') ? { ...filter, email: q } : { ...filter, name: q });
}

async function findByNumber(parley: Parley, number: number, { status, company }: ClientSearch, signal: AbortSignal): Promise<Page<Client>> {
  if (!Number.isSafeInteger(number) || number === 0) return { items: [], next: null };
  const [ours, theirs] = await Promise.all([
    parley.clients.find({ clientId: number }, { signal }),
    parley.clients.find({ externalId: number }, { signal }),
  ]);
  const found = new Map([ours, theirs].filter((client) => client !== undefined).map((client) => [client.clientId, client]));
  const items = [...found.values()].filter(
    (client) => (status === undefined || client.status === status) && (company === undefined || client.company.companyId === company),
  );
  return { items, next: null };
}
