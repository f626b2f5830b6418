import { timingSafeEqual } from 'node:crypto';
import type { Identity } from '../../domain/caller.ts';
import { unauthorized } from '../../domain/errors.ts';
import type { TokenId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import { hashToken, isWellFormedToken } from '../../domain/token.ts';
import type { TokenRecord } from '../../store/access.ts';
import type { Store } from '../../store/store.ts';

interface CachedToken {
  record: TokenRecord;
  caller: Identity;
}

/** Bounds what an attacker's tokens could make us remember: only tokens that exist are cached, and no more than this. */
const MAX_CACHED = 10_000;

/** Which token is asking, and for which tenant. Remembers what it looked up until the access revision moves on. */
export class Authenticator {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #cached = new Map<string, CachedToken>();
  readonly #uses = new Map<TokenId, number>();
  #revision = -1;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The one answer for every token that does not open: UNAUTHORIZED. Waits only for tokens that are not remembered. */
  authenticate(token: Secret): Identity | Promise<Identity> {
    const hash = hashToken(token);
    const key = hash.toString('latin1');
    const known = this.#cached.get(key);
    return known === undefined ? this.#lookUp(token, hash, key) : this.#admit(known, hash);
  }

  /** Forgets what any process has changed since the last call. */
  async refresh(): Promise<void> {
    const revision = await this.#store.accessRevision();
    if (revision !== this.#revision) this.#cached.clear();
    this.#revision = revision;
  }

  /** Writes down when tokens were last used: a little late, and never in a request's way. */
  async flushUses(): Promise<void> {
    if (this.#uses.size === 0) return;
    const uses = [...this.#uses].map(([tokenId, at]) => ({ tokenId, at }));
    this.#uses.clear();
    await this.#store.recordTokenUses(uses);
  }

  async #lookUp(token: Secret, hash: Uint8Array, key: string): Promise<Identity> {
    if (!isWellFormedToken(token.reveal())) throw unauthorized();
    const revision = this.#revision;
    const record = await this.#store.findToken(hash);
    if (record === undefined) throw unauthorized();
    const { tokenId, tenant, scopes } = record;
    const found = { record, caller: { tokenId, tenant, scopes: new Set(scopes) } };
    if (this.#cached.size >= MAX_CACHED) this.#cached.clear();
    // What was read before a refresh may be older than what the refresh made us forget.
    if (revision === this.#revision) this.#cached.set(key, found);
    return this.#admit(found, hash);
  }

  #admit({ record, caller }: CachedToken, hash: Uint8Array): Identity {
    const now = this.#now();
    const { revokedAt, expiresAt } = record;
    const isLive = revokedAt === undefined && (expiresAt === undefined || expiresAt > now);
    if (!isLive || !timingSafeEqual(record.hash, hash)) throw unauthorized();
    this.#uses.set(caller.tokenId, now);
    return caller;
  }
}
