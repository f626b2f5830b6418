import { setTimeout as delay } from 'node:timers/promises';
import type { ClientId, TenantId } from '../../domain/ids.ts';
import { type Vendor, VendorError } from '../../platform/remote/vendor.ts';
import type { Orphan } from '../../store/operations.ts';
import type { ClientRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

export interface Drift {
  clientId: ClientId;
  externalId: number;
  /** `missing`: the platform does not know it. `status`, `hub`: it has another. `unanswered`: it could not be asked. */
  kind: 'missing' | 'status' | 'hub' | 'unanswered';
  /** As it is on record here, and as the platform has it. */
  ours: string;
  theirs: string;
}

export interface PlatformReport {
  compared: number;
  /** Left out, because a wish for it is yet to be carried out there. */
  underWay: number;
  /** Whether the platform says of a client whether it is active: the contract does not ask it to. */
  tellsStatus: boolean;
  drift: Drift[];
  orphans: Orphan[];
}

export interface ReconcileOptions {
  tenantId: TenantId;
  /** At most so many questions a second. */
  ratePerSecond: number;
  now: () => number;
  onCompared?: (compared: number) => void;
}

const PAGE = 200;
/** One that does not answer many times in a row is away: asking on would only say so again and again. */
const MAX_UNANSWERED = 20;

/**
 * Asks the platform for each client that it should have and says what differs, and what it has that nobody asked for. Changes nothing, here
 * and there: what a repeat finds is what is then so.
 */
export async function reconcilePlatform(store: Store, vendor: Vendor, options: ReconcileOptions): Promise<PlatformReport> {
  const { tenantId, ratePerSecond, now, onCompared = () => {} } = options;
  const report: PlatformReport = { compared: 0, underWay: 0, tellsStatus: false, drift: [], orphans: await listOrphans(store, tenantId) };
  let unanswered = 0;
  for await (const client of listClients(store, tenantId)) {
    const askedAt = performance.now();
    const found = await compare(vendor, client, report);
    // Only what is not on its way there is drift, and it may have been put on record while the question was under way.
    const { externalId, clientId } = client;
    const isUnderWay = found.length > 0 && (await store.operations.find({ tenantId, externalId, at: now() })) !== undefined;
    if (isUnderWay) report.underWay++;
    else report.drift.push(...found.map((one) => ({ clientId, externalId, ...one })));
    onCompared(++report.compared);
    unanswered = found.some(({ kind }) => kind === 'unanswered') ? unanswered + 1 : 0;
    if (unanswered === MAX_UNANSWERED) return report;
    await delay(Math.max(0, 1_000 / ratePerSecond - (performance.now() - askedAt)));
  }
  return report;
}

type Difference = Omit<Drift, 'clientId' | 'externalId'>;

async function compare(vendor: Vendor, { clientId, status, hub }: ClientRecord, report: PlatformReport): Promise<Difference[]> {
  try {
    const theirs = await vendor.get(clientId);
    const differences: Difference[] = [];
    if (theirs.hub.hubId !== hub.hubId || theirs.hub.hubUrl !== hub.hubUrl)
      differences.push({ kind: 'hub', ours: `${hub.hubId} ${hub.hubUrl}`, theirs: `${theirs.hub.hubId} ${theirs.hub.hubUrl}` });
    report.tellsStatus ||= theirs.status !== undefined;
    // What has ended here is inactive there: the contract knows no more.
    const expected = status === 'active' ? 'active' : 'inactive';
    if (theirs.status !== undefined && theirs.status !== expected)
      differences.push({ kind: 'status', ours: status, theirs: theirs.status });
    return differences;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.code === 'CLIENT_NOT_FOUND') return [{ kind: 'missing', ours: status, theirs: '-' }];
    return [{ kind: 'unanswered', ours: status, theirs: error.message }];
  }
}

async function* listClients(store: Store, tenantId: TenantId): AsyncGenerator<ClientRecord> {
  let after: ClientId | undefined;
  for (;;) {
    const page = await store.listClients({ tenantId, after, limit: PAGE });
    // Who was forgotten is nobody's to ask about.
    yield* page.filter(({ status }) => status !== 'erased');
    if (page.length < PAGE) return;
    after = page.at(-1)?.clientId;
  }
}

async function listOrphans(store: Store, tenantId: TenantId): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for (;;) {
    const page = await store.operations.listOrphans({ tenantId, after: orphans.at(-1)?.orphanId ?? 0, limit: PAGE });
    orphans.push(...page);
    if (page.length < PAGE) return orphans;
  }
}
