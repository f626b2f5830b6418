import type { ClientExternalId, TenantId } from '../../domain/ids.ts';
import { entriesOfProvision } from '../../domain/journal.ts';
import { decideProvision, isCompanyPath, type Wanted } from '../../domain/provisioning.ts';
import { personKey, searchKey } from '../../domain/search.ts';
import type { Issued, IssuedRecord } from '../operations.ts';
import { readRecorded, type Row } from '../rows.ts';
import { append, type Dialect, drawRevision, insert, onPostgres, query, sameTenant, type Script, update, type Value } from './script.ts';

interface IssuedCommand extends IssuedRecord {
  tenantId: TenantId;
  externalId: ClientExternalId;
  at: number;
}

type IssueResult = ({ kind: 'issued' } & Issued) | { kind: 'mismatch'; fields: readonly string[]; orphan: number | undefined };

/**
 * Puts on record what a vendor has given: its ids, its hub, its codes. What is bound stays bound: where the vendor now says otherwise,
 * nothing is written and the difference is told.
 */
export function* recordIssued(dialect: Dialect, command: IssuedCommand): Script<IssueResult> {
  const { tenantId, externalId, wanted } = command;
  const [client] = yield* query(
    `select c.client_id, c.company_id, c.status, c.first, c.last, c.email, c.address, c.city, c.state, c.country, c.postal_code,
       c.source_version, c.password_digest, o.external_id as company_external_id, r.reservation_id
     from clients c
     join companies o on o.tenant_id = c.tenant_id and o.company_id = c.company_id
     join reservations r on r.client_id = c.client_id ${sameTenant(dialect, 'r', 'c')}
     where c.tenant_id = $1 and c.external_id = $2`,
    tenantId,
    externalId,
  );
  const [company] = yield* query(
    `select o.company_id, o.enterprise_id, o.name, o.is_global_meet_enabled, o.is_web_conf_enabled, h.hub_id, h.hub_url
     from companies o join hubs h on h.company_id = o.company_id ${sameTenant(dialect, 'h', 'o')}
     where o.tenant_id = $1 and o.external_id = $2`,
    tenantId,
    wanted.companyExternalId,
  );
  const fields = yield* findMismatches(command, client, company);
  if (fields.length > 0) {
    const isOther = client !== undefined && client.client_id !== command.clientId;
    return { kind: 'mismatch', fields, orphan: isOther ? command.clientId : undefined };
  }
  const recorded = readRecorded(client, company);
  // What the caller's terms forbid was refused before the vendor was asked.
  const decision = decideProvision(recorded, { ...wanted, onDifference: 'update', terms: { ...wanted.terms, mustBeNew: false } });
  if (decision.kind === 'refuse') throw decision.error;
  if (decision.kind === 'unchanged') return { kind: 'issued', outcome: 'unchanged', changed: [] };
  if (company === undefined) yield* addCompany(dialect, command);
  else if (decision.changed.some(isCompanyPath)) yield* changeCompany(dialect, command);
  if (decision.kind === 'create') yield* addClient(dialect, command);
  else yield* changeClient(dialect, command, decision.changed.includes('client.password'));
  const ids = { clientId: command.clientId, companyId: command.companyId };
  yield* append({ ...command, ...ids }, entriesOfProvision(recorded, wanted, externalId, decision));
  return { kind: 'issued', outcome: decision.kind === 'create' ? 'created' : 'updated', changed: decision.changed };
}

/** Against what is bound already: to this client, to its company, and to others. */
function* findMismatches(command: IssuedCommand, client: Row | undefined, company: Row | undefined): Script<string[]> {
  const { tenantId, clientId, companyId, hub, moderatorPassCode, participantPassCode } = command;
  const fields = new Set<string>();
  if (client !== undefined && client.client_id !== clientId) fields.add('clientId');
  if (company !== undefined && company.company_id !== companyId) fields.add('companyId');
  if (company !== undefined && (company.hub_id !== hub.hubId || company.hub_url !== hub.hubUrl)) fields.add('hub');
  const codes = yield* query(
    'select reservation_id, role, code_index, valid_until from pass_codes where code_index in ($1, $2)',
    moderatorPassCode.index,
    participantPassCode.index,
  );
  if (client === undefined) {
    if (codes.length > 0) fields.add('passCodes');
    // Where an id is unique within a tenant only, this finds the tenant's own; elsewhere a sandbox has its own range.
    if ((yield* query('select 1 as taken from clients where tenant_id = $1 and client_id = $2', tenantId, clientId)).length > 0)
      fields.add('clientId');
  } else {
    const roleOf = new Map(
      codes
        .filter((code) => code.reservation_id === client.reservation_id && code.valid_until === null)
        .map((code) => [Buffer.from(code.code_index as Uint8Array).toString('hex'), code.role]),
    );
    const isBound = (index: Uint8Array, role: string): boolean => roleOf.get(Buffer.from(index).toString('hex')) === role;
    if (!isBound(moderatorPassCode.index, 'moderator') || !isBound(participantPassCode.index, 'participant')) fields.add('passCodes');
  }
  if (company === undefined) {
    if ((yield* query('select 1 as taken from companies where tenant_id = $1 and company_id = $2', tenantId, companyId)).length > 0)
      fields.add('companyId');
    if ((yield* query('select 1 as taken from hubs where hub_url = $1 or hub_id = $2', hub.hubUrl, hub.hubId)).length > 0)
      fields.add('hub');
  }
  return [...fields];
}

