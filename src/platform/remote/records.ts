import type { ProvisionRequest } from '../../domain/client.ts';
import type { Origin } from '../../domain/journal.ts';
import type { Operation, PendingRequest } from '../../domain/operation.ts';
import { Secret } from '../../domain/secret.ts';
import type { IssuedRecord, OperationKey } from '../../store/operations.ts';
import type { Store } from '../../store/store.ts';
import type { Sealed, Vault } from '../../vault/vault.ts';
import { sealedPlaces } from '../directory/secrets.ts';
import { wantedOf } from '../wanted.ts';
import type { Standing } from './runner.ts';
import type { VendorClient } from './vendor.ts';

/** What is yet to be said to a vendor has a person and perhaps a password in it: it waits sealed. */
export function sealRequest(vault: Vault, key: OperationKey, request: ProvisionRequest): Sealed {
  return vault.seal(new Secret(write(request)), placeOf(key));
}

/** By this two nodes see that they want the same. */
export function fingerprintOf(vault: Vault, key: OperationKey, request: ProvisionRequest): Uint8Array {
  return vault.digestPassword(new Secret(write(request)), placeOf(key));
}

export function openRequest(vault: Vault, operation: Operation, { sealed }: PendingRequest): ProvisionRequest {
  const { password, ...request } = JSON.parse(vault.open(sealed, placeOf(operation)).reveal());
  const sourceVersion = request.terms.sourceVersion ?? undefined;
  return { ...request, terms: { ...request.terms, sourceVersion }, password: password === null ? undefined : new Secret(password) };
}

export function sealIssued(
  vault: Vault,
  operation: Operation,
  request: ProvisionRequest,
  given: VendorClient,
  origin: Origin,
): IssuedRecord {
  const { tenantId, externalId } = operation;
  const places = sealedPlaces(tenantId, externalId);
  const { companyId, clientId, hub, password = request.password, moderatorPassCode, participantPassCode } = given;
  return {
    origin,
    wanted: wantedOf(vault, { tenantId, onDifference: 'update' }, request),
    companyId,
    clientId,
    hub,
    password: password && {
      sealed: vault.seal(password, places.password),
      digest: vault.digestPassword(password, places.password),
    },
    moderatorPassCode: {
      index: vault.indexPassCode(moderatorPassCode),
      sealed: vault.seal(moderatorPassCode, places.moderatorPassCode),
    },
    participantPassCode: {
      index: vault.indexPassCode(participantPassCode),
      sealed: vault.seal(participantPassCode, places.participantPassCode),
    },
  };
}

export async function readStanding(store: Store, { tenantId, externalId }: OperationKey): Promise<Standing | undefined> {
  const client = await store.findClientRecord(tenantId, { externalId });
  if (client === undefined) return undefined;
  const { clientId, status, first, last, email, contact } = client;
  const isOver = status === 'terminated' || status === 'erased';
  const company = isOver ? undefined : await store.findCompanyRecord(tenantId, { externalId: client.company.externalId });
  const request: ProvisionRequest | undefined = company && {
    company: {
      externalId: company.externalId,
      enterpriseId: company.enterpriseId,
      name: company.name,
      isGlobalMeetEnabled: company.isGlobalMeetEnabled,
      isWebConfEnabled: company.isWebConfEnabled,
    },
    client: { externalId, first, last, email },
    contact: { ...contact, country: contact.country },
    password: undefined,
    terms: { mustBeNew: false, sourceVersion: client.sourceVersion },
  };
  return { clientId, isActive: status === 'active', request };
}

function placeOf({ tenantId, externalId }: OperationKey): string {
  return `${tenantId}|${externalId}|operation`;
}

/** Members in one order, whatever order the caller had them in. */
function write({ company, client, contact, password, terms }: ProvisionRequest): string {
  return JSON.stringify({
    company: {
      externalId: company.externalId,
      enterpriseId: company.enterpriseId,
      name: company.name,
      isGlobalMeetEnabled: company.isGlobalMeetEnabled,
      isWebConfEnabled: company.isWebConfEnabled,
    },
    client: { externalId: client.externalId, first: client.first, last: client.last, email: client.email },
    contact: {
      address: contact.address,
      city: contact.city,
      state: contact.state,
      country: contact.country,
      postalCode: contact.postalCode,
    },
    terms: { mustBeNew: terms.mustBeNew, sourceVersion: terms.sourceVersion ?? null },
    password: password?.reveal() ?? null,
  });
}
