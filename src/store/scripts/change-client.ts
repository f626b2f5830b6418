import { type ClientChange, decideClientChange } from '../../domain/client-change.ts';
import type { ClientId, CompanyId, TenantId } from '../../domain/ids.ts';
import type { ClientChangeCommand, ClientChangeResult } from '../client-change.ts';
import { readChangeable, type Row } from '../rows.ts';
import type { DueTermination } from '../store.ts';
import { findAnswer, keepAnswer } from './idempotency.ts';
import { eraseText } from './search.ts';
import { append, type Dialect, drawRevision, idAt, insert, lock, onPostgres, query, type Script, update, type Value } from './script.ts';

const CLIENT = 'tenant_id = $1 and client_id = $2';
const NONE = new Uint8Array(0);
const NO_TERMINATION = { terminate_at: null, terminate_reason: null };
const NOBODY = {
  first: '',
  last: '',
  email: '',
  address: null,
  city: null,
  state: null,
  country: '',
  postal_code: null,
  email_key: '',
  name_key: '',
  password_sealed: NONE,
  password_digest: NONE,
};
const NO_CODES = { moderator_pass_code_sealed: NONE, participant_pass_code_sealed: NONE };

/** What ends a client or changes its codes: reads, decides by the domain's rules, writes. */
export function* changeClient(dialect: Dialect, command: ClientChangeCommand): Script<ClientChangeResult> {
  const { tenantId, clientId, change, passCodes } = command;
  const [found] = yield* query(`select external_id from clients where tenant_id = $1 and client_id = ${idAt('$2')}`, tenantId, clientId);
  if (found === undefined) return { kind: 'not-found' };
  // Before any row, as groups do: so that the two never wait for each other. And before the key: a request sent twice at once is answered once.
  yield* lock(`client/${tenantId}/${found.external_id}`);
  const answered = yield* findAnswer(command);
  if (answered !== undefined) return answered;
  const [client] = yield* query(
    `select status, external_id, company_id, terminate_at, terminate_reason from clients where ${CLIENT} {for no key update}`,
    tenantId,
    clientId,
  );
  const decision = decideClientChange(readChangeable(client as Row), change);
  if (decision.kind === 'refuse') throw decision.error;
  if (decision.kind === 'unchanged') return { kind: 'unchanged' };
  if (passCodes !== undefined) {
    const select = 'select 1 as taken from pass_codes where code_index in ($1, $2)';
    if ((yield* query(select, passCodes.moderator.index, passCodes.participant.index)).length > 0) return { kind: 'pass-code-taken' };
  }
  const drawn = { revision: drawRevision(), status_revision: drawRevision() };
  // Whoever has read the client before finds another revision, and decides again.
  yield* update('clients', { ...columnsOf(change), ...onPostgres(dialect, drawn), updated_at: command.at }, CLIENT, tenantId, clientId);
  if (change.kind === 'erase') yield* erase(dialect, command);
  if (change.kind === 'rotate-pass-codes') yield* rotate(dialect, command, change.overlapUntil);
  yield* keepAnswer(command);
  yield* append({ ...command, companyId: client?.company_id as CompanyId }, [decision.entry]);
  return { kind: 'applied' };
}

function columnsOf(change: ClientChange): Record<string, Value> {
  switch (change.kind) {
    case 'set-status':
      return { status: change.status };
    case 'terminate':
      return { status: 'terminated', ...NO_TERMINATION };
    case 'schedule-termination':
      return { terminate_at: change.dueAt, terminate_reason: change.reason ?? null };
    case 'cancel-termination':
      return NO_TERMINATION;
    case 'erase':
      return { status: 'erased', ...NOBODY, ...NO_TERMINATION };
    case 'rotate-pass-codes':
      return {};
  }
}

/** Personal data, wherever it lies. What is left says that there was somebody, and when. */
function* erase(dialect: Dialect, command: ClientChangeCommand): Script<void> {
  const { tenantId, clientId } = command;
  const reservationId = yield* findReservation(dialect, command);
  yield* update('reservations', NO_CODES, `${ofTenant(dialect)} reservation_id = $2`, tenantId, reservationId);
  yield* update('journal', { details: null, salt: null }, CLIENT, tenantId, clientId);
  // All of them, also those without one yet: whoever is about to record an answer waits, and then finds the client erased.
  yield* update('webhook_deliveries', { excerpt: null }, CLIENT, tenantId, clientId);
  yield* query(
    `update legs set leg_key = 'erased|' || leg_id, call_id = null, caller_digest = null, caller_masked = null where ${CLIENT}`,
    tenantId,
    clientId,
  );
  yield* query('delete from caller_pairs where reservation_id = $1', reservationId);
  yield* eraseText(dialect, command);
}

function* rotate(dialect: Dialect, command: ClientChangeCommand, overlapUntil: number): Script<void> {
  const { tenantId, passCodes } = command;
  if (passCodes === undefined) throw new Error('pass codes are rotated to new ones, and there are none');
  const { moderator, participant } = passCodes;
  const reservationId = yield* findReservation(dialect, command);
  const own = `${ofTenant(dialect)} reservation_id = $2`;
  const sealed = { moderator_pass_code_sealed: moderator.sealed, participant_pass_code_sealed: participant.sealed };
  yield* update('pass_codes', { valid_until: overlapUntil }, `${own} and valid_until is null`, tenantId, reservationId);
  yield* update('reservations', sealed, own, tenantId, reservationId);
  const of = { ...onPostgres(dialect, { tenant_id: tenantId }), reservation_id: reservationId };
  yield* insert('pass_codes', { ...of, code_index: moderator.index, role: 'moderator' });
  yield* insert('pass_codes', { ...of, code_index: participant.index, role: 'participant' });
}

function* findReservation(dialect: Dialect, { tenantId, clientId }: ClientChangeCommand): Script<number> {
  const [found] = yield* query(`select reservation_id from reservations where ${ofTenant(dialect)} client_id = $2`, tenantId, clientId);
  return found?.reservation_id as number;
}

/** Where ids are a tenant's own; it is the first value in any case. */
function ofTenant({ name }: Dialect): string {
  return name === 'postgres' ? 'tenant_id = $1 and' : '';
}

/** Whose time has come. */
export function* findDueTerminations({ at, limit }: { at: number; limit: number }): Script<DueTermination[]> {
  const select = 'select tenant_id, client_id, terminate_reason from clients where terminate_at <= $1 order by terminate_at limit $2';
  return (yield* query(select, at, limit)).map((row) => ({
    tenantId: row.tenant_id as TenantId,
    clientId: row.client_id as ClientId,
    reason: (row.terminate_reason as string | null) ?? undefined,
  }));
}
