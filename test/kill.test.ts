import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE } from './support/bodies.ts';
import { readConfig } from '../src/config.ts';
import type { Finding } from '../src/operations/diagnose.ts';
import { databaseSettings, queryDatabase } from './support/database.ts';
import { runParley, startServerProcess } from './support/process.ts';
import { makeDataDir, post, TEST_TOKEN } from './support/server.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);
const CALLERS = 24;
const CLIENTS = 400;
const HEADERS = { 'X-AUTH-TOKEN': TEST_TOKEN };

/** What the callers know: every provision's answer that arrived whole, and the lifecycle that was last acknowledged. */
interface Acknowledged {
  answers: Map<number, string>;
  /** Undefined while a change is under way or its outcome unknown. */
  isActive: Map<number, boolean | undefined>;
}

test(`G1, G2: nothing acknowledged is lost or changed by ${ROUNDS} kill -9 under load`, { timeout: ROUNDS * 30_000 }, async (t) => {
  const settings = {
    PARLEY_DATA_DIR: makeDataDir(),
    ...(await databaseSettings()),
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
    PARLEY_LOG_LEVEL: 'info',
    PARLEY_RATE_LIMIT: '100000000',
  };
  const known: Acknowledged = { answers: new Map(), isActive: new Map() };
  let unanswered = 0;
  let repeated = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServerProcess(t, settings);
    repeated += await checkAll(server.url, known);
    const callers = Array.from({ length: CALLERS }, (_, caller) => callUntilDead(server.url, known, caller));
    // Not a wait for something to finish: the moment of the kill is meant to be anywhere.
    await new Promise((resolve) => setTimeout(resolve, 40 + ((round * 97) % 400)));
    await server.end('SIGKILL');
    unanswered += (await Promise.all(callers)).reduce((sum, n) => sum + n, 0);
  }

  const server = await startServerProcess(t, settings);
  repeated += await checkAll(server.url, known);
  await server.end('SIGTERM');
  const findings: Finding[] = JSON.parse((await runParley(['doctor', '--json'], settings)).stdout);
  assert.deepEqual(
    findings.filter(({ result }) => result === 'problem'),
    [],
  );
  const [whole] = (await queryDatabase(
    readConfig(settings).database,
    'select (select count(*) from clients) as clients, (select count(*) from reservations) as reservations, (select count(*) from pass_codes) as codes',
  )) as [Record<string, number>];
  assert.equal(whole.reservations, whole.clients);
  assert.equal(whole.codes, 2 * (whole.clients as number));
  assert.ok(known.answers.size > 0 && unanswered > 0, 'the kills must have met requests under way');
  t.diagnostic(
    `${ROUNDS} kills, ${known.answers.size} clients acknowledged, ${repeated} answers repeated byte for byte, ${unanswered} requests cut off, 0 lost, 0 changed`,
  );
});

/** Provisions, deactivates and reactivates its own clients until the server is gone; returns how many of its requests were cut off. */
async function callUntilDead(url: string, { answers, isActive }: Acknowledged, caller: number): Promise<number> {
  for (let i = 0; ; i++) {
    const externalId = caller * CLIENTS + 1 + (i % CLIENTS);
    try {
      const text = await call(url, PROVISION, bodyOf(externalId));
      const before = answers.get(externalId);
      if (before !== undefined) assert.equal(text, before);
      answers.set(externalId, text);
      if (before === undefined) isActive.set(externalId, true);
      if (i % 3 !== 0) continue;
      const path = i % 2 ? DEACTIVATE : REACTIVATE;
      isActive.set(externalId, undefined);
      await call(url, path, { clientId: JSON.parse(text).data.clientId });
      isActive.set(externalId, path === REACTIVATE);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return 1;
    }
  }
}

/** Every acknowledged answer comes again, byte for byte, and every acknowledged lifecycle is still true. */
async function checkAll(url: string, { answers, isActive }: Acknowledged): Promise<number> {
  const queue = [...answers];
  const workers = Array.from({ length: CALLERS }, async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [externalId, text] = next;
      assert.equal(await call(url, PROVISION, bodyOf(externalId)), text);
      const expected = isActive.get(externalId);
      if (expected === undefined) continue;
      const got = await post(`${url}${GET}`, { clientId: JSON.parse(text).data.clientId }, HEADERS);
      assert.equal(got.headers.get('x-client-status'), expected ? 'active' : 'inactive');
    }
  });
  await Promise.all(workers);
  return answers.size;
}

async function call(url: string, path: string, body: unknown): Promise<string> {
  const { status, text } = await post(`${url}${path}`, body, HEADERS);
  assert.equal(status, 200, text);
  return text;
}

function bodyOf(externalId: number) {
  return provisionBody({ company: { externalId: 1 + (externalId % 50) }, client: { externalId } });
}
