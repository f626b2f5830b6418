import type { Store } from '../../store/store.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const EXPIRES_SOON_MS = 14 * 24 * 60 * 60 * 1000;

export async function checkTokens(store: Store, now: number): Promise<Finding[]> {
  const live = (await store.listTokens()).filter(({ revokedAt, expiresAt }) => revokedAt === undefined && (expiresAt ?? Infinity) > now);
  if (live.length === 0) return [problem('tokens', 'No token is live, so nobody can call. Make one: parley token create <name>')];
  const soon = live.filter(({ expiresAt }) => (expiresAt ?? Infinity) < now + EXPIRES_SOON_MS);
  const names = soon.map(({ tokenId, name }) => `${tokenId} (${name})`).join(', ');
  return [soon.length > 0 ? warning('tokens', `Within 14 days these expire: ${names}.`) : ok('tokens', `${live.length} live`)];
}
