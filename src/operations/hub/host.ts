import type { ClientId, CompanyId, TenantId } from '../../domain/ids.ts';
import { fullNameOf } from '../../domain/person.ts';
import type { Secret } from '../../domain/secret.ts';
import { sealedPlaces } from '../../platform/directory/secrets.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';

/** A client who runs conferences, with what is needed for that. */
export interface Host {
  tenantId: TenantId;
  clientId: ClientId;
  companyId: CompanyId;
  externalId: number;
  name: string;
  email: string;
  companyName: string;
  hubUrl: string;
  passwordDigest: Uint8Array;
  passwordSetAt: number;
  moderatorPassCode: Secret;
  participantPassCode: Secret;
}

/** Undefined where there is no such client, or it is not active. */
export async function findHost(
  { store, vault }: { store: Store; vault: Vault },
  tenantId: TenantId,
  clientId: ClientId,
): Promise<Host | undefined> {
  const record = await store.findClientRecord(tenantId, { clientId });
  if (record?.status !== 'active') return undefined;
  const { recorded, client } = await store.findProvisioned(tenantId, { client: record, company: record.company });
  if (client?.status !== 'active' || recorded.client === undefined) return undefined;
  const places = sealedPlaces(tenantId, record.externalId);
  return {
    tenantId,
    clientId,
    companyId: record.company.companyId,
    externalId: record.externalId,
    name: fullNameOf(record),
    email: record.email,
    companyName: record.company.name,
    hubUrl: record.hub.hubUrl,
    passwordDigest: recorded.client.passwordDigest,
    passwordSetAt: client.passwordSetAt,
    moderatorPassCode: vault.open(client.moderatorPassCodeSealed, places.moderatorPassCode),
    participantPassCode: vault.open(client.participantPassCodeSealed, places.participantPassCode),
  };
}
