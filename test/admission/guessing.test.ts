import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLER, makeBridge, NUMBER, putInService, type TestBridge } from '../support/admission.ts';
import { askDoctor } from '../support/doctor.ts';
import { get } from '../support/resources.ts';
import { type Answer, startTestServer, type TestServer } from '../support/server.ts';

const HOUR_MS = 3_600_000;
const NO_TARPIT = { PARLEY_ADMISSION_TARPIT_MS: '0' };
let drawn = 0;
const unknownCode = (): string => String(2_000_000_000 + ++drawn * 7_919);
const callerNumber = (i: number): string => `+1647555${1000 + i}`;

async function metric(server: TestServer, sample: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${sample} `))
      ?.slice(sample.length) ?? Number.NaN,
  );
}

const guess = (bridge: TestBridge, caller: string, accessNumber?: string): Promise<Answer> =>
  bridge.ask({ digits: unknownCode(), caller, accessNumber });

test('a caller who has guessed too often is answered unread, as an unknown code is, for longer each time; nobody else is', async (t) => {
  const server = await startTestServer(t, { ...NO_TARPIT, PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: '3' });
  const bridge = await makeBridge(server);
  const codes = (await server.provision()).data.passCodes;
  const other = (await server.provision({ client: { externalId: 101 } })).data.passCodes;
  const third = (await server.provision({ client: { externalId: 102 } })).data.passCodes;
  assert.equal((await bridge.ask({ digits: codes.moderatorPassCode })).json.action, 'accept');
  const first = await guess(bridge, CALLER);
  for (let i = 0; i < 3; i++) await guess(bridge, CALLER);
  const unread = await bridge.ask({ digits: other.moderatorPassCode });
  assert.deepEqual([unread.json.action, first.json.reason], ['drop', 'not_recognised']);
  // Whose number it is that somebody guesses with: what it was let in with before it is let in with again.
  assert.equal((await bridge.ask({ digits: codes.moderatorPassCode })).json.action, 'accept');
  // And who keys the same code again is heard.
  assert.equal((await bridge.ask({ digits: other.moderatorPassCode })).json.action, 'accept');
  assert.equal((await bridge.ask({ digits: third.moderatorPassCode, caller: callerNumber(1) })).json.action, 'accept');
  assert.ok((await metric(server, 'parley_admission_throttled_total{by="caller"}')) >= 1);

  const [bucket] = await server.query('select strikes, blocked_until from guess_buckets where strikes > 0');
  assert.ok((bucket?.strikes as number) >= 1);
  let block = 0;
  for (let round = 0; round < 3; round++) {
    server.advance(4 * HOUR_MS);
    for (let i = 0; i < 4; i++) await guess(bridge, CALLER);
    const [again] = await server.query('select blocked_until from guess_buckets where strikes > 0');
    const longer = (again?.blocked_until as number) - server.now();
    assert.ok(longer > block, `${longer} ms is longer than ${block} ms`);
    block = longer;
  }
});

test('misses of many callers at one number fill it, are told once an hour, and never with a code or a caller; other numbers stay open', async (t) => {
  const server = await startTestServer(t, { ...NO_TARPIT, PARLEY_ADMISSION_MISSES_PER_NUMBER_HOUR: '20' });
  await server.addTenant('other');
  await putInService(server, NUMBER, 'other');
  await putInService(server, '+15145550101', null);
  const bridge = await makeBridge(server, null);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const { token } = await server.addToken('other');
  const told = async () => (await get(server, '/v1/events?types=admission.guessing_suspected', { 'X-AUTH-TOKEN': token })).json.items;
  for (let i = 0; i < 30; i++) await guess(bridge, callerNumber(i), NUMBER);
  const [event, ...more] = await told();
  assert.deepEqual(more, []);
  assert.deepEqual(event.data, { source: 'number', bridgeId: bridge.bridgeId, accessNumber: NUMBER, misses: 10, limitPerHour: 20 });
  assert.equal(await metric(server, 'parley_admission_misses_total{why="unknown"}'), 20);
  assert.equal(await metric(server, 'parley_admission_throttled_total{by="number"}'), 10);
  assert.equal((await bridge.ask({ digits, accessNumber: '+15145550101' })).json.action, 'accept');
  server.advance(HOUR_MS + 60_000);
  for (let i = 0; i < 15; i++) await guess(bridge, callerNumber(100 + i), NUMBER);
  assert.equal((await told()).length, 2);
  const text = JSON.stringify(await told());
  assert.doesNotMatch(text, /\+1647555|2000/);
  assert.doesNotMatch(server.logged(), /\+1647555/);
});

test('what was guessed is remembered over a restart, and is shared by all who use the database', async (t) => {
  const environment = { ...NO_TARPIT, PARLEY_ADMISSION_MISSES_PER_HOUR: '12' };
  const server = await startTestServer(t, environment);
  const bridge = await makeBridge(server);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  for (let i = 0; i < 12; i++) await guess(bridge, callerNumber(i));
  await server.stop();
  const again = await startTestServer(t, { ...server.settings, ...environment });
  assert.equal((await bridge.ask({ digits, caller: callerNumber(50) }, again)).json.action, 'drop');
  assert.equal((await bridge.ask({ digits, caller: callerNumber(50) }, again)).json.action, 'accept');
});

test('answers are held back under pressure, and no more of them than may be', async (t) => {
  const settings = { PARLEY_ADMISSION_MISSES_PER_HOUR: '10', PARLEY_ADMISSION_TARPIT_MS: '400', PARLEY_ADMISSION_TARPIT_MAX: '2' };
  const server = await startTestServer(t, settings);
  const bridge = await makeBridge(server);
  for (let i = 0; i < 10; i++) await guess(bridge, callerNumber(i));
  const timed = async (i: number): Promise<number> => {
    const from = performance.now();
    await guess(bridge, callerNumber(i));
    return performance.now() - from;
  };
  assert.ok((await timed(20)) >= 400);
  const times = await Promise.all(Array.from({ length: 12 }, (_, i) => timed(30 + i)));
  assert.ok(times.filter((ms) => ms >= 400).length >= 2);
  assert.equal(await metric(server, 'parley_admission_held'), 0);
});

test('a hundred callers at once over HTTP get no more guesses than there are, and who was in before gets in', async (t) => {
  const server = await startTestServer(t, {
    ...NO_TARPIT,
    PARLEY_ADMISSION_MISSES_PER_HOUR: '50',
    PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR: '50',
  });
  const bridge = await makeBridge(server);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  assert.equal((await bridge.ask({ digits })).json.action, 'accept');
  const atOnce = 20;
  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: atOnce }, (_, i) => guess(bridge, callerNumber((round * atOnce + i) % 100))));
  const misses = await metric(server, 'parley_admission_misses_total{why="unknown"}');
  assert.ok(misses >= 50 && misses <= 50 + atOnce + 1, `${misses} were looked up`);
  assert.equal((await bridge.ask({ digits })).json.action, 'accept');
});

test('doctor and the metrics say how long a guesser needs, from the pool that there is and the limits that are set', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  const doctor = async (settings: Record<string, string>) => {
    const finding = (await askDoctor({ ...server.settings, ...settings })).find(({ check }) => check === 'guessing');
    assert.ok(finding);
    return finding;
  };
  const sound = await doctor({});
  // M / (gN) with M = 9e9, N = 2 and g = 36,000 a day.
  assert.deepEqual([sound.result, /125,?000 days/.test(sound.detail)], ['ok', true], sound.detail);
  assert.ok(Math.abs((await metric(server, 'parley_admission_days_to_hit')) - 125_000) < 1);
  await server.provision({ client: { externalId: 101 } });
  const cheap = await doctor({ PARLEY_ADMISSION_MISSES_PER_HOUR: '3600000' });
  assert.equal(cheap.result, 'warning', cheap.detail);
  assert.equal(await metric(server, 'parley_pass_code_pool_alarm'), 0);
});
