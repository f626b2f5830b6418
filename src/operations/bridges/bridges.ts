import { completeSecrets, DIALECT_NAMES, type DialectName, findBridgeProblems, isToldCodes } from '../../domain/bridge.ts';
import type { Tenant } from '../../domain/caller.ts';
import { bridgeExists, type FieldProblem, fieldsInvalid, idempotencyKeyReused, overloaded } from '../../domain/errors.ts';
import { originOfOperator } from '../../domain/journal.ts';
import { Secret } from '../../domain/secret.ts';
import { findTextProblem } from '../../domain/text.ts';
import { generateBridgeToken, hashToken, hintOf } from '../../domain/token.ts';
import type { BridgeRecord } from '../../store/bridges.ts';
import { type Answered, type CallersKey, type Keyed, openAnswer, sealAnswer } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import { type OpenVault, openSecrets, sealSecrets } from './bridge-secrets.ts';

export interface BridgeWish {
  name: string;
  dialect: string;
  /** Undefined: of all tenants. */
  tenant: Pick<Tenant, 'tenantId'> | undefined;
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, Secret>>;
  keyed?: CallersKey;
}

/**
 * Makes a bridge and returns its credential for the only time. A tenant's bridges have different names; a repeat is refused and changes nothing, except that
 * a caller's key gets the same one for 24 hours.
 */
export async function createBridge(
  store: Store,
  openVault: OpenVault,
  wish: BridgeWish,
  now: number,
  origin = originOfOperator(),
): Promise<{ bridgeId: number; token: Secret }> {
  const { settings, secrets } = wish;
  const tenantId = wish.tenant?.tenantId;
  const name = wish.name.trim();
  const dialect = DIALECT_NAMES.find((known) => known === wish.dialect);
  const problem = findTextProblem(name);
  const problems: FieldProblem[] = [
    ...(problem === undefined ? [] : [{ field: 'name', code: 'FIELD_INVALID' as const, message: problem }]),
    ...(dialect === undefined
      ? [{ field: 'dialect', code: 'FIELD_INVALID' as const, message: `must be one of ${DIALECT_NAMES.join(', ')}` }]
      : findBridgeProblems(dialect, { settings, secrets })),
  ];
  if (problems.length > 0) throw fieldsInvalid(problems);
  const token = generateBridgeToken();
  const all = await completeSecrets(dialect as DialectName, { settings, secrets });
  const made = await store.admission.createBridge({
    tenantId,
    name,
    dialect: dialect as DialectName,
    ...credentialOf(token),
    settings,
    secretNames: Object.keys(all),
    secretsSealed: await sealSecrets(openVault, { tenantId, name }, all),
    keyed: keep(wish.keyed, token, now),
    at: now,
    origin,
  });
  if (made.kind === 'taken') throw bridgeExists(name);
  if (made.kind === 'made') return { bridgeId: made.bridgeId, token };
  const before = openToken(wish.keyed, made);
  const known = await store.admission.findBridge(credentialOf(before).tokenHash);
  // Its credential was rotated since: this is another request.
  if (known === undefined) throw idempotencyKeyReused();
  return { bridgeId: known.bridgeId, token: before };
}

/** What is not named stays; null takes away. */
export interface BridgeChanges {
  settings: Readonly<Record<string, string | null>>;
  secrets: Readonly<Record<string, Secret | null>>;
}

const MOST_TRIES = 5;

/** Changes settings and secrets; running servers follow within a second. A repeat changes nothing more. Undefined where there is no such bridge that is live. */
export async function updateBridge(
  store: Store,
  openVault: OpenVault,
  { bridgeId, changes }: { bridgeId: number; changes: BridgeChanges },
  now: number,
  origin = originOfOperator(),
): Promise<BridgeRecord | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const bridge = await store.admission.findBridgeById(bridgeId);
    const dialect = DIALECT_NAMES.find((known) => known === bridge?.dialect);
    if (bridge === undefined || bridge.revokedAt !== undefined || dialect === undefined) return undefined;
    const settings = merge(bridge.settings, changes.settings);
    const known = bridge.secretsSealed === undefined ? {} : openSecrets(await openVault(), bridge, bridge.secretsSealed);
    const wanted = { settings, secrets: merge(known, changes.secrets) };
    const problems = findBridgeProblems(dialect, wanted);
    if (problems.length > 0) throw fieldsInvalid(problems);
    const secrets = await completeSecrets(dialect, wanted);
    const changed = {
      settings: Object.keys(changes.settings).filter((name) => settings[name] !== bridge.settings[name]),
      secrets: Object.keys({ ...secrets, ...changes.secrets }).filter((name) => secrets[name]?.reveal() !== known[name]?.reveal()),
    };
    if (changed.settings.length + changed.secrets.length === 0) return bridge;
    const secretsSealed = changed.secrets.length === 0 ? bridge.secretsSealed : await sealSecrets(openVault, bridge, secrets);
    const updated = await store.admission.updateBridge({ bridge, settings, secretsSealed, changed, at: now, origin });
    if (updated !== undefined) return updated;
  }
  throw overloaded();
}

/** Gives a bridge another credential, for the only time; the one before opens nothing within a second. Undefined where there is no such bridge that is live. */
export async function rotateBridgeCredential(
  store: Store,
  { bridgeId, keyed }: { bridgeId: number; keyed?: CallersKey },
  now: number,
  origin = originOfOperator(),
): Promise<Secret | undefined> {
  const token = generateBridgeToken();
  const rotation = { bridgeId, ...credentialOf(token), keyed: keep(keyed, token, now), at: now, origin };
  const rotated = await store.admission.rotateBridgeCredential(rotation);
  if (rotated.kind === 'not-found') return undefined;
  return rotated.kind === 'rotated' ? token : openToken(keyed, rotated);
}

/**
 * Ends a bridge's credential on every running server within a second, and forgets its secrets; where the engine was told codes, after a server has taken
 * them back. A repeat is a success. Says whether codes are to be taken back; undefined where there is no such bridge.
 */
export async function revokeBridge(
  store: Store,
  bridgeId: number,
  now: number,
  origin = originOfOperator(),
): Promise<{ keepsSecrets: boolean } | undefined> {
  const bridge = await store.admission.findBridgeById(bridgeId);
  const keepsSecrets = bridge !== undefined && isToldCodes(bridge);
  return (await store.admission.revokeBridge({ bridgeId, keepsSecrets, at: now, origin })) ? { keepsSecrets } : undefined;
}

function keep(keyed: CallersKey | undefined, token: Secret, at: number): Keyed | undefined {
  if (keyed === undefined) return undefined;
  const { vault, tenantId, key } = keyed;
  return { tenantId, at, idempotency: sealAnswer(vault, tenantId, key, { token: token.reveal() }) };
}

function openToken(keyed: CallersKey | undefined, answered: Answered): Secret {
  const { vault, tenantId, key } = keyed as CallersKey;
  return new Secret(openAnswer<{ token: string }>(vault, tenantId, key, answered).token);
}

function credentialOf(token: Secret): { tokenHash: Uint8Array; hint: string } {
  return { tokenHash: new Uint8Array(hashToken(token)), hint: hintOf(token) };
}

function merge<T>(known: Readonly<Record<string, T>>, changes: Readonly<Record<string, T | null>>): Record<string, T> {
  const kept = Object.entries({ ...known, ...changes }).filter((entry): entry is [string, T] => entry[1] !== null);
  return Object.fromEntries(kept);
}
