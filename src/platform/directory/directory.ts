import type { Tenant } from '../../domain/caller.ts';
import type { ClientChange } from '../../domain/client-change.ts';
import type { Outcome, ProvisionedClient, ProvisionRequest } from '../../domain/client.ts';
import { clientNotFound, overloaded } from '../../domain/errors.ts';
import { slugOf } from '../../domain/hub.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Origin } from '../../domain/journal.ts';
import { drawPassCode } from '../../domain/pass-code.ts';
import { generatePassword } from '../../domain/password.ts';
import { decideProvision, type Wanted } from '../../domain/provisioning.ts';
import type { ClientSummary, Found, ProvisionCommand, ProvisionResult, Store, StoredClient } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Platform, Preview, RotatedPassCodes, Rotation, SignedOn, SignOnVisit } from '../platform.ts';
import { previewProvision, wantedOf } from '../wanted.ts';
import { answerOf } from './answer.ts';
import { rotatePassCodes } from './rotate-pass-codes.ts';
import { issueSignOn, redeemSignOn } from './sign-on.ts';
import { sealSecrets, type Secrets, sealedPlaces } from './secrets.ts';

/** A pool so full that this many draws in a row collide has no room left. */
const MAX_DRAWS = 8;

export interface DirectoryOptions {
  store: Store;
  vault: Vault;
  baseDomain: string;
  now: () => number;
}

/** The built-in platform: Parley itself gives out ids, pass codes and hubs, all of a provision in one transaction of the store. */
export class Directory implements Platform {
  readonly #store: Store;
  readonly #vault: Vault;
  readonly #baseDomain: string;
  readonly #now: () => number;

  constructor({ store, vault, baseDomain, now }: DirectoryOptions) {
    this.#store = store;
    this.#vault = vault;
    this.#baseDomain = baseDomain;
    this.#now = now;
  }

  async provision(tenant: Tenant, request: ProvisionRequest, origin: Origin): Promise<ProvisionedClient> {
    const wanted = wantedOf(this.#vault, tenant, request);
    const found = await this.#store.findProvisioned(tenant.tenantId, request);
    const repeated = findUnchanged(found, wanted);
    if (repeated !== undefined) return this.#answer(tenant, request, repeated, { outcome: 'unchanged', changed: [] });

    for (let draw = 1; draw <= MAX_DRAWS; draw++) {
      const drawn: Secrets = {
        password: request.password ?? generatePassword(),
        moderatorPassCode: drawPassCode(),
        participantPassCode: drawPassCode(),
      };
      const result = await this.#write(tenant, request, origin, wanted, drawn, found);
      if (result.kind === 'pass-code-taken') continue;
      return this.#answer(tenant, request, result.client, result, drawn);
    }
    throw overloaded();
  }

  async preview(tenant: Tenant, request: ProvisionRequest): Promise<Preview> {
    return previewProvision({ store: this.#store, vault: this.#vault }, tenant, request);
  }

  async deactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }> {
    return this.#setStatus(tenant, clientId, 'inactive', origin);
  }

  async reactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }> {
    return this.#setStatus(tenant, clientId, 'active', origin);
  }

  async change(tenant: Tenant, clientId: ClientId, change: ClientChange, origin: Origin): Promise<{ changed: boolean }> {
    const { kind } = await this.#store.changeClient({ tenantId: tenant.tenantId, clientId, at: this.#now(), origin, change });
    if (kind === 'not-found') throw clientNotFound();
    return { changed: kind === 'applied' };
  }

  async rotatePassCodes(tenant: Tenant, clientId: ClientId, rotation: Rotation, origin: Origin): Promise<RotatedPassCodes> {
    return rotatePassCodes({ store: this.#store, vault: this.#vault }, tenant, clientId, rotation, { at: this.#now(), origin });
  }

  async get(tenant: Tenant, clientId: ClientId): Promise<ClientSummary> {
    const client = await this.#store.findClient(tenant.tenantId, clientId);
    if (client === undefined) throw clientNotFound();
    return client;
  }

  async signOn(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<string> {
    return issueSignOn({ store: this.#store, vault: this.#vault }, tenant, clientId, { at: this.#now(), origin });
  }

  async redeemSignOn(visit: SignOnVisit): Promise<SignedOn | undefined> {
    return redeemSignOn({ store: this.#store, vault: this.#vault }, visit, this.#now());
  }

  #write(
    tenant: Tenant,
    request: ProvisionRequest,
    origin: Origin,
    wanted: Wanted,
    drawn: Secrets,
    found: Found,
  ): Promise<ProvisionResult> {
    const command: ProvisionCommand = {
      tenantId: tenant.tenantId,
      at: this.#now(),
      origin,
      clientExternalId: request.client.externalId,
      wanted,
      ...sealSecrets(this.#vault, drawn, sealedPlaces(tenant.tenantId, request.client.externalId)),
      hub: { slug: slugOf(request.company.name), baseDomain: this.#baseDomain },
    };
    return this.#store.provision(command, found);
  }

  #answer(
    tenant: Tenant,
    { client: { externalId } }: ProvisionRequest,
    client: StoredClient,
    { outcome, changed }: { outcome: Outcome; changed: readonly string[] },
    drawn?: Secrets,
  ): ProvisionedClient {
    const secrets = outcome === 'created' && drawn !== undefined ? { secrets: drawn } : {};
    return answerOf(this.#vault, tenant, externalId, client, { outcome, changed, now: this.#now(), ...secrets });
  }

  async #setStatus(tenant: Tenant, clientId: ClientId, status: 'active' | 'inactive', origin: Origin): Promise<{ changed: boolean }> {
    const { kind } = await this.#store.setClientStatus({ tenantId: tenant.tenantId, clientId, status, at: this.#now(), origin });
    if (kind === 'not-found') throw clientNotFound();
    return { changed: kind === 'set' };
  }
}

/** A repeat that has nothing to write needs no turn in the writer's queue, and is answered even while the disk is full. */
function findUnchanged({ recorded, client }: Found, wanted: Wanted): StoredClient | undefined {
  if (client === undefined) return undefined;
  const decision = decideProvision(recorded, wanted);
  if (decision.kind === 'refuse') throw decision.error;
  return decision.kind === 'unchanged' ? client : undefined;
}
