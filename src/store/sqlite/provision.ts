import type { DatabaseSync } from 'node:sqlite';
import { hubHosts } from '../../domain/hub.ts';
import type { CompanyId, HubId } from '../../domain/ids.ts';
import { entriesOfProvision } from '../../domain/journal.ts';
import { type ChangedPath, decideProvision, isCompanyPath } from '../../domain/provisioning.ts';
import type { Role } from '../../domain/pass-code.ts';
import type { ProvisionCommand, ProvisionResult, StoredClient } from '../store.ts';
import type { SealedPassCode } from '../../vault/vault.ts';
import { readRecorded, readStoredClient, type Row } from '../rows.ts';
import { personKey, searchKey } from '../../domain/search.ts';
import type { Append } from './journal.ts';
import { CLIENT_BY_EXTERNAL_ID, COMPANY_BY_EXTERNAL_ID } from './queries.ts';

/** Thrown to undo the savepoint: what was inserted before the collision goes with it. */
export class PassCodeTaken extends Error {}

/** Provision within the writer's transaction and a savepoint of its own: reads, decides by the domain's rules, writes. */
export function prepareProvision(db: DatabaseSync, append: Append): (command: ProvisionCommand) => ProvisionResult {
  const selectClient = db.prepare(CLIENT_BY_EXTERNAL_ID);
  const selectCompany = db.prepare(COMPANY_BY_EXTERNAL_ID);
  const insertCompany = db.prepare(`
    insert into companies (tenant_id, external_id, enterprise_id, name, name_key, is_global_meet_enabled, is_web_conf_enabled, created_at,
      updated_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertHub = db.prepare('insert into hubs (company_id, hub_url) values (?, ?) on conflict (hub_url) do nothing');
  const insertClient = db.prepare(`
    insert into clients (tenant_id, external_id, company_id, status, first, last, email, address, city, state, country, postal_code,
      email_key, name_key, source_version, password_sealed, password_digest, password_set_at, created_at, updated_at)
    values (?, ?, ?, 'active', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertReservation = db.prepare(`
    insert into reservations (client_id, moderator_pass_code_sealed, participant_pass_code_sealed) values (?, ?, ?)`);
  const insertPassCode = db.prepare(`
    insert into pass_codes (code_index, reservation_id, role) values (?, ?, ?) on conflict (code_index) do nothing`);
  const selectHub = db.prepare('select hub_id, hub_url from hubs where company_id = ?');
  const updateCompany = db.prepare(`
    update companies set name = ?, name_key = ?, is_global_meet_enabled = ?, is_web_conf_enabled = ?, updated_at = ? where company_id = ?`);
  const updateClient = db.prepare(`
    update clients set first = ?, last = ?, email = ?, address = ?, city = ?, state = ?, country = ?, postal_code = ?,
      email_key = ?, name_key = ?, source_version = coalesce(?, source_version), updated_at = ? where client_id = ?`);
  const updatePassword = db.prepare(`
    update clients set password_sealed = ?, password_digest = ?, password_set_at = ? where client_id = ?`);

  return function provision(command) {
    const { tenantId, wanted } = command;
    const client = selectClient.get(tenantId, command.clientExternalId) as Row | undefined;
    const company = selectCompany.get(tenantId, wanted.companyExternalId) as Row | undefined;
    const recorded = readRecorded(client, company);
    const decision = decideProvision(recorded, wanted);
    if (decision.kind === 'refuse') throw decision.error;
    if (decision.kind === 'unchanged')
      return { kind: 'recorded', outcome: 'unchanged', changed: [], client: readStoredClient(client as Row) };
    const { changed } = decision;
    const stored = decision.kind === 'create' ? create(command, company, changed) : update(command, client as Row, changed);
    append({ ...command, ...stored }, entriesOfProvision(recorded, wanted, command.clientExternalId, decision));
    const outcome = decision.kind === 'create' ? 'created' : changed.length > 0 ? 'updated' : 'unchanged';
    return { kind: 'recorded', outcome, changed, client: stored };
  };

  function create(command: ProvisionCommand, company: Row | undefined, changed: readonly ChangedPath[]): StoredClient {
    const companyId = (company?.company_id as CompanyId | undefined) ?? createCompany(command);
    if (changed.length > 0) writeCompany(command, companyId);
    const { at, tenantId, clientExternalId, wanted, password, moderatorPassCode, participantPassCode } = command;
    const inserted = insertClient.run(
      tenantId,
      clientExternalId,
      companyId,
      ...clientColumns(command),
      wanted.terms.sourceVersion ?? null,
      password.sealed,
      password.digest,
      at,
      at,
      at,
    );
    const reservation = insertReservation.run(inserted.lastInsertRowid, moderatorPassCode.sealed, participantPassCode.sealed);
    takePassCode(moderatorPassCode, Number(reservation.lastInsertRowid), 'moderator');
    takePassCode(participantPassCode, Number(reservation.lastInsertRowid), 'participant');
    const hub = selectHub.get(companyId) as { hub_id: HubId; hub_url: string };
    return readStoredClient({
      client_id: Number(inserted.lastInsertRowid),
      company_id: companyId,
      status: 'active',
      source_version: wanted.terms.sourceVersion ?? null,
      password_sealed: password.sealed,
      password_set_at: at,
      moderator_pass_code_sealed: moderatorPassCode.sealed,
      participant_pass_code_sealed: participantPassCode.sealed,
      ...hub,
    });
  }

  function createCompany(command: ProvisionCommand): CompanyId {
    const { at, tenantId, wanted, hub } = command;
    const inserted = insertCompany.run(tenantId, wanted.companyExternalId, wanted.enterpriseId, ...companyColumns(command), at, at);
    const companyId = Number(inserted.lastInsertRowid) as CompanyId;
    const isNamed = hubHosts(hub.slug, companyId, hub.baseDomain).some((host) => insertHub.run(companyId, host).changes === 1);
    if (!isNamed) throw new Error(`no free host name for the hub of company ${companyId}`);
    return companyId;
  }

  function takePassCode(code: SealedPassCode, reservationId: number, role: Role): void {
    if (insertPassCode.run(code.index, reservationId, role).changes !== 1) throw new PassCodeTaken();
  }

  function update(command: ProvisionCommand, client: Row, changed: readonly ChangedPath[]): StoredClient {
    const { at, wanted, password } = command;
    const clientId = client.client_id as number;
    if (changed.some(isCompanyPath)) writeCompany(command, client.company_id as CompanyId);
    updateClient.run(...clientColumns(command), wanted.terms.sourceVersion ?? null, at, clientId);
    if (changed.includes('client.password')) updatePassword.run(password.sealed, password.digest, at, clientId);
    return readStoredClient(selectClient.get(command.tenantId, command.clientExternalId) as Row);
  }

  function writeCompany(command: ProvisionCommand, companyId: CompanyId): void {
    updateCompany.run(...companyColumns(command), command.at, companyId);
  }
}

function companyColumns({ wanted: { companyDetails: details } }: ProvisionCommand): [string, string, number, number] {
  const name = details['company.name'];
  return [name, searchKey(name), Number(details['company.isGlobalMeetEnabled']), Number(details['company.isWebConfEnabled'])];
}

function clientColumns({ wanted: { clientDetails: details } }: ProvisionCommand): (string | null)[] {
  return [
    details['client.first'],
    details['client.last'],
    details['client.email'],
    details['contact.address'],
    details['contact.city'],
    details['contact.state'],
    details['contact.country'],
    details['contact.postalCode'],
    searchKey(details['client.email']),
    personKey(details['client.first'], details['client.last']),
  ];
}
