import type { Store } from '../../store/store.ts';
import { type Finding, ok, warning } from './finding.ts';

/** A receiver that is well takes what is sent within seconds. */
const LATE_MS = 10 * 60 * 1000;
const MOST_NAMED = 3;

/** Whether events arrive: endpoints that are disabled, those where nothing arrives, and how long the oldest has waited. */
export async function checkWebhooks(store: Store, now: number): Promise<Finding[]> {
  const tenants = await store.listTenants();
  const all = (await Promise.all(tenants.map(({ tenantId }) => store.webhooks.list(tenantId)))).flat();
  if (all.length === 0) return [];
  const disabled = all.filter(({ isEnabled, disabledReason }) => !isEnabled && disabledReason !== 'caller');
  const failing = all.filter(({ isEnabled, failingSince }) => isEnabled && failingSince !== undefined);
  const { pending, oldestAt } = await store.webhooks.count();
  const findings: Finding[] = [];
  if (disabled.length > 0)
    findings.push(
      warning('webhooks', `Disabled because nothing arrived: ${nameThem(disabled)}. Mend the receiver, then enable it: docs/webhooks.md`),
    );
  if (failing.length > 0) {
    const since = new Date(Math.min(...failing.map(({ failingSince }) => failingSince as number))).toISOString();
    findings.push(
      warning('webhooks', `Nothing arrives at ${nameThem(failing)}, since ${since}. GET /v1/webhooks/{endpointId}/deliveries says why.`),
    );
  }
  const waitedMs = oldestAt === undefined ? 0 : now - oldestAt;
  const waiting = `${all.length} endpoints; ${pending} deliveries wait${pending === 0 ? '' : `, the oldest for ${Math.round(waitedMs / 1000)} s`}`;
  if (waitedMs > LATE_MS) findings.push(warning('webhooks', `${waiting}. Where no receiver is at fault, see whether a server runs.`));
  return findings.length > 0 ? findings : [ok('webhooks', waiting)];
}

/** By where they lead, without what may be a secret in the path. */
function nameThem(endpoints: readonly { endpointId: number; url: string }[]): string {
  const names = endpoints.slice(0, MOST_NAMED).map(({ endpointId, url }) => `${endpointId} (${new URL(url).host})`);
  return [...names, ...(endpoints.length > MOST_NAMED ? [`${endpoints.length - MOST_NAMED} more`] : [])].join(', ');
}