function companyColumns(dialect: Dialect, { wanted: { companyDetails: details }, at }: IssuedCommand): Record<string, Value> {
  const name = details['company.name'];
  const flag = (value: boolean): Value => (dialect.name === 'postgres' ? String(value) : Number(value));
  return {
    name,
    name_key: searchKey(name),
    is_global_meet_enabled: flag(details['company.isGlobalMeetEnabled']),
    is_web_conf_enabled: flag(details['company.isWebConfEnabled']),
    updated_at: at,
    ...onPostgres(dialect, { revision: drawRevision() }),
  };
}

function* addCompany(dialect: Dialect, command: IssuedCommand): Script<void> {
  const { tenantId, at, companyId, hub, wanted } = command;
  yield* insert('companies', {
    tenant_id: tenantId,
    company_id: companyId,
    external_id: wanted.companyExternalId,
    enterprise_id: wanted.enterpriseId,
    created_at: at,
    ...companyColumns(dialect, command),
  });
  yield* insert('hubs', {
    ...onPostgres(dialect, { tenant_id: command.tenantId }),
    hub_id: hub.hubId,
    company_id: companyId,
    hub_url: hub.hubUrl,
  });
}

function* changeCompany(dialect: Dialect, command: IssuedCommand): Script<void> {
  yield* update('companies', companyColumns(dialect, command), 'tenant_id = $1 and company_id = $2', command.tenantId, command.companyId);
}

function clientColumns(dialect: Dialect, { wanted, at }: { wanted: Wanted; at: number }): Record<string, Value> {
  const { clientDetails: details, terms } = wanted;
  return {
    first: details['client.first'],
    last: details['client.last'],
    email: details['client.email'],
    address: details['contact.address'],
    city: details['contact.city'],
    state: details['contact.state'],
    country: details['contact.country'],
    postal_code: details['contact.postalCode'],
    email_key: searchKey(details['client.email']),
    name_key: personKey(details['client.first'], details['client.last']),
    updated_at: at,
    ...(terms.sourceVersion !== undefined && { source_version: terms.sourceVersion }),
    ...onPostgres(dialect, { revision: drawRevision() }),
  };
}

function* addClient(dialect: Dialect, command: IssuedCommand): Script<void> {
  const { tenantId, externalId, clientId, companyId, at, password, moderatorPassCode, participantPassCode } = command;
  yield* insert('clients', {
    tenant_id: tenantId,
    client_id: clientId,
    external_id: externalId,
    company_id: companyId,
    status: 'active',
    password_sealed: password?.sealed ?? new Uint8Array(),
    password_digest: password?.digest ?? new Uint8Array(),
    password_set_at: at,
    created_at: at,
    ...clientColumns(dialect, command),
  });
  const [reservation] = yield* insert(
    'reservations',
    {
      ...onPostgres(dialect, { tenant_id: command.tenantId }),
      client_id: clientId,
      moderator_pass_code_sealed: moderatorPassCode.sealed,
      participant_pass_code_sealed: participantPassCode.sealed,
    },
    'returning reservation_id',
  );
  for (const [code, role] of [
    [moderatorPassCode, 'moderator'],
    [participantPassCode, 'participant'],
  ] as const) {
    const reservationId = reservation?.reservation_id as number;
    yield* insert('pass_codes', {
      ...onPostgres(dialect, { tenant_id: command.tenantId }),
      code_index: code.index,
      reservation_id: reservationId,
      role,
    });
  }
}

function* changeClient(dialect: Dialect, command: IssuedCommand, isPasswordChanged: boolean): Script<void> {
  const { tenantId, clientId, at, password } = command;
  const secret: Record<string, Value> =
    isPasswordChanged && password ? { password_sealed: password.sealed, password_digest: password.digest, password_set_at: at } : {};
  yield* update('clients', { ...clientColumns(dialect, command), ...secret }, 'tenant_id = $1 and client_id = $2', tenantId, clientId);
}
