import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { collect, runParley } from '../support/process.ts';
import { type Fate, startFlakyProxy } from '../support/flaky-proxy.ts';
import { TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';
import { csv, type Desk, line, openDesk } from './desk.ts';

interface Result {
  'Plan ID': string;
  Active: string;
  'Parley outcome': string;
  'Parley message': string;
  'Parley clientId': string;
  'Parley moderator pass code': string;
  'Parley password': string;
}

function results({ home }: Desk, name: string): Result[] {
  return parse(readFileSync(join(home, name)), { columns: true, bom: true });
}

async function statusesOf({ server }: Desk): Promise<Record<string, number>> {
  const answer = await fetch(`${server.url}/v1/statistics`, { headers: { 'X-AUTH-TOKEN': TEST_TOKEN } });
  return ((await answer.json()) as { clients: Record<string, number> }).clients;
}

const plans = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => line(from + at));

test('a file is carried out, its results are complete and private, and a repeat changes nothing', async (t) => {
  const desk = await openDesk(t);
  const file = desk.write(
    'customers.csv',
    csv(line(1), line(2, { active: 'no' }), line('1.23E+09'), line(4, { last: '=HYPERLINK("http://evil.example")' })),
  );
  const unasked = await desk.run('apply', file);
  assert.deepEqual([unasked.code, /add --yes/.test(unasked.stderr)], [1, true]);
  assert.equal((await statusesOf(desk))['active'], 0);

  const applied = await desk.run('apply', file, '--yes');
  assert.deepEqual([applied.code, applied.stderr], [1, '']);
  assert.match(applied.stdout, /2 {2}created\n +2 {2}left out/);
  const rows = results(desk, 'customers-results.csv');
  assert.deepEqual(
    rows.map((row) => [
      row['Plan ID'],
      row['Parley outcome'],
      /^1\d{7}$/.test(row['Parley clientId']),
      /^\d{10}$/.test(row['Parley moderator pass code']),
    ]),
    [
      ['1', 'created', true, true],
      ['2', 'created', true, true],
      ['1.23E+09', 'invalid', false, false],
      ['4', 'invalid', false, false],
    ],
  );
  assert.match(rows[2]?.['Parley message'] ?? '', /^Plan ID is 1\.23E\+09/);
  assert.deepEqual(await statusesOf(desk).then(({ active, inactive }) => [active, inactive]), [1, 1]);
  assert.equal(statSync(join(desk.home, 'customers-results.csv')).mode & 0o777, 0o600);
  const written: string[][] = parse(readFileSync(join(desk.home, 'customers-results.csv')), { bom: true });
  assert.deepEqual(
    written.flat().filter((cell) => /^\s*[=+@-]/.test(cell)),
    [],
  );
  assert.ok(written.flat().includes(`'=HYPERLINK("http://evil.example")`));
  assert.equal(existsSync(join(desk.home, 'customers.csv.parley')), false);

  const again = await desk.run('apply', file, '--yes');
  assert.match(again.stdout, /Nothing had to be changed/);
  assert.deepEqual(
    results(desk, 'customers-results.csv').map((row) => row['Parley clientId']),
    rows.map((row) => row['Parley clientId']),
  );
});

test('details, deactivations and reactivations are carried out, by state and by what changes', async (t) => {
  const desk = await openDesk(t);
  await desk.run('apply', desk.write('before.csv', csv(line(1), line(2), line(3, { active: 'no' }), line(4))), '--yes');
  const file = desk.write(
    'after.csv',
    csv(line(1, { email: 'new@example.com' }), line(2, { active: 'no', email: 'left@example.com' }), line(3), line(4)),
  );
  const applied = await desk.run('apply', file, '--yes', '--max-deactivate', '1', '--json');
  assert.deepEqual([applied.code, applied.stderr], [0, '']);
  assert.deepEqual(JSON.parse(applied.stdout).applied, { deactivated: 1, reactivated: 1, updated: 1 });
  const shown = async (id: number): Promise<string> => {
    const { status, email } = JSON.parse((await desk.run('show', '--external-id', String(id), '--json')).stdout);
    return `${status} ${email}`;
  };
  assert.deepEqual(
    [await shown(1), await shown(2), await shown(3), await shown(4)],
    ['active new@example.com', 'inactive left@example.com', 'active 3@example.com', 'active 4@example.com'],
  );
});

