import { originOfSystem } from '../domain/journal.ts';
import type { Secret } from '../domain/secret.ts';
import type { Store } from '../store/store.ts';
import { createToken } from './create-token.ts';

const DEFAULT_TENANT = 'default';

/** Makes tenant `default` with one token of every scope, where there is no tenant yet. Returns the token it made. */
export async function bootstrap(store: Store, given: Secret | undefined, now: number): Promise<Secret | undefined> {
  if ((await store.listTenants()).length > 0) return undefined;
  const origin = originOfSystem();
  const tenant = await store.createTenant({
    name: DEFAULT_TENANT,
    isSandbox: false,
    onDifference: 'update',
    passwordDisclosure: 'always',
    at: now,
    origin,
  });
  if (tenant === undefined) return undefined;
  const { token } = await createToken(store, { tenant, name: 'bootstrap', origin, ...(given && { token: given }) }, now);
  return token;
}
