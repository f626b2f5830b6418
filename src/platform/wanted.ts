import { createHash } from 'node:crypto';
import type { Tenant } from '../domain/caller.ts';
import type { ProvisionRequest } from '../domain/client.ts';
import { clientDetailsOf, companyDetailsOf, decideProvision, type Decision, type Recorded, type Wanted } from '../domain/provisioning.ts';
import { listChanges } from '../domain/comparison.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import { sealedPlaces } from './directory/secrets.ts';
import type { Preview } from './platform.ts';

/** A provision as the domain's rules see it. */
export function wantedOf(vault: Vault, tenant: Pick<Tenant, 'tenantId' | 'onDifference'>, request: ProvisionRequest): Wanted {
  const { company, client, contact, password, terms } = request;
  const place = sealedPlaces(tenant.tenantId, client.externalId).password;
  return {
    companyExternalId: company.externalId,
    enterpriseId: company.enterpriseId,
    companyDetails: companyDetailsOf(company),
    clientDetails: clientDetailsOf(client, contact),
    givenPasswordDigest: password && vault.digestPassword(password, place),
    terms,
    onDifference: tenant.onDifference,
  };
}

/** What a provision would do to the record as it is, and that record. The company is looked up whether there is a client or not. */
export async function decideOnRecord(
  { store, vault }: { store: Store; vault: Vault },
  tenant: Pick<Tenant, 'tenantId' | 'onDifference'>,
  request: ProvisionRequest,
): Promise<{ decision: Decision; recorded: Recorded; found: Awaited<ReturnType<Store['findProvisioned']>> }> {
  const [found, company] = await Promise.all([
    store.findProvisioned(tenant.tenantId, request),
    store.findCompanyRecord(tenant.tenantId, request.company),
  ]);
  const recorded: Recorded = {
    client: found.recorded.client,
    company: company && { enterpriseId: company.enterpriseId, details: companyDetailsOf(company) },
  };
  return { decision: decideProvision(recorded, wantedOf(vault, tenant, request)), recorded, found };
}

export async function previewProvision(parts: { store: Store; vault: Vault }, tenant: Tenant, request: ProvisionRequest): Promise<Preview> {
  const { decision, recorded, found } = await decideOnRecord(parts, tenant, request);
  if (decision.kind === 'refuse') throw decision.error;
  const changed = decision.kind === 'unchanged' ? [] : decision.changed;
  const outcome = decision.kind === 'create' ? 'created' : changed.length > 0 ? 'updated' : 'unchanged';
  const changes = listChanges(changed, recorded, wantedOf(parts.vault, tenant, request));
  return { outcome, changed, changes, clientId: found.client?.clientId, status: recorded.client?.status, basis: basisOf(recorded) };
}

/** The password counts by its keyed digest, from which nobody without the key can tell it. */
function basisOf({ client, company }: Recorded): string {
  const { passwordDigest, ...facts } = client ?? { passwordDigest: new Uint8Array() };
  const text = JSON.stringify([facts, company ?? null, Buffer.from(passwordDigest).toString('base64')]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
