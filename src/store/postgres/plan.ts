import { hubHosts } from '../../domain/hub.ts';
import { type Decision, decideProvision, isCompanyPath, type Recorded, recordedAfter } from '../../domain/provisioning.ts';
import type { ClientStatus } from '../../domain/client.ts';
import { entriesOfProvision, entryOfStatus } from '../../domain/journal.ts';
import { personKey, searchKey } from '../../domain/search.ts';
import type { ClientStatusCommand, ProvisionCommand } from '../store.ts';
import { drawRevision } from '../scripts/script.ts';
import { asBytea } from './bytea.ts';
import type { FoundProvisioned } from './found.ts';
import { journaled } from './journal.ts';

/** One write of a group, with what its node read before. */
export type PendingWrite = PendingProvision | PendingStatus;

export interface PendingProvision {
  kind: 'provision';
  command: ProvisionCommand;
  found: FoundProvisioned;
}

export interface PendingStatus {
  kind: 'status';
  command: ClientStatusCommand;
  found: FoundStatus;
}

export interface FoundStatus extends StatusState {
  externalId: number;
}

interface StatusState {
  status: ClientStatus;
  statusRevision: number;
}

/** What the database is asked to do for one write, and what its node answers when that is done. */
export interface PlannedWrite {
  item: object;
  decision: Decision | undefined;
}

/** Stands for the id that a company gets in the database. */
const COMPANY_ID = '{companyId}';

/** A record as it is known, or as it will be once what is planned has been done. */
interface State<T> {
  recorded: T;
  revision: number | undefined;
  readAt: number;
}

/**
 * Decides the writes of a group by the domain's rules, each from what its predecessors will have left. Where one of them then does not
 * happen, the revision that it would have written is not there, and those that built on it come back as stale.
 */
export class Plan {
  readonly #clients = new Map<string, State<Recorded['client']>>();
  readonly #companies = new Map<string, State<Recorded['company']>>();
  readonly #statuses = new Map<string, StatusState>();

  /** `known` is whatever its node has read of the records, the group's own readings among it. */
  constructor(known: readonly PendingWrite[]) {
    for (const write of known) if (write.kind === 'provision') this.#learn(write);
  }

  add(write: PendingWrite): PlannedWrite {
    return write.kind === 'provision' ? this.#addProvision(write) : this.#addStatus(write);
  }

  /** Of several readings of one record the latest counts. */
  #learn({ command, found }: PendingProvision): void {
    const { client, company, readAt } = found.revisions;
    keepLatest(this.#clients, clientKey(command), { recorded: found.recorded.client, revision: client, readAt });
    // A store that finds no client has no need to look for the company, but ours always does: it decides.
    keepLatest(this.#companies, companyKey(command), { recorded: found.recorded.company, revision: company, readAt });
  }

  #addProvision({ command }: PendingProvision): PlannedWrite {
    const client = this.#clients.get(clientKey(command)) as State<Recorded['client']>;
    const company = this.#companies.get(companyKey(command)) as State<Recorded['company']>;
    const recorded = { client: client.recorded, company: company.recorded };
    const decision = decideProvision(recorded, command.wanted);
    const isWrite = decision.kind === 'create' || decision.kind === 'update';
    const changed = isWrite ? decision.changed : [];
    const writesCompany = isWrite && (company.recorded === undefined || changed.some(isCompanyPath));
    const next = { client: drawRevision(), company: drawRevision() };
    const item = {
      op: 'provision',
      // A refusal too rests on what is on record: the database says whether it still is.
      action: isWrite ? decision.kind : 'check',
      locks: [
        `client/${clientKey(command)}`,
        `company/${companyKey(command)}`,
        // Namesakes made at once by two nodes meet at the host name.
        ...(writesCompany && command.hub.slug !== undefined ? [`hub/${command.hub.slug}`] : []),
      ],
      tenantId: command.tenantId,
      clientExternalId: command.clientExternalId,
      companyExternalId: command.wanted.companyExternalId,
      clientRevision: client.revision ?? null,
      companyRevision: company.revision ?? null,
      ...(isWrite && {
        nextClientRevision: next.client,
        nextCompanyRevision: next.company,
        writesCompany,
        writesPassword: changed.includes('client.password'),
        ...columnsOf(command, decision.kind === 'create', company.recorded === undefined),
        ...journaled(command.origin, entriesOfProvision(recorded, command.wanted, command.clientExternalId, decision)),
      }),
    };
    if (isWrite) {
      const after = recordedAfter(recorded, command.wanted, decision, command.password.digest);
      this.#clients.set(clientKey(command), { ...client, recorded: after.client, revision: next.client });
      if (writesCompany) this.#companies.set(companyKey(command), { ...company, recorded: after.company, revision: next.company });
    }
    return { item, decision };
  }

  #addStatus({ command: { tenantId, clientId, status, at, origin }, found }: PendingStatus): PlannedWrite {
    const key = `${tenantId}/${clientId}`;
    const seen = this.#statuses.get(key) ?? found;
    const next = { status, statusRevision: status === seen.status ? seen.statusRevision : drawRevision() };
    this.#statuses.set(key, next);
    const locks = [`client/${tenantId}/${found.externalId}`];
    const revisions = { seenRevision: seen.statusRevision, nextRevision: next.statusRevision };
    const entries = journaled(origin, [entryOfStatus(found.externalId, seen.status, status)]);
    return { item: { op: 'status', locks, tenantId, clientId, status, at, ...revisions, ...entries }, decision: undefined };
  }
}

function keepLatest<T>(states: Map<string, State<T>>, key: string, state: State<T>): void {
  const known = states.get(key);
  if (known === undefined || known.readAt < state.readAt) states.set(key, state);
}

function clientKey({ tenantId, clientExternalId }: ProvisionCommand): string {
  return `${tenantId}/${clientExternalId}`;
}

function companyKey({ tenantId, wanted }: ProvisionCommand): string {
  return `${tenantId}/${wanted.companyExternalId}`;
}

function columnsOf(command: ProvisionCommand, makesClient: boolean, makesCompany: boolean): object {
  const { at, wanted, password, moderatorPassCode, participantPassCode, hub } = command;
  const { companyDetails: company, clientDetails: client } = wanted;
  return {
    at,
    enterpriseId: wanted.enterpriseId,
    companyName: company['company.name'],
    companyNameKey: searchKey(company['company.name']),
    isGlobalMeetEnabled: company['company.isGlobalMeetEnabled'],
    isWebConfEnabled: company['company.isWebConfEnabled'],
    first: client['client.first'],
    last: client['client.last'],
    email: client['client.email'],
    address: client['contact.address'],
    city: client['contact.city'],
    state: client['contact.state'],
    country: client['contact.country'],
    postalCode: client['contact.postalCode'],
    emailKey: searchKey(client['client.email']),
    nameKey: personKey(client['client.first'], client['client.last']),
    sourceVersion: wanted.terms.sourceVersion ?? null,
    passwordSealed: asBytea(password.sealed),
    passwordDigest: asBytea(password.digest),
    ...(makesClient && {
      moderatorIndex: asBytea(moderatorPassCode.index),
      moderatorSealed: asBytea(moderatorPassCode.sealed),
      participantIndex: asBytea(participantPassCode.index),
      participantSealed: asBytea(participantPassCode.sealed),
    }),
    ...(makesCompany && { hubHosts: hubHosts(hub.slug, COMPANY_ID, hub.baseDomain) }),
  };
}
