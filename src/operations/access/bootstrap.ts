import { originOfSystem } from '../../domain/journal.ts';
import type { Tenant } from '../../domain/caller.ts';
import type { Secret } from '../../domain/secret.ts';
import { hashToken } from '../../domain/token.ts';
import type { NewTenant } from '../../store/access.ts';
import type { Store } from '../../store/store.ts';
import { createToken } from './create-token.ts';

const DEFAULT_TENANT = 'default';

/**
 * Makes tenant `default` with one token of every scope, where there is no tenant yet, or where a first start died between the two. Returns the token it made.
 * Of several nodes that start together each may come here: with a token that is given, whoever returns has it in the database.
 */
export async function bootstrap(store: Store, given: Secret | undefined, now: number): Promise<Secret | undefined> {
  const [first, ...others] = await store.listTenants();
  if (first !== undefined && (others.length > 0 || first.name !== DEFAULT_TENANT || (await store.listTokens()).length > 0))
    return undefined;
  const origin = originOfSystem();
  const wanted = { name: DEFAULT_TENANT, isSandbox: false, onDifference: 'update', passwordDisclosure: 'always', at: now, origin } as const;
  const tenant = first ?? (await makeTenant(store, wanted));
  if (tenant === undefined) return given === undefined ? undefined : bootstrap(store, given, now);
  try {
    const { token } = await createToken(store, { tenant, name: 'bootstrap', origin, ...(given && { token: given }) }, now);
    return token;
  } catch (error) {
    // Another node made the same one meanwhile.
    if (given !== undefined && (await store.findToken(new Uint8Array(hashToken(given)))) !== undefined) return undefined;
    throw error;
  }
}

async function makeTenant(store: Store, wanted: NewTenant): Promise<Tenant | undefined> {
  const made = await store.createTenant(wanted);
  return made.kind === 'made' ? made.tenant : undefined;
}
