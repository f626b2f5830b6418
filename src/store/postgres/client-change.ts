import { decideClientChange } from '../../domain/client-change.ts';
import type { ClientId, TenantId } from '../../domain/ids.ts';
import { type ClientChangeCommand, type ClientChangeResult, IDEMPOTENCY_MS } from '../client-change.ts';
import { type ChangeableRow, readChangeable } from '../rows.ts';
import type { DueTermination } from '../store.ts';
import { type Database, PostgresError, type Query } from './database.ts';
import { appendJournal } from './journal.ts';
import { drawRevision } from './plan.ts';

const WRITE_MS = 4_000;
const MAX_TRIES = 6;

/** What ends a client or changes its codes: seldom, so each is a transaction of its own, under the same lock as a group's write of that client. */
export class ClientChanges {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async change(command: ClientChangeCommand): Promise<ClientChangeResult> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#database.transaction(WRITE_MS, (query) => changeClient(query, command));
      } catch (error) {
        if (!(error instanceof PostgresError && error.isRetriable) || tries === MAX_TRIES) throw error;
      }
    }
  }

  async findDue(at: number, limit: number): Promise<DueTermination[]> {
    const rows = await this.#database.query<{ tenant_id: TenantId; client_id: ClientId; terminate_reason: string | null }>(
      'select tenant_id, client_id, terminate_reason from clients where terminate_at <= $1 order by terminate_at limit $2',
      [at, limit],
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, clientId: row.client_id, reason: row.terminate_reason ?? undefined }));
  }
}

export async function changeClient(query: Query, command: ClientChangeCommand): Promise<ClientChangeResult> {
  const { tenantId, clientId, at, idempotency, passCodes } = command;
  const [found] = await query('select external_id from clients where tenant_id = $1 and client_id = $2::bigint', [tenantId, clientId]);
  if (found === undefined) return { kind: 'not-found' };
  // Before any row, as groups do: so that the two never wait for each other. And before the key: a request sent twice at once is answered once.
  await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`client/${tenantId}/${found.external_id}`]);
  if (idempotency) {
    const select = 'select fingerprint, answer_sealed from idempotency_keys where tenant_id = $1 and key = $2 and created_at >= $3';
    const [known] = await query(select, [tenantId, idempotency.key, at - IDEMPOTENCY_MS]);
    if (known) return { kind: 'answered', fingerprint: known.fingerprint, answerSealed: known.answer_sealed };
  }
  const [row] = (await query(
    `select c.status, c.external_id, c.company_id, c.terminate_at, c.terminate_reason, r.reservation_id
     from clients c join reservations r on r.tenant_id = c.tenant_id and r.client_id = c.client_id
     where c.tenant_id = $1 and c.client_id = $2 for no key update of c`,
    [tenantId, clientId],
  )) as [ChangeableRow];
  const decision = decideClientChange(readChangeable(row), command.change);
  if (decision.kind === 'refuse') throw decision.error;
  if (decision.kind === 'unchanged') return { kind: 'unchanged' };
  if (passCodes) {
    const indexes = [passCodes.moderator.index, passCodes.participant.index];
    const taken = await query('select from pass_codes where code_index = any($1)', [indexes]);
    if (taken.length > 0) return { kind: 'pass-code-taken' };
  }
  await write(query, command, row.reservation_id);
  if (idempotency) {
    await query('delete from idempotency_keys where created_at < $1', [at - IDEMPOTENCY_MS]);
    await query('insert into idempotency_keys (tenant_id, key, fingerprint, answer_sealed, created_at) values ($1, $2, $3, $4, $5)', [
      tenantId,
      idempotency.key,
      idempotency.fingerprint,
      idempotency.answerSealed,
      at,
    ]);
  }
  await appendJournal(query, { ...command, companyId: row.company_id }, [decision.entry]);
  return { kind: 'applied' };
}

async function write(
  query: Query,
  { tenantId, clientId, at, change: asked, passCodes }: ClientChangeCommand,
  reservationId: number,
): Promise<void> {
  // Whoever has read the client before finds another revision, and decides again.
  const update = (columns: string, ...values: (string | number | null)[]): Promise<unknown> =>
    query(`update clients set ${columns}, updated_at = $3, revision = $4, status_revision = $5 where tenant_id = $1 and client_id = $2`, [
      tenantId,
      clientId,
      at,
      drawRevision(),
      drawRevision(),
      ...values,
    ]);
  switch (asked.kind) {
    case 'set-status':
      await update('status = $6', asked.status);
      return;
    case 'terminate':
      await update("status = 'terminated', terminate_at = null, terminate_reason = null");
      return;
    case 'schedule-termination':
      await update('terminate_at = $6, terminate_reason = $7', asked.dueAt, asked.reason ?? null);
      return;
    case 'cancel-termination':
      await update('terminate_at = null, terminate_reason = null');
      return;
    case 'erase':
      await update(`status = 'erased', first = '', last = '', email = '', address = null, city = null, state = null, country = '', postal_code = null,
        email_key = '', name_key = '', password_sealed = '', password_digest = '', terminate_at = null, terminate_reason = null`);
      await query(
        `update reservations set moderator_pass_code_sealed = '', participant_pass_code_sealed = '' where tenant_id = $1 and reservation_id = $2`,
        [tenantId, reservationId],
      );
      await query('update journal set details = null, salt = null where tenant_id = $1 and client_id = $2', [tenantId, clientId]);
      // All of them, also those without one yet: whoever is about to record an answer waits, and then finds the client erased.
      await query('update webhook_deliveries set excerpt = null where tenant_id = $1 and client_id = $2', [tenantId, clientId]);
      await query(
        `update legs set leg_key = 'erased|' || leg_id, call_id = null, caller_digest = null, caller_masked = null where tenant_id = $1 and client_id = $2`,
        [tenantId, clientId],
      );
      await query('delete from caller_pairs where reservation_id = $1', [reservationId]);
      return;
    case 'rotate-pass-codes': {
      if (passCodes === undefined) throw new Error('pass codes are rotated to new ones, and there are none');
      const { moderator, participant } = passCodes;
      await query('update pass_codes set valid_until = $3 where tenant_id = $1 and reservation_id = $2 and valid_until is null', [
        tenantId,
        reservationId,
        asked.overlapUntil,
      ]);
      await query(
        'update reservations set moderator_pass_code_sealed = $3, participant_pass_code_sealed = $4 where tenant_id = $1 and reservation_id = $2',
        [tenantId, reservationId, moderator.sealed, participant.sealed],
      );
      await query(
        `insert into pass_codes (code_index, tenant_id, reservation_id, role) values ($3, $1, $2, 'moderator'), ($4, $1, $2, 'participant')`,
        [tenantId, reservationId, moderator.index, participant.index],
      );
      await update('status = status');
    }
  }
}
