import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE } from '../support/bodies.ts';
import { createTestDatabase, databaseSettings, ENGINE, queryDatabase } from '../support/database.ts';
import { type Fate, type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts';
import { findFreePort } from '../support/free-port.ts';
import { gatewaySettings } from '../support/gateway.ts';
import { type ServerProcess, startServerProcess } from '../support/process.ts';
import { type Answer, makeDataDir, post, TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';
import { assertWholeRecords } from '../support/whole-records.ts';
import { readConfig } from '../../src/config.ts';
import { Schedule } from './simulation/schedule.ts';

/** `npm run test:faults` asks for all of it, on SQLite and with `-- --postgres` on PostgreSQL; CAMPAIGN_SEED=n plays one seed alone. */
const IS_WHOLE = process.env.FAULTS === 'all';
const SEEDS = IS_WHOLE ? 20 : 1;
const CLIENTS = IS_WHOLE ? 1_000 : 50;
const CALLERS = IS_WHOLE ? 64 : 16;
/** After a vendor's death the gateway leaves it alone for five seconds: who is killed more often has hardly anything under way. */
const LONGEST_LIFE_MS = IS_WHOLE ? 8_000 : 2_500;
const NODES = ENGINE === 'postgres' ? 2 : 1;
const HEADERS = { 'X-AUTH-TOKEN': TEST_TOKEN };
/** A caller that is told to wait longer asks again all the same: the faults should meet as much as they can. */
const MAX_WAIT_MS = 500;
const FATES: readonly Fate[] = ['lose', 'cut', 'half-open', 'hang', 'reset', 'late', 'twice', { status: 502 }, { status: 200, body: '{' }];
const FAULTY = 0.3;

/** A server in a process of its own that is killed and comes back where it was. */
interface Killable {
  url: string;
  settings: Record<string, string>;
  process: ServerProcess;
}

interface Count {
  kills: number;
  calls: number;
  refused: number;
  cutOff: number;
  faults: number;
  changes: number;
}

async function startKillable(t: TestContext, settings: Record<string, string>): Promise<Killable> {
  const fixed = {
    PARLEY_DATA_DIR: makeDataDir(),
    PARLEY_PORT: String(await findFreePort()),
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
    PARLEY_RATE_LIMIT: '100000000',
    ...settings,
  };
  const process = await startServerProcess(t, fixed);
  return { url: process.url, settings: fixed, process };
}

const seeds =
  process.env.CAMPAIGN_SEED === undefined ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [Number(process.env.CAMPAIGN_SEED)];
const total: Count = { kills: 0, calls: 0, refused: 0, cutOff: 0, faults: 0, changes: 0 };
let played = 0;

for (const seed of seeds) {
  const name = `a Parley before a Parley, seed ${seed}: ${CLIENTS} clients through a network that fails and kill -9 of either side, once each, as last wished`;
  test(name, { timeout: 3_600_000 }, async (t) => {
    const count = await playSeed(t, seed);
    for (const figure of Object.keys(total) as (keyof Count)[]) total[figure] += count[figure];
    t.diagnostic(`seed ${seed}: ${describeCount(count, CLIENTS)}`);
    played++;
  });
}

test('the faults met calls under way in every campaign that was played', (t) => {
  assert.equal(played, seeds.length);
  assert.ok(total.kills > 0 && total.faults > 0 && total.cutOff > 0);
  t.diagnostic(`${played} seeds: ${describeCount(total, played * CLIENTS)}; 0 doubled, 0 lost, 0 changed answers, nothing left under way`);
});

function describeCount({ kills, calls, refused, cutOff, faults, changes }: Count, provisions: number): string {
  return (
    `${provisions} provisions and ${changes} changes of status acknowledged in ${calls} calls (${refused} refused with 503, ${cutOff} cut off); ` +
    `${faults} faults of the network, ${kills} kill -9`
  );
}

async function playSeed(t: TestContext, seed: number): Promise<Count> {
  const { random, pick, between } = chances(seed);
  const count: Count = { kills: 0, calls: 0, refused: 0, cutOff: 0, faults: 0, changes: 0 };
  const vendor = await startKillable(t, await databaseSettings());
  const link = await startFlakyProxy(t, () => vendor.url);
  const gateways = await startGateways(t, link);
  let isCalm = false;
  link.draw = () => {
    if (isCalm || random() > FAULTY) return 'pass';
    count.faults++;
    return pick(FATES);
  };

  const answers = new Map<number, string>();
  const isActive = new Map<number, boolean>();
  async function insist(path: string, body: unknown): Promise<string> {
    for (;;) {
      const { url } = pick(gateways);
      count.calls++;
      const answer: Answer | undefined = await post(`${url}${path}`, body, HEADERS).catch(() => undefined);
      if (answer?.status === 200) return answer.text;
      if (answer === undefined) count.cutOff++;
      else {
        assert.equal(answer.status, 503, `seed ${seed}: ${answer.text}`);
        count.refused++;
      }
      await delay(between(50, MAX_WAIT_MS));
    }
  }
  const queue = Array.from({ length: CLIENTS }, (_, i) => i + 1);
  async function call(): Promise<void> {
    for (let externalId = queue.shift(); externalId !== undefined; externalId = queue.shift()) {
      const text = await insist(PROVISION, bodyOf(externalId));
      answers.set(externalId, text);
      const { clientId } = JSON.parse(text).data;
      // Of two, one is deactivated; the other also, and then reactivated.
      for (const path of externalId % 2 === 0 ? [DEACTIVATE] : [DEACTIVATE, REACTIVATE]) {
        await insist(path, { clientId });
        count.changes++;
      }
      isActive.set(externalId, externalId % 2 === 1);
    }
  }
  let isOver = false;
  async function kill(): Promise<void> {
    while (!isOver) {
      await delay(between(400, LONGEST_LIFE_MS));
      const victim = random() < 0.4 ? vendor : pick(gateways);
      await victim.process.end('SIGKILL');
      count.kills++;
      await delay(between(0, 300));
      victim.process = await startServerProcess(t, victim.settings);
    }
  }
  const killing = kill();
  await Promise.all(Array.from({ length: CALLERS }, call)).finally(() => {
    isOver = true;
  });
  await killing;

  isCalm = true;
  const [gateway] = gateways as [Killable, ...Killable[]];
  const gatewayDatabase = readConfig(gateway.settings).database;
  await until(
    `seed ${seed}: nothing is under way`,
    async () => (await queryDatabase(gatewayDatabase, 'select * from operations')).length === 0,
    {
      withinMs: 180_000,
    },
  );
  await check(seed, { vendor, gateways, answers, isActive });
  for (const { process } of [vendor, ...gateways]) await process.end('SIGTERM');
  return count;
}

async function startGateways(t: TestContext, link: FlakyProxy): Promise<Killable[]> {
  const shared =
    ENGINE === 'postgres'
      ? { PARLEY_DATABASE_URL: await createTestDatabase(), PARLEY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
      : {};
  const gateways: Killable[] = [];
  for (let i = 0; i < NODES; i++)
    gateways.push(await startKillable(t, { ...gatewaySettings(link.url), PARLEY_PLATFORM_SETTLE_SECONDS: '3', ...shared }));
  return gateways;
}

interface Outcome {
  vendor: Killable;
  gateways: readonly Killable[];
  answers: ReadonlyMap<number, string>;
  isActive: ReadonlyMap<number, boolean>;
}

/** Each client once on either side, answered as it was, and active or not as it was last wished. */
async function check(seed: number, { vendor, gateways, answers, isActive }: Outcome): Promise<void> {
  assert.equal(answers.size, CLIENTS);
  const ask = async ({ url }: Killable, path: string, body: unknown): Promise<Answer> => post(`${url}${path}`, body, HEADERS);
  for (const [externalId, text] of answers) {
    for (const side of [vendor, ...gateways]) {
      const repeated = await ask(side, PROVISION, bodyOf(externalId));
      assert.equal(repeated.text, text, `seed ${seed}: client ${externalId}`);
      const { clientId } = JSON.parse(text).data;
      const status = (await ask(side, GET, { clientId })).headers.get('x-client-status');
      assert.equal(status, isActive.get(externalId) ? 'active' : 'inactive', `seed ${seed}: client ${externalId}`);
    }
  }
  for (const { settings } of [vendor, gateways[0] as Killable])
    assert.equal(await assertWholeRecords(settings), CLIENTS, `seed ${seed}: as many clients as were asked for`);
}

function bodyOf(externalId: number): unknown {
  return provisionBody({ company: { externalId: 1 + (externalId % 40) }, client: { externalId } });
}

function chances(seed: number) {
  const schedule = new Schedule(seed, 0);
  return {
    random: schedule.random,
    pick: <T>(items: readonly T[]): T => schedule.pick(items),
    between: (least: number, most: number): number => schedule.between(least, most),
  };
}
