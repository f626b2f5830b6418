import { chainHash, digestDetails } from '../../domain/journal.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { JournalLink } from '../../store/journal.ts';
import type { Store } from '../../store/store.ts';

const PAGE = 1_000;

export interface VerifiedChain {
  entries: number;
  /** Of the newest entry, in hex. Kept elsewhere, it proves later that nothing before it was touched. */
  head: string;
  /** What is wrong, oldest first; ends with the first break, because what comes after it proves nothing. */
  problem: string | undefined;
}

/** Follows a tenant's chain from its first entry to its head. An entry that was changed, removed, added or moved is found. Changes nothing. */
export async function verifyAudit(store: Store, tenantId: TenantId): Promise<VerifiedChain> {
  const head = await store.findJournalHead(tenantId);
  let seq = 0;
  let hash: Uint8Array = new Uint8Array();
  /** Clients whose details are not there, with the entry that lacks them first: somebody must have erased them afterwards. */
  const blanks = new Map<number | undefined, number>();
  const chain = (problem: string | undefined): VerifiedChain => ({ entries: seq, head: Buffer.from(hash).toString('hex'), problem });
  while (seq < head.seq) {
    const links = await store.readJournalLinks(tenantId, seq, Math.min(PAGE, head.seq - seq));
    if (links.length === 0) return chain(`entries ${seq + 1} to ${head.seq} are missing`);
    for (const link of links) {
      const problem = findBreak(link, seq + 1, hash);
      if (problem !== undefined) return chain(problem);
      if (link.details === undefined && link.digest !== undefined && !blanks.has(link.clientId)) blanks.set(link.clientId, link.seq);
      if (link.type === 'client.erased') blanks.delete(link.clientId);
      seq = link.seq;
      hash = link.hash;
    }
  }
  if (!isSame(hash, head.hash)) return chain(`the head does not belong to entry ${head.seq}`);
  const [blank] = blanks.values();
  if (blank !== undefined) return chain(`the details of entry ${blank} are gone, and nobody has erased its client`);
  const [beyond] = await store.readJournalLinks(tenantId, head.seq, 1);
  // An append that came in meanwhile has moved the head with it.
  const isBeyond = beyond !== undefined && (await store.findJournalHead(tenantId)).seq < beyond.seq;
  return chain(isBeyond ? `entry ${beyond.seq} lies beyond the head` : undefined);
}

function findBreak(link: JournalLink, expectedSeq: number, previous: Uint8Array): string | undefined {
  if (link.seq !== expectedSeq) return `entry ${expectedSeq} is missing`;
  if (!isSame(chainHash(previous, link, link.digest), link.hash)) return `entry ${link.seq} is not what was written`;
  if (link.details === undefined ? link.salt !== undefined : !isWritten(link))
    return `the details of entry ${link.seq} are not what was written`;
  return undefined;
}

function isWritten({ details, salt, digest }: JournalLink): boolean {
  return salt !== undefined && digest !== undefined && isSame(digestDetails(salt, details as string), digest);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
