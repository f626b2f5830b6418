import { DIALECTS } from '../../domain/bridge.ts';
import { type Caller, requireScope } from '../../domain/caller.ts';
import { bridgeNotFound, operatorRequired } from '../../domain/errors.ts';
import { originOf } from '../../domain/journal.ts';
import type { DeclaredDialect } from '../../domain/declared-dialect.ts';
import type { Secret } from '../../domain/secret.ts';
import type { BridgeSummary } from '../../store/bridges.ts';
import type { IdempotencyKey } from '../../store/idempotency.ts';
import { openSecrets } from './bridge-secrets.ts';
import { type BridgeChanges, createBridge, revokeBridge, rotateBridgeCredential, updateBridge } from './bridges.ts';
import { type Administration, isOperator, keyOf, requireOperator } from '../access/operator.ts';

/** What a caller may know of a bridge: of its secrets the names. */
export interface ShownBridge extends Omit<BridgeSummary, 'tenantId' | 'tenantName' | 'secretsSealed'> {
  isShared: boolean;
  secretNames: string[];
}

export interface BridgeOrder {
  name: string;
  dialect: string;
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, Secret>>;
  /** Of all tenants: for the operator. */
  isShared: boolean;
  key: IdempotencyKey | undefined;
}

/** The tenant's, and for the operator those that all tenants share; the oldest first. Changes nothing. */
export async function listBridges(parts: Administration, caller: Caller): Promise<ShownBridge[]> {
  requireScope(caller, 'admin');
  return (await listSeen(parts, caller)).map((bridge) => show(parts, bridge));
}

/** One of those. */
export async function getBridge(parts: Administration, caller: Caller, bridgeId: number): Promise<ShownBridge> {
  requireScope(caller, 'admin');
  return show(parts, await findSeen(parts, caller, bridgeId));
}

/** Makes a bridge and returns its credential for the only time. Its name is new to the tenant; the same Idempotency-Key gets the same answer for 24 hours. */
export async function addBridge(
  parts: Administration,
  caller: Caller,
  order: BridgeOrder,
): Promise<{ bridge: ShownBridge; credential: Secret }> {
  requireScope(caller, 'admin');
  if (order.isShared) await requireOperator(parts.store, caller);
  await requireReach(parts, caller, order.dialect, order.settings);
  const wish = { ...order, tenant: order.isShared ? undefined : caller.tenant, keyed: keyOf(parts, caller, order.key) };
  const { bridgeId, token } = await createBridge(parts.store, async () => parts.vault, wish, parts.now(), originOf(caller));
  return { bridge: await getBridge(parts, caller, bridgeId), credential: token };
}

/** Changes settings and secrets: what is not named stays, null takes away. Running servers follow within a second. A repeat changes nothing more. */
export async function changeBridge(
  parts: Administration,
  caller: Caller,
  { bridgeId, changes }: { bridgeId: number; changes: BridgeChanges },
): Promise<ShownBridge> {
  requireScope(caller, 'admin');
  const { dialect } = await findSeen(parts, caller, bridgeId);
  await requireReach(parts, caller, dialect, changes.settings);
  const changed = await updateBridge(parts.store, async () => parts.vault, { bridgeId, changes }, parts.now(), originOf(caller));
  if (changed === undefined) throw bridgeNotFound();
  return getBridge(parts, caller, bridgeId);
}

/** Gives a bridge another credential, for the only time; the one before opens nothing within a second. The same Idempotency-Key gets the same answer for 24 hours. */
export async function renewBridge(
  parts: Administration,
  caller: Caller,
  { bridgeId, key }: { bridgeId: number; key: IdempotencyKey | undefined },
): Promise<Secret> {
  requireScope(caller, 'admin');
  await findSeen(parts, caller, bridgeId);
  const renewal = { bridgeId, keyed: keyOf(parts, caller, key) };
  const credential = await rotateBridgeCredential(parts.store, renewal, parts.now(), originOf(caller));
  if (credential === undefined) throw bridgeNotFound();
  return credential;
}

/** Ends a bridge's credential on every node within a second, and forgets its secrets. A repeat is a success. */
export async function endBridge(parts: Administration, caller: Caller, bridgeId: number): Promise<void> {
  requireScope(caller, 'admin');
  await findSeen(parts, caller, bridgeId);
  await revokeBridge(parts.store, bridgeId, parts.now(), originOf(caller));
}

async function listSeen({ store }: Administration, caller: Caller): Promise<BridgeSummary[]> {
  const { tenantId } = caller.tenant;
  if (!(await isOperator(store, caller))) return store.admission.listBridges(tenantId);
  return (await store.admission.listBridges()).filter((one) => one.tenantId === undefined || one.tenantId === tenantId);
}

async function findSeen(parts: Administration, caller: Caller, bridgeId: number): Promise<BridgeSummary> {
  const bridge = (await listSeen(parts, caller)).find((one) => one.bridgeId === bridgeId);
  if (bridge === undefined) throw bridgeNotFound();
  return bridge;
}

/** Where this server itself calls is for the operator to say: from here, networks can be reached that a tenant cannot. */
async function requireReach(
  { store }: Administration,
  caller: Caller,
  dialect: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const declared = (DIALECTS as Readonly<Record<string, DeclaredDialect>>)[dialect]?.settings ?? {};
  const isCalled = Object.keys(settings).some((name) => Object.hasOwn(declared, name) && declared[name]?.isCalled === true);
  if (isCalled && !(await isOperator(store, caller))) throw operatorRequired('says where this server itself calls');
}

function show({ vault }: Administration, { tenantId, tenantName: _name, secretsSealed, ...bridge }: BridgeSummary): ShownBridge {
  const secrets = secretsSealed === undefined ? {} : openSecrets(vault, { tenantId, name: bridge.name }, secretsSealed);
  return { ...bridge, isShared: tenantId === undefined, secretNames: Object.keys(secrets) };
}
