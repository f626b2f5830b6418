import type { Client, Page, Parley } from '@parley/client';
import type { ClientSearch } from '../search.ts';

const PAGE_SIZE = 50;
/** Of a search, which has no pages. */
export const MOST_FOUND = PAGE_SIZE;

/** Whatever somebody at a support desk has in hand; without it, all clients page by page. */
export async function findClients(
  parley: Parley,
  { q, status, company }: ClientSearch,
  after: number | undefined,
  signal: AbortSignal,
): Promise<Page<Client>> {
  const filter = { status, companyId: company, signal };
  if (q === undefined) return parley.clients.page({ ...filter, after, pageSize: PAGE_SIZE });
  return { items: await parley.clients.search(q, { ...filter, limit: MOST_FOUND }), next: null };
}