test('the brake: nothing is changed where more would be deactivated than was allowed', async (t) => {
  const desk = await openDesk(t);
  await desk.run('apply', desk.write('before.csv', csv(...plans(1, 11))), '--yes');
  const file = desk.write('after.csv', csv(line(1, { active: 'no', email: 'new@example.com' }), line(2)));
  for (const limit of [[], ['--max-deactivate', '0'], ['--max-deactivate', '9.9%']]) {
    const stopped = await desk.run('apply', file, '--yes', ...limit);
    assert.deepEqual(
      [stopped.code, /^1 (?:of 10 active )?clients would be deactivated.*Nothing was changed/.test(stopped.stderr)],
      [1, true],
      stopped.stderr,
    );
  }
  assert.equal((await statusesOf(desk))['active'], 10);
  assert.equal((await desk.run('apply', file, '--yes', '--max-deactivate', '10%', '--restart')).code, 0);
  assert.equal((await statusesOf(desk))['active'], 9);
});

test('a run that is killed twice goes on where it was: each client once, and every row has its codes', async (t) => {
  const desk = await openDesk(t);
  const file = desk.write('many.csv', csv(...plans(1, 1_501)));
  for (const least of [200, 700]) {
    const run = desk.start('apply', file, '--yes', '--concurrency', '2');
    await until('enough clients', async () => ((await statusesOf(desk))['active'] ?? 0) >= least);
    run.kill('SIGKILL');
    await new Promise((resolve) => run.once('close', resolve));
    assert.ok(((await statusesOf(desk))['active'] ?? 0) < 1_500);
  }
  const finished = await desk.run('apply', file, '--yes', '--json');
  assert.deepEqual([finished.code, finished.stderr], [0, '']);
  const rows = results(desk, 'many-results.csv');
  assert.equal((await statusesOf(desk))['active'], 1_500);
  assert.deepEqual(
    [new Set(rows.map((row) => row['Parley clientId'])).size, new Set(rows.map((row) => row['Parley moderator pass code'])).size],
    [1_500, 1_500],
  );
  assert.deepEqual(
    rows.filter((row) => !/^\d{10}$/.test(row['Parley moderator pass code']) || row['Parley password'] === ''),
    [],
  );
});

test('Ctrl-C ends a run, says how to go on, and the rest is carried out by the same command', async (t) => {
  const desk = await openDesk(t);
  const file = desk.write('many.csv', csv(...plans(1, 1_201)));
  const run = desk.start('apply', file, '--yes', '--concurrency', '1');
  const output = collect(run);
  await until('some clients', async () => ((await statusesOf(desk))['active'] ?? 0) >= 100);
  run.kill('SIGINT');
  assert.equal(await new Promise((resolve) => run.once('close', resolve)), 1);
  assert.match(output().stderr, /Interrupted\.\n[\d,]+ rows left\. To go on: parley apply many\.csv/);
  const made = (await statusesOf(desk))['active'] as number;
  const written = results(desk, 'many-results.csv');
  assert.equal(written.filter((row) => row['Parley outcome'] === 'created').length, made);
  const other = desk.write('many.csv', csv(...plans(1, 1_202)));
  const refused = await desk.run('apply', other, '--yes');
  assert.deepEqual([refused.code, /another content of many\.csv.*--restart/.test(refused.stderr)], [1, true]);
  desk.write('many.csv', csv(...plans(1, 1_201)));
  assert.match((await desk.run('apply', file, '--dry-run')).stdout, /1,200 {2}create/);
  const finished = await desk.run('apply', file, '--yes');
  assert.match(finished.stdout, new RegExp(`Going on with a run that was broken off: ${made.toLocaleString('en')} rows of 1200 are done`));
  assert.deepEqual([finished.code, (await statusesOf(desk))['active']], [0, 1_200]);
});

