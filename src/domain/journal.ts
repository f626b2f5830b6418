import { createHash, randomUUID } from 'node:crypto';
import type { Caller, OnDifference, PasswordDisclosure, Scope } from './caller.ts';
import type { ClientStatus } from './client.ts';
import { type Decision, isCompanyPath, type Recorded, type Wanted } from './provisioning.ts';
import type { ClientExternalId } from './ids.ts';
import { drawBytes } from './random-bytes.ts';

/** What happens to a tenant's records, as its callers are told of it. */
export const EVENT_TYPES = [
  'company.created',
  'company.updated',
  'client.provisioned',
  'client.updated',
  'client.deactivated',
  'client.reactivated',
  'client.termination_scheduled',
  'client.termination_cancelled',
  'client.terminated',
  'client.erased',
  'passcodes.rotated',
  'operation.stuck',
  'platform.orphan_found',
  'webhook.endpoint_disabled',
  'admission.guessing_suspected',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What is in the audit besides: who may call and on which terms, who was let into the hub, whose pass code somebody asked for, where events are sent, and which bridges may ask. */
export const ADMINISTRATION_TYPES = [
  'tenant.created',
  'tenant.updated',
  'token.created',
  'token.revoked',
  'client.signed_on',
  'client.looked_up',
  'webhook.created',
  'webhook.updated',
  'webhook.secret_rotated',
  'webhook.deleted',
  'bridge.created',
  'bridge.updated',
  'bridge.credential_rotated',
  'bridge.revoked',
  'access_number.added',
  'access_number.removed',
  'company.admission_changed',
] as const;
export const ENTRY_TYPES = [...EVENT_TYPES, ...ADMINISTRATION_TYPES] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** Who did something, and in which request. The actor is `token:<id>`, `operator` (the command line), `client:<id>` (a host who signed in) or `system` (Parley itself). */
export interface Origin {
  actor: string;
  requestId: string;
}

export function originOf({ tokenId, requestId }: Caller): Origin {
  return { actor: `token:${tokenId}`, requestId };
}

/** Of a command on the command line. Its request id is drawn, and ties together what one command did. */
export function originOfOperator(): Origin {
  return { actor: 'operator', requestId: randomUUID() };
}

/** Of what Parley does by itself. */
export function originOfSystem(): Origin {
  return { actor: 'system', requestId: randomUUID() };
}

/** One line of a tenant's journal: an event to its callers, and an entry of the audit. */
export interface Entry {
  type: EntryType;
  subject: 'client' | 'company' | 'tenant';
  /** Ids of the caller's, and names of fields: never a value of one, and nothing about a person. */
  data: Readonly<Record<string, unknown>>;
  /** Before and after, by path, secrets masked. For the audit alone, and forgotten when the person is. */
  details: Readonly<Record<string, readonly [before: unknown, after: unknown]>> | undefined;
}

/** As it is stored: the chain covers the details' digest, so that they can be forgotten and the chain still be checked. */
export interface SealedEntry {
  type: EntryType;
  subject: Entry['subject'];
  data: string;
  details: string | undefined;
  salt: Uint8Array | undefined;
  digest: Uint8Array | undefined;
}

const MASKED = '***';
const SALT_BYTES = 16;

/** What a provision leaves in the journal. `before` is what its decision was made from. */
export function entriesOfProvision(before: Recorded, wanted: Wanted, externalId: ClientExternalId | number, decision: Decision): Entry[] {
  if (decision.kind !== 'create' && decision.kind !== 'update') return [];
  const { changed } = decision;
  const entries: Entry[] = [];
  const { companyExternalId, enterpriseId, companyDetails, clientDetails } = wanted;
  const changedOfCompany = changed.filter(isCompanyPath);
  const changedOfClient = changed.filter((path) => !isCompanyPath(path));
  if (before.company === undefined) {
    const data = { externalId: companyExternalId, enterpriseId };
    entries.push({
      type: 'company.created',
      subject: 'company',
      data,
      details: differences({}, companyDetails, Object.keys(companyDetails)),
    });
  } else if (changedOfCompany.length > 0) {
    const data = { externalId: companyExternalId, changed: changedOfCompany };
    entries.push({
      type: 'company.updated',
      subject: 'company',
      data,
      details: differences(before.company.details, companyDetails, changedOfCompany),
    });
  }
  if (before.client === undefined) {
    const data = { externalId, companyExternalId };
    const paths = [...Object.keys(clientDetails), 'client.password'];
    entries.push({ type: 'client.provisioned', subject: 'client', data, details: differences({}, clientDetails, paths) });
  } else if (changedOfClient.length > 0 || changed.length === 0) {
    const { sourceVersion } = wanted.terms;
    const data = { externalId, changed: changedOfClient, ...(sourceVersion !== undefined && { sourceVersion }) };
    entries.push({
      type: 'client.updated',
      subject: 'client',
      data,
      details: differences(before.client.details, clientDetails, changedOfClient),
    });
  }
  return entries;
}

export function entryOfStatus(externalId: number, before: ClientStatus, after: 'active' | 'inactive'): Entry {
  return {
    type: after === 'active' ? 'client.reactivated' : 'client.deactivated',
    subject: 'client',
    data: { externalId },
    details: { status: [before, after] },
  };
}

interface TenantTerms {
  onDifference: OnDifference;
  passwordDisclosure: PasswordDisclosure;
  isSandbox: boolean;
}

export function entryOfTenant({ name, onDifference, passwordDisclosure, isSandbox }: TenantTerms & { name: string }): Entry {
  return administrationEntry('tenant.created', { name, onDifference, passwordDisclosure, ...(isSandbox && { isSandbox }) });
}

/** None where everything was so already. */
export function entryOfTenantChange(before: TenantTerms, after: TenantTerms): Entry[] {
  const changed = (['onDifference', 'passwordDisclosure'] as const).filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return [];
  return [{ ...administrationEntry('tenant.updated', { changed }), details: differences(before, after, changed) }];
}

export function entryOfToken(
  { name, scopes, expiresAt }: { name: string; scopes: readonly Scope[]; expiresAt: number | undefined },
  tokenId: number,
): Entry {
  return administrationEntry('token.created', { tokenId, name, scopes, expiresAt: expiresAt ?? null });
}

export function entryOfSignOn(externalId: number): Entry {
  return { type: 'client.signed_on', subject: 'client', data: { externalId }, details: undefined };
}

/** By its pass code, or for what its guests need, which has one. */
export type LookUpKind = 'pass-code' | 'invitation';

/** Never what it was looked up by. */
export function entryOfLookUp(externalId: number, by: LookUpKind): Entry {
  return { type: 'client.looked_up', subject: 'client', data: { externalId, by }, details: undefined };
}

export function entryOfTokenRevocation(tokenId: number, name: string): Entry {
  return administrationEntry('token.revoked', { tokenId, name });
}

export function administrationEntry(type: EntryType, data: Entry['data']): Entry {
  return { type, subject: 'tenant', data, details: undefined };
}

export function differences(before: object, after: object, paths: readonly string[]): Entry['details'] {
  const read = (record: object, path: string): unknown => (record as Record<string, unknown>)[path] ?? null;
  return Object.fromEntries(
    paths.map((path) => [path, path === 'client.password' ? [MASKED, MASKED] : [read(before, path), read(after, path)]]),
  );
}

export function sealEntry({ type, subject, data, details }: Entry): SealedEntry {
  const text = details && JSON.stringify(details);
  const salt = text === undefined ? undefined : drawBytes(SALT_BYTES);
  return {
    type,
    subject,
    data: JSON.stringify(data),
    details: text,
    salt,
    digest: text === undefined ? undefined : digestDetails(salt as Uint8Array, text),
  };
}

export function digestDetails(salt: Uint8Array, details: string): Uint8Array {
  return createHash('sha256').update(salt).update(details).digest();
}

/** What a link of the chain covers, besides the link before it and the details' digest. */
export interface ChainedFields {
  seq: number;
  type: string;
  at: number;
  actor: string;
  requestId: string;
  clientId: number | undefined;
  companyId: number | undefined;
  data: string;
}

/** SHA-256 over the link before, the fields with line feeds between (none of them can hold one), and the details' digest. */
export function chainHash(previous: Uint8Array, fields: ChainedFields, digest: Uint8Array | undefined): Uint8Array {
  const { seq, type, at, actor, requestId, clientId, companyId, data } = fields;
  const text = [seq, type, at, actor, requestId, clientId ?? '', companyId ?? '', data].join('\n');
  return createHash('sha256')
    .update(previous)
    .update(text)
    .update(digest ?? new Uint8Array())
    .digest();
}
