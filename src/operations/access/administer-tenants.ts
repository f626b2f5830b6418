import { type Caller, requireScope } from '../../domain/caller.ts';
import { idempotencyKeyReused, tenantExists, tenantNotFound } from '../../domain/errors.ts';
import type { TenantId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import { Secret } from '../../domain/secret.ts';
import { hashToken } from '../../domain/token.ts';
import type { TenantSummary } from '../../store/access.ts';
import { type IdempotencyKey, openAnswer, sealAnswer } from '../../store/idempotency.ts';
import { readTenantWish, type TenantWish } from './create-tenant.ts';
import { drawToken } from './create-token.ts';
import { updateTenant } from './update-tenant.ts';
import { type Administration, isOperator, requireOperator } from './operator.ts';

const FIRST_TOKEN = 'first';

/** Those that a caller may see: all for the operator, else its own. Changes nothing. */
export async function listTenants({ store }: Administration, caller: Caller): Promise<TenantSummary[]> {
  requireScope(caller, 'admin');
  return store.listTenants((await isOperator(store, caller)) ? undefined : caller.tenant.tenantId);
}

/** Makes a tenant with one token of every scope, which is returned for the only time. Names are unique; the same Idempotency-Key gets the same answer for 24 hours. */
export async function addTenant(
  { store, vault, now }: Administration,
  caller: Caller,
  { wish, key }: { wish: TenantWish; key: IdempotencyKey | undefined },
): Promise<{ tenant: TenantSummary; token: Secret }> {
  await requireOperator(store, caller);
  const at = now();
  const { tenantId } = caller.tenant;
  const terms = readTenantWish(wish);
  const { token, terms: firstToken } = drawToken({ tenant: terms, name: FIRST_TOKEN }, at);
  const keyed = { tenantId, at, idempotency: sealAnswer(vault, tenantId, key, { token: token.reveal() }) };
  const made = await store.createTenant({ ...terms, firstToken, keyed, at, origin: originOf(caller) });
  if (made.kind === 'taken') throw tenantExists(terms.name);
  const shown = made.kind === 'made' ? token : new Secret(openAnswer<{ token: string }>(vault, tenantId, key, made).token);
  const known = await store.findToken(new Uint8Array(hashToken(shown)));
  if (known === undefined) throw idempotencyKeyReused();
  const [tenant] = await store.listTenants(known.tenant.tenantId);
  return { tenant: tenant as TenantSummary, token: shown };
}

/** Changes what a tenant has chosen: its own, or anybody's for the operator. A repeat changes nothing more. */
export async function changeTenant(
  { store, now }: Administration,
  caller: Caller,
  { tenantId, choices }: { tenantId: TenantId; choices: Omit<TenantWish, 'name' | 'isSandbox'> },
): Promise<TenantSummary> {
  requireScope(caller, 'admin');
  if (tenantId !== caller.tenant.tenantId && !(await isOperator(store, caller))) throw tenantNotFound();
  const [known] = await store.listTenants(tenantId);
  if (known === undefined) throw tenantNotFound();
  const changed = await updateTenant(store, { name: known.name, ...choices }, now(), originOf(caller));
  return { ...known, ...changed };
}
