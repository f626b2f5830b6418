import type { DatabaseSync } from 'node:sqlite';
import { decideClientChange } from '../../domain/client-change.ts';
import type { ClientId, TenantId } from '../../domain/ids.ts';
import type { DueTermination } from '../store.ts';
import { type ClientChangeCommand, type ClientChangeResult, IDEMPOTENCY_MS } from '../client-change.ts';
import { type ChangeableRow, readChangeable } from '../rows.ts';
import type { Append } from './journal.ts';
import { PassCodeTaken } from './provision.ts';

/** What ends a client or changes its codes, in the writer's transaction: reads, decides by the domain's rules, writes. */
export function prepareChangeClient(db: DatabaseSync, append: Append): (command: ClientChangeCommand) => ClientChangeResult {
  const select = db.prepare(`
    select c.status, c.external_id, c.company_id, c.terminate_at, c.terminate_reason, r.reservation_id
    from clients c join reservations r using (client_id) where c.client_id = ? and c.tenant_id = ?`);
  const forgetKeys = db.prepare('delete from idempotency_keys where created_at < ?');
  const selectKey = db.prepare('select fingerprint, answer_sealed from idempotency_keys where tenant_id = ? and key = ?');
  const insertKey = db.prepare(
    'insert into idempotency_keys (tenant_id, key, fingerprint, answer_sealed, created_at) values (?, ?, ?, ?, ?)',
  );
  const setStatus = db.prepare('update clients set status = ?, updated_at = ? where client_id = ?');
  const terminate = db.prepare(
    `update clients set status = 'terminated', terminate_at = null, terminate_reason = null, updated_at = ? where client_id = ?`,
  );
  const schedule = db.prepare('update clients set terminate_at = ?, terminate_reason = ?, updated_at = ? where client_id = ?');
  const erase = db.prepare(`
    update clients set status = 'erased', first = '', last = '', email = '', address = null, city = null, state = null, country = '',
      postal_code = null, email_key = '', name_key = '', password_sealed = x'', password_digest = x'', terminate_at = null,
      terminate_reason = null, updated_at = ?
    where client_id = ?`);
  const eraseCodes = db.prepare(
    `update reservations set moderator_pass_code_sealed = x'', participant_pass_code_sealed = x'' where reservation_id = ?`,
  );
  const eraseJournal = db.prepare('update journal set details = null, salt = null where tenant_id = ? and client_id = ?');
  const eraseExcerpts = db.prepare('update webhook_deliveries set excerpt = null where tenant_id = ? and client_id = ?');
  const eraseLegs = db.prepare(
    `update legs set leg_key = 'erased|' || leg_id, call_id = null, caller_digest = null, caller_masked = null where tenant_id = ? and client_id = ?`,
  );
  const erasePairs = db.prepare('delete from caller_pairs where reservation_id = ?');
  const retireCodes = db.prepare('update pass_codes set valid_until = ? where reservation_id = ? and valid_until is null');
  const setCodes = db.prepare(
    'update reservations set moderator_pass_code_sealed = ?, participant_pass_code_sealed = ? where reservation_id = ?',
  );
  const insertCode = db.prepare(
    'insert into pass_codes (code_index, reservation_id, role) values (?, ?, ?) on conflict (code_index) do nothing',
  );
  const touch = db.prepare('update clients set updated_at = ? where client_id = ?');

  return function changeClient(command) {
    const { tenantId, clientId, at, change, idempotency } = command;
    forgetKeys.run(at - IDEMPOTENCY_MS);
    const answered =
      idempotency && (selectKey.get(tenantId, idempotency.key) as { fingerprint: Uint8Array; answer_sealed: Uint8Array } | undefined);
    if (answered !== undefined) return { kind: 'answered', fingerprint: answered.fingerprint, answerSealed: answered.answer_sealed };
    const row = select.get(clientId, tenantId) as unknown as ChangeableRow | undefined;
    if (row === undefined) return { kind: 'not-found' };
    const decision = decideClientChange(readChangeable(row), change);
    if (decision.kind === 'refuse') throw decision.error;
    if (decision.kind === 'unchanged') return { kind: 'unchanged' };
    write(command, row.reservation_id);
    if (idempotency) insertKey.run(tenantId, idempotency.key, idempotency.fingerprint, idempotency.answerSealed, at);
    append({ ...command, companyId: row.company_id }, [decision.entry]);
    return { kind: 'applied' };
  };

  function write({ tenantId, clientId, at, change, passCodes }: ClientChangeCommand, reservationId: number): void {
    switch (change.kind) {
      case 'set-status':
        setStatus.run(change.status, at, clientId);
        return;
      case 'terminate':
        terminate.run(at, clientId);
        return;
      case 'schedule-termination':
        schedule.run(change.dueAt, change.reason ?? null, at, clientId);
        return;
      case 'cancel-termination':
        schedule.run(null, null, at, clientId);
        return;
      case 'erase':
        erase.run(at, clientId);
        eraseCodes.run(reservationId);
        eraseJournal.run(tenantId, clientId);
        eraseExcerpts.run(tenantId, clientId);
        eraseLegs.run(tenantId, clientId);
        erasePairs.run(reservationId);
        return;
      case 'rotate-pass-codes': {
        if (passCodes === undefined) throw new Error('pass codes are rotated to new ones, and there are none');
        const { moderator, participant } = passCodes;
        retireCodes.run(change.overlapUntil, reservationId);
        setCodes.run(moderator.sealed, participant.sealed, reservationId);
        for (const [code, role] of [
          [moderator, 'moderator'],
          [participant, 'participant'],
        ] as const)
          if (insertCode.run(code.index, reservationId, role).changes !== 1) throw new PassCodeTaken();
        touch.run(at, clientId);
      }
    }
  }
}

/** Whose time has come. */
export function prepareFindDue(db: DatabaseSync): (at: number, limit: number) => DueTermination[] {
  const select = db.prepare(
    'select tenant_id, client_id, terminate_reason from clients where terminate_at <= ? order by terminate_at limit ?',
  );
  return (at, limit) =>
    (select.all(at, limit) as { tenant_id: TenantId; client_id: ClientId; terminate_reason: string | null }[]).map((row) => ({
      tenantId: row.tenant_id,
      clientId: row.client_id,
      reason: row.terminate_reason ?? undefined,
    }));
}
