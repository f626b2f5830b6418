import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { csv, line, openDesk } from './desk.ts';

interface PlanLine {
  row: number;
  outcome: string;
  changes: { field: string; from: unknown; to: unknown }[];
  problems: { column: string; message: string }[];
}

function linesOf(stdout: string): { rows: PlanLine[]; summary: { rows: number; outcomes: Record<string, number> } } {
  const lines = stdout
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one));
  return { rows: lines.slice(0, -1), summary: lines.at(-1).summary };
}

test('a plan says for each row what would become of it, writes nothing, and ends with 0, 2 or 1', async (t) => {
  const { run, write } = await openDesk(t);
  const provision = (id: number): Promise<unknown> =>
    run(
      'provision',
      `--external-id=${id}`,
      '--first=Ada',
      '--last=Lovelace',
      `--email=${id}@example.com`,
      '--city=Montreal',
      '--state=Quebec',
      '--country=Canada',
      '--company-external-id=50',
      '--enterprise-id=799',
      '--company-name=Company Name',
    );
  for (const id of [1, 2, 3, 4]) await provision(id);
  await run('deactivate', '--external-id', '4');

  const same = await run('plan', write('same.csv', csv(line(1), line(2), line(3), line(4, { active: 'no' }))));
  assert.deepEqual([same.code, same.stderr], [0, '']);
  assert.match(
    same.stdout,
    /same\.csv: CSV, utf-8, commas; 4 rows\.[^]*Plan ID +client\.externalId[^]*4  unchanged[^]*Nothing would change\./,
  );

  const file = write('changes.csv', csv(line(1), line(2, { email: 'new@example.com' }), line(3, { active: 'no' }), line(4), line(5)));
  const changes = await run('plan', file, '--json');
  assert.deepEqual([changes.code, changes.stderr], [2, '']);
  assert.deepEqual(
    linesOf(changes.stdout).rows.map(({ row, outcome, changes: [change] }) =>
      [row, outcome, change?.field, change?.from, change?.to].filter((one) => one !== undefined),
    ),
    [
      [2, 'unchanged'],
      [3, 'update', 'client.email', '2@example.com', 'new@example.com'],
      [4, 'deactivate', 'status', 'active', 'inactive'],
      [5, 'reactivate', 'status', 'inactive', 'active'],
      [6, 'create'],
    ],
  );
  assert.deepEqual(linesOf((await run('plan', file, '--json')).stdout).summary, linesOf(changes.stdout).summary);

  const faults = await run(
    'plan',
    write(
      'faults.csv',
      csv(line('1.23E+09'), line(7, { state: '', country: 'USA' }), line(8), line(8, { active: 'no' }), line(9), line(9)),
    ),
    '--json',
  );
  assert.equal(faults.code, 1);
  const { rows } = linesOf(faults.stdout);
  assert.deepEqual(
    rows.map(({ row, outcome }) => [row, outcome]),
    [
      [2, 'invalid'],
      [3, 'invalid'],
      [4, 'conflict'],
      [5, 'conflict'],
      [6, 'create'],
      [7, 'repeated'],
    ],
  );
  assert.deepEqual(rows[0]?.problems[0]?.column, 'Plan ID');
  assert.match(rows[1]?.problems.map(({ column, message }) => `${column} ${message}`).join() ?? '', /^State is required/);
  assert.match(rows[2]?.problems[0]?.message ?? '', /rows 4, 5, and they differ in status/);
});

test('a mapping settles columns, is saved, and is used again', async (t) => {
  const { run, write, home } = await openDesk(t);
  const file = write('own.csv', 'No.;Who;Mail;Where\n1;Ada Lovelace;ada@example.com;Canada\n');
  const refused = await run('plan', file);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /no column for: company\.externalId.*--set company\.externalId=VALUE/s);
  const given = [
    '--map',
    'client.externalId=No.',
    '--map',
    'client.name=Who',
    '--map',
    'contact.country=Where',
    '--set',
    'company.externalId=50',
    '--set',
    'company.enterpriseId=799',
    '--set',
    'company.name=Analytical',
  ];
  const settled = await run('plan', file, ...given, '--save-mapping', 'own.json', '--json');
  assert.deepEqual([settled.code, settled.stderr, linesOf(settled.stdout).summary.outcomes['create']], [2, '', 1]);
  assert.equal(statSync(join(home, 'own.json')).mode & 0o777, 0o600);
  assert.equal((await run('plan', file, '--mapping', 'own.json', '--json')).stdout, settled.stdout);
  write('broken.json', '{"columns":{"client.mail":"Mail"}}');
  const broken = await run('plan', file, '--mapping', 'broken.json');
  assert.deepEqual([broken.code, /"client\.mail" is not a field\. Fields are:/.test(broken.stderr)], [1, true]);
  for (const wrong of [
    ['--map', 'client.mail=Mail'],
    ['--map', 'Mail'],
    ['--encoding', 'klingon'],
    ['--delimiter', 'ab'],
    ['--status', 'hold'],
    ['--code-length', '3'],
    ['--from', 'zoom'],
  ])
    assert.deepEqual((await run('plan', file, ...wrong)).stdout, '', wrong.join(' '));
});

test('a plan that is kept can be read by its owner alone, and is not written over', async (t) => {
  const { run, write, home } = await openDesk(t);
  const file = write('customers.csv', csv(line(1)));
  assert.equal((await run('plan', file, '--out', 'kept.plan')).code, 2);
  assert.equal(statSync(join(home, 'kept.plan')).mode & 0o777, 0o600);
  const before = readFileSync(join(home, 'kept.plan'));
  const again = await run('plan', file, '--out', 'kept.plan');
  assert.deepEqual([again.code, /is there already/.test(again.stderr)], [1, true]);
  assert.deepEqual(readFileSync(join(home, 'kept.plan')), before);
  const failed = await run('plan', 'missing.csv', '--out', 'other.plan');
  assert.deepEqual([failed.code, existsSync(join(home, 'other.plan'))], [1, false]);
});
