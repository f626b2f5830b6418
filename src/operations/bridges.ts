import { DIALECT_NAMES, type DialectName, findBridgeProblems, isToldCodes } from '../domain/bridge.ts';
import type { Tenant } from '../domain/caller.ts';
import { OperatorError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/journal.ts';
import { Secret } from '../domain/secret.ts';
import { findTextProblem } from '../domain/text.ts';
import { generateBridgeToken, hashToken, hintOf } from '../domain/token.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';

export interface BridgeWish {
  name: string;
  dialect: string;
  /** Undefined: of all tenants. */
  tenant: Tenant | undefined;
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, Secret>>;
}

/** Where a bridge's secrets are sealed to: its name is never another's. */
export function secretsPlace(name: string): string {
  return `bridge|${name}`;
}

/** Makes a bridge and returns its credential for the only time. Names are unique; a repeat is refused and changes nothing. */
export async function createBridge(
  store: Store,
  openVault: () => Promise<Vault>,
  wish: BridgeWish,
  now: number,
): Promise<{ bridgeId: number; token: Secret }> {
  const { settings, secrets } = wish;
  const name = wish.name.trim();
  const dialect = DIALECT_NAMES.find((known) => known === wish.dialect);
  if (dialect === undefined) throw new OperatorError(`There is no dialect "${wish.dialect}". There are ${DIALECT_NAMES.join(', ')}.`);
  const problem = findTextProblem(name);
  const problems = [
    ...(problem === undefined ? [] : [`The bridge's name ${problem}.`]),
    ...findBridgeProblems(dialect, { settings, secrets }),
  ];
  if (problems.length > 0) throw new OperatorError(problems.join('\n'));
  const secretNames = Object.keys(secrets);
  const plain = Object.fromEntries(Object.entries(secrets).map(([key, secret]) => [key, secret.reveal()]));
  const secretsSealed =
    secretNames.length === 0 ? undefined : (await openVault()).seal(new Secret(JSON.stringify(plain)), secretsPlace(name));
  const token = generateBridgeToken();
  const bridgeId = await store.admission.createBridge({
    tenantId: wish.tenant?.tenantId,
    name,
    dialect: dialect satisfies DialectName,
    tokenHash: new Uint8Array(hashToken(token)),
    hint: hintOf(token),
    settings,
    secretNames,
    secretsSealed,
    at: now,
    origin: originOfOperator(),
  });
  if (bridgeId === undefined) throw new OperatorError(`There is a bridge "${name}" already. Choose another name.`);
  return { bridgeId, token };
}

/**
 * Ends a bridge's credential on every running server within a second, and forgets its secrets; where the engine was told codes, after a server has taken
 * them back. A repeat is a success. Returns whether codes are to be taken back.
 */
export async function revokeBridge(store: Store, bridgeId: number, now: number): Promise<boolean> {
  const bridge = await store.admission.findBridgeById(bridgeId);
  const keepsSecrets = bridge !== undefined && isToldCodes(bridge);
  const exists = await store.admission.revokeBridge({ bridgeId, keepsSecrets, at: now, origin: originOfOperator() });
  if (!exists) throw new OperatorError(`There is no bridge ${bridgeId}. See: parley bridge list`);
  return keepsSecrets;
}
