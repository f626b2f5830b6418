import { timingSafeEqual } from 'node:crypto';
import { type Bridge, DIALECTS, DIALECT_NAMES, type DialectName, isToldCodes } from '../../domain/bridge.ts';
import type { Identity } from '../../domain/caller.ts';
import { scopeRequired, unauthorized } from '../../domain/errors.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import { hashToken, isBridgeToken, isWellFormedToken } from '../../domain/token.ts';
import type { BridgeRecord } from '../../store/bridges.ts';
import type { Store } from '../../store/store.ts';
import { publicKeyFileOf } from '../../engine/jitsi-key.ts';
import { openSecrets } from './bridge-secrets.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Authenticator } from '../access/authenticate-caller.ts';

interface Known {
  hash: Uint8Array;
  bridge: Bridge;
}

const MAX_CACHED = 10_000;

/** Which bridge asks. Remembers what it looked up until the access revision moves on, as with tokens. */
export class BridgeRegister {
  readonly #store: Store;
  readonly #vault: Vault;
  readonly #authenticator: Authenticator;
  readonly #known = new Map<string, Known>();
  #publicKeys: Promise<Map<string, string>> | undefined;
  #operatorTenantId: TenantId | undefined;
  #revision = -1;

  constructor({ store, vault, authenticator }: { store: Store; vault: Vault; authenticator: Authenticator }) {
    this.#store = store;
    this.#vault = vault;
    this.#authenticator = authenticator;
  }

  /** One answer for each credential that does not open this dialect: UNAUTHORIZED. */
  identify(token: Secret, dialect: DialectName): Bridge | Promise<Bridge> {
    const hash = hashToken(token);
    const key = hash.toString('latin1');
    const known = this.#known.get(key);
    if (known === undefined && !isBridgeToken(token)) return this.#identifyToken(token, dialect);
    if (known === undefined) return this.#lookUp(token, hash, key, dialect);
    if (known.bridge.dialect !== dialect || !timingSafeEqual(known.hash, hash)) throw unauthorized();
    return known.bridge;
  }

  /** One that is live, whoever asks. */
  async find(bridgeId: number): Promise<Bridge | undefined> {
    const record = await this.#store.admission.findBridgeById(bridgeId);
    return record === undefined || record.revokedAt !== undefined ? undefined : this.#open(record);
  }

  async listLive(dialect: DialectName): Promise<Bridge[]> {
    const records = await this.#store.admission.listBridgesOf(dialect);
    return records.filter(({ revokedAt }) => revokedAt === undefined).flatMap((record) => this.#open(record) ?? []);
  }

  /** Those whose engine was told codes: of one that is revoked they are to be taken back. */
  async listToldCodes(): Promise<{ bridge: Bridge; revokedAt: number | undefined }[]> {
    const records = await this.#store.admission.listBridgesOf('livekit');
    return records.filter(isToldCodes).flatMap((record) => {
      const bridge = this.#open(record);
      return bridge === undefined ? [] : [{ bridge, revokedAt: record.revokedAt }];
    });
  }

  /** With which Prosody checks what one of the live bridges of Jitsi signs, by the name under which it asks. */
  async findPublicKey(name: string): Promise<string | undefined> {
    this.#publicKeys ??= this.listLive('jitsi').then((bridges) => {
      const files = bridges.flatMap((bridge) => publicKeyFileOf(bridge) ?? []);
      return new Map(files.map((file) => [file.name, file.pem]));
    });
    const keys = this.#publicKeys;
    keys.catch(() => (this.#publicKeys = undefined));
    return (await keys).get(name);
  }

  /** Forgets what any process has changed since the last call. */
  async refresh(): Promise<void> {
    const revision = await this.#store.accessRevision();
    if (revision === this.#revision) return;
    this.#known.clear();
    this.#publicKeys = undefined;
    // The first is always the operator's own; at the very first start there is none yet.
    this.#operatorTenantId ??= await this.#store.findOperatorTenantId();
    this.#revision = revision;
  }

  async #lookUp(token: Secret, hash: Uint8Array, key: string, dialect: DialectName): Promise<Bridge> {
    if (!isWellFormedToken(token.reveal())) throw unauthorized();
    const revision = this.#revision;
    const record = await this.#store.admission.findBridge(hash);
    if (record === undefined) throw unauthorized();
    const bridge = record.revokedAt === undefined ? this.#open(record) : undefined;
    if (bridge === undefined || bridge.dialect !== dialect || !timingSafeEqual(record.tokenHash, hash)) throw unauthorized();
    if (this.#known.size >= MAX_CACHED) this.#known.clear();
    // What was read before a refresh may be older than what the refresh made us forget.
    if (revision === this.#revision) this.#known.set(key, { hash, bridge });
    return bridge;
  }

  #identifyToken(token: Secret, dialect: DialectName): Bridge | Promise<Bridge> {
    if (!DIALECTS[dialect].takesTokens) throw unauthorized();
    const found = this.#authenticator.authenticate(token);
    return found instanceof Promise ? found.then((identity) => this.#ofToken(identity, dialect)) : this.#ofToken(found, dialect);
  }

  #ofToken({ tokenId, tenant, scopes }: Identity, dialect: DialectName): Bridge {
    if (!scopes.has('admission')) throw scopeRequired('admission');
    return {
      bridgeId: undefined,
      tokenId,
      name: `token ${tokenId}`,
      dialect,
      tenantId: tenant.tenantId,
      operatorTenantId: this.#operatorTenantId ?? tenant.tenantId,
      settings: {},
      secrets: {},
      reportsJoins: false,
    };
  }

  /** Undefined for a dialect that this version does not speak. */
  #open({ tokenHash: _hash, revokedAt: _revokedAt, secretsSealed, dialect: name, ...record }: BridgeRecord): Bridge | undefined {
    const dialect = DIALECT_NAMES.find((known) => known === name);
    if (dialect === undefined) return undefined;
    const secrets = secretsSealed === undefined ? {} : openSecrets(this.#vault, record, secretsSealed);
    return { ...record, dialect, tokenId: undefined, secrets };
  }
}
