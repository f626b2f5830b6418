import type { TenantId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import type { Sealed, Vault } from '../../vault/vault.ts';

export type OpenVault = () => Promise<Vault>;

interface Named {
  tenantId: TenantId | undefined;
  name: string;
}

/** Undefined where there are none: then the vault stays shut. */
export async function sealSecrets(
  openVault: OpenVault,
  bridge: Named,
  secrets: Readonly<Record<string, Secret>>,
): Promise<Sealed | undefined> {
  const plain = Object.fromEntries(Object.entries(secrets).map(([key, secret]) => [key, secret.reveal()]));
  return Object.keys(plain).length === 0 ? undefined : (await openVault()).seal(new Secret(JSON.stringify(plain)), placesOf(bridge)[0]);
}

/** Throws where the sealed bytes are not this bridge's. */
export function openSecrets(vault: Vault, bridge: Named, sealed: Sealed): Record<string, Secret> {
  const [place, formerPlace] = placesOf(bridge);
  let text: string;
  try {
    text = vault.open(sealed, place).reveal();
  } catch {
    text = vault.open(sealed, formerPlace).reveal();
  }
  const plain = Object.entries(JSON.parse(text) as Record<string, string>);
  return Object.fromEntries(plain.map(([key, value]) => [key, new Secret(value)]));
}

/** Where a bridge's secrets are sealed to, and where they were while no two tenants' bridges had the same name. */
function placesOf({ tenantId, name }: Named): [now: string, formerly: string] {
  return [`bridge|${tenantId ?? 0}|${name}`, `bridge|${name}`];
}
