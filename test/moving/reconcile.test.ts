import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv, line, openDesk } from './desk.ts';

interface Drift {
  row: number | null;
  drift: string;
  externalId: number | null;
  changes: { field: string; from: unknown; to: unknown }[];
}

function driftsOf(stdout: string): Drift[] {
  return stdout
    .trim()
    .split('\n')
    .slice(0, -1)
    .map((one) => JSON.parse(one));
}

test('a list with all details: what is missing here and there, differs, has another state, or is doubled; the plan makes both sides agree', async (t) => {
  const { run, write } = await openDesk(t);
  await run(
    'apply',
    write('ours.csv', csv(...[1, 2, 3, 4, 5, 6].map((id) => line(id)), line(7, { active: 'no' }), line(8, { active: 'no' }))),
    '--yes',
  );
  const list = csv(
    line(1),
    line(2, { email: 'new@example.com', country: 'Kanada' }),
    line(3, { active: 'no' }),
    line(7),
    line(9),
    line(10, { active: 'no' }),
    line(4),
    line(4),
    line(5),
    line(5, { last: 'Byron' }),
  );
  const found = await run('reconcile', write('list.csv', list), '--json', '--plan', 'drift.plan');
  assert.deepEqual([found.code, found.stderr], [1, '']);
  assert.deepEqual(
    driftsOf(found.stdout).map(({ row, drift, externalId, changes: [change] }) => [row, drift, externalId, change?.field]),
    [
      [3, 'differs', 2, 'client.email'],
      [4, 'state differs', 3, 'status'],
      [5, 'state differs', 7, 'status'],
      [6, 'missing here', 9, undefined],
      [9, 'doubled', 4, undefined],
      [10, 'doubled', 5, undefined],
      [11, 'doubled', 5, undefined],
      [null, 'missing there', 6, 'status'],
    ],
  );
  const shown = await run('reconcile', 'list.csv');
  assert.match(shown.stdout, /Missing there\n {2}client \d+ \(Ada Lovelace, Company Name; your id 6\) is active here and not on the list/);
  assert.match(
    shown.stdout,
    /Differs\n {2}row 3 +your id 2, client \d+\n +client\.email: 2@example\.com here, new@example\.com on the list/,
  );

  const planned = await run('plan', 'drift.plan', '--json');
  assert.equal(planned.code, 1);
  const applied = await run('apply', 'drift.plan', '--yes', '--max-deactivate', '2', '--json');
  assert.deepEqual(JSON.parse(applied.stdout).applied, { created: 1, deactivated: 2, reactivated: 1, updated: 1 });
  assert.deepEqual(
    driftsOf((await run('reconcile', 'list.csv', '--json')).stdout).map(({ drift, externalId }) => [drift, externalId]),
    [
      ['doubled', 4],
      ['doubled', 5],
      ['doubled', 5],
    ],
  );
});

test('a list of ids and states alone is enough, by your ids or by clientIds; both sides that agree end with 0', async (t) => {
  const { run, write } = await openDesk(t);
  await run('apply', write('ours.csv', csv(line(1), line(2), line(3))), '--yes');
  const agreed = await run('reconcile', write('ids.csv', 'Plan ID,Status\n1,active\n2,active\n3,active\n4,cancelled\n'));
  assert.deepEqual([agreed.code, agreed.stderr], [0, '']);
  assert.match(agreed.stdout, /Both sides agree on 4 rows\./);
  const first = JSON.parse((await run('show', '--external-id', '1', '--json')).stdout).clientId as number;
  const byClientId = await run(
    'reconcile',
    write('clients.csv', `clientId,Status\n${first},suspended\n${first + 1},active\n${first + 2},active\n`),
    '--plan',
    'state.plan',
    '--json',
  );
  assert.equal(byClientId.code, 1);
  assert.deepEqual(
    driftsOf(byClientId.stdout).map(({ row, drift }) => [row, drift]),
    [[2, 'state differs']],
  );
  assert.equal((await run('apply', 'state.plan', '--yes', '--max-deactivate', '1')).code, 0);
  assert.equal((await run('reconcile', 'clients.csv')).code, 0);
  const late = await run('apply', 'state.plan', '--yes');
  assert.equal(late.code, 0);
});

test('a row whose id cannot be read is told and counts as neither missing nor there; a command line that says neither or both is wrong', async (t) => {
  const { run, write } = await openDesk(t);
  const unread = await run('reconcile', write('ids.csv', 'Plan ID,Status\n1.2E+09,active\n,active\n'), '--json');
  assert.deepEqual(
    [unread.code, driftsOf(unread.stdout).map(({ row, drift }) => [row, drift])],
    [
      1,
      [
        [2, 'invalid'],
        [3, 'invalid'],
      ],
    ],
  );
  assert.equal((await run('reconcile')).code, 2);
  assert.equal((await run('reconcile', 'ids.csv', '--platform')).code, 2);
});
