import type { Tenant } from '../../domain/caller.ts';
import type { ClientChange } from '../../domain/client-change.ts';
import type { Outcome, ProvisionedClient, ProvisionRequest } from '../../domain/client.ts';
import { clientNotFound, overloaded } from '../../domain/errors.ts';
import { slugOf } from '../../domain/hub.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Origin } from '../../domain/journal.ts';
import { drawPassCode } from '../../domain/pass-code.ts';
import { generatePassword } from '../../domain/password.ts';
import { clientDetailsOf, companyDetailsOf, decideProvision, type Wanted } from '../../domain/provisioning.ts';
import type { ClientSummary, Found, ProvisionCommand, ProvisionResult, Store, StoredClient } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Platform, Preview, RotatedPassCodes, Rotation, SignedOn, SignOnVisit } from '../platform.ts';
import { isDisclosed } from './disclosure.ts';
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
    const places = sealedPlaces(tenant.tenantId, request.client.externalId);
    const wanted = this.#wantedOf(tenant, request);
    const found = await this.#store.findProvisioned(tenant.tenantId, request);
    const repeated = findUnchanged(found, wanted);
    if (repeated !== undefined) return this.#answer(tenant, repeated, 'unchanged', [], this.#openSecrets(repeated, places));

    for (let draw = 1; draw <= MAX_DRAWS; draw++) {
      const drawn: Secrets = {
        password: request.password ?? generatePassword(),
        moderatorPassCode: drawPassCode(),
        participantPassCode: drawPassCode(),
      };
      const result = await this.#write(tenant, request, origin, wanted, drawn, found);
      if (result.kind === 'pass-code-taken') continue;
      const secrets = result.outcome === 'created' ? drawn : this.#openSecrets(result.client, places);
      return this.#answer(tenant, result.client, result.outcome, result.changed, secrets);
    }
    throw overloaded();
  }

  async preview(tenant: Tenant, request: ProvisionRequest): Promise<Preview> {
    const [{ recorded, client }, company] = await Promise.all([
      this.#store.findProvisioned(tenant.tenantId, request),
      this.#store.findCompanyRecord(tenant.tenantId, request.company),
    ]);
    const known = company && { enterpriseId: company.enterpriseId, details: companyDetailsOf(company) };
    const decision = decideProvision({ client: recorded.client, company: known }, this.#wantedOf(tenant, request));
    if (decision.kind === 'refuse') throw decision.error;
    const changed = decision.kind === 'unchanged' ? [] : decision.changed;
    const outcome = decision.kind === 'create' ? 'created' : changed.length > 0 ? 'updated' : 'unchanged';
    return { outcome, changed, clientId: client?.clientId };
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

  #wantedOf(tenant: Tenant, { company, client, contact, password, terms }: ProvisionRequest): Wanted {
    const place = sealedPlaces(tenant.tenantId, client.externalId).password;
    return {
      companyExternalId: company.externalId,
      enterpriseId: company.enterpriseId,
      companyDetails: companyDetailsOf(company),
      clientDetails: clientDetailsOf(client, contact),
      givenPasswordDigest: password && this.#vault.digestPassword(password, place),
      terms,
      onDifference: tenant.onDifference,
    };
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

  #openSecrets(client: StoredClient, places: ReturnType<typeof sealedPlaces>): Secrets {
    return {
      password: this.#vault.open(client.passwordSealed, places.password),
      moderatorPassCode: this.#vault.open(client.moderatorPassCodeSealed, places.moderatorPassCode),
      participantPassCode: this.#vault.open(client.participantPassCodeSealed, places.participantPassCode),
    };
  }

  #answer(tenant: Tenant, client: StoredClient, outcome: Outcome, changed: readonly string[], secrets: Secrets): ProvisionedClient {
    const { companyId, clientId, status, hub, sourceVersion, passwordSetAt } = client;
    const discloses = outcome === 'created' || isDisclosed(tenant.passwordDisclosure, passwordSetAt, this.#now());
    return {
      companyId,
      clientId,
      status,
      hub,
      sourceVersion,
      outcome,
      changed,
      ...secrets,
      password: discloses ? secrets.password : undefined,
    };
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