test('lost answers, 429, 503 and a network that goes away cost time, and nothing else', async (t) => {
  const desk = await openDesk(t);
  let isAway = false;
  let asked = 0;
  const proxy = await startFlakyProxy(t, () => desk.server.url);
  const fates: Fate[] = [
    'pass',
    'lose',
    'pass',
    'reset',
    { status: 429, headers: { 'Retry-After': '0' } },
    'cut',
    { status: 503, headers: { 'Retry-After': '0' } },
    'pass',
    'pass',
  ];
  proxy.draw = () => (isAway ? 'reset' : (fates[asked++ % fates.length] as Fate));
  const file = desk.write('many.csv', csv(...plans(1, 61)));
  const through = { ...desk.settings, PARLEY_URL: proxy.url };
  isAway = true;
  const away = await runParley(['apply', file, '--yes', '--patience', '1'], through, desk.home);
  assert.deepEqual([away.code, /No connection to/.test(away.stderr)], [1, true]);
  isAway = false;
  const applied = await runParley(['apply', file, '--yes', '--json'], through, desk.home);
  assert.deepEqual([applied.code, applied.stderr], [0, '']);
  assert.equal((await statusesOf(desk))['active'], 60);
  assert.equal(new Set(results(desk, 'many-results.csv').map((row) => row['Parley moderator pass code'])).size, 60);
});

test('a plan that was kept is refused row by row where the client has changed since, and carried out elsewhere', async (t) => {
  const desk = await openDesk(t);
  await desk.run('apply', desk.write('before.csv', csv(line(1), line(2), line(3))), '--yes');
  const file = desk.write('after.csv', csv(line(1, { email: 'a@example.com' }), line(2, { email: 'b@example.com' }), line(3), line(4)));
  assert.equal((await desk.run('plan', file, '--out', 'kept.plan')).code, 2);
  await desk.run(
    'apply',
    desk.write('between.csv', csv(line(2, { email: 'other@example.com' }), line(4, { email: 'x@example.com' }))),
    '--yes',
  );
  assert.match((await desk.run('apply', 'kept.plan', '--dry-run')).stdout, /2 {2}update[^]*1 {2}unchanged|1 {2}create[^]*2 {2}update/);
  assert.match((await desk.run('apply', 'kept.plan', '--dry-run', '--json')).stdout, /"summary":\{"rows":4/);
  const applied = await desk.run('apply', 'kept.plan', '--yes', '--json');
  assert.equal(applied.code, 1);
  assert.deepEqual(JSON.parse(applied.stdout).applied, { failed: 2, updated: 1 });
  const rows = results(desk, 'kept-results.csv');
  assert.match(rows[1]?.['Parley message'] ?? '', /has changed since the plan was made \(update now\)/);
  assert.match(rows[3]?.['Parley message'] ?? '', /has changed since the plan was made \(update now\)/);
  assert.equal(JSON.parse((await desk.run('show', '--external-id', '2', '--json')).stdout).email, 'other@example.com');
  const again = await desk.run('apply', 'kept.plan', '--yes', '--json');
  assert.deepEqual(JSON.parse(again.stdout).applied, { failed: 2, updated: 1 });
});

test('a token that is revoked on the way ends the run at once, and rows that fail end it at their limit', async (t) => {
  const desk = await openDesk(t);
  const proxy = await startFlakyProxy(t, () => desk.server.url);
  const through = { ...desk.settings, PARLEY_URL: proxy.url };
  const file = desk.write('few.csv', csv(...plans(1, 31)));
  const refusal = (status: number, code: string): Fate => ({
    status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ status, code, detail: 'Not now.', title: 'x' }),
  });
  proxy.draw = () => (proxy.asked.at(-1) === 'POST /provisioning/client/provision' ? refusal(409, 'CLIENT_TERMINATED') : 'pass');
  const failing = await runParley(['apply', file, '--yes', '--max-errors', '5', '--concurrency', '1'], through, desk.home);
  assert.deepEqual(
    [failing.code, /too many rows could not be carried out \(--max-errors\)\.\n25 rows left/.test(failing.stderr)],
    [1, true],
    failing.stderr,
  );
  proxy.draw = () => (proxy.asked.at(-1) === 'POST /provisioning/client/provision' ? refusal(401, 'UNAUTHORIZED') : 'pass');
  const revoked = await runParley(['apply', file, '--yes', '--concurrency', '1', '--restart'], through, desk.home);
  assert.deepEqual([revoked.code, /does not accept the token.*\n30 rows left/.test(revoked.stderr)], [1, true], revoked.stderr);
});
