import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseSettings, ENGINE } from './support/database.ts';
import { Ledger } from './support/ledger.ts';
import { startServerProcess } from './support/process.ts';
import { makeDataDir, TEST_TOKEN } from './support/server.ts';
import { until } from './support/until.ts';
import { assertWholeRecords } from './support/whole-records.ts';

/** `npm run test:faults` asks for all of them. */
const ROUNDS = process.env.FAULTS === 'all' ? 200 : ENGINE === 'sqlite' ? 12 : 6;
const CALLERS = 24;

test(`G1, G2: nothing acknowledged is lost or changed by ${ROUNDS} kill -9 under load`, { timeout: ROUNDS * 30_000 }, async (t) => {
  const settings = {
    PARLEY_DATA_DIR: makeDataDir(),
    ...(await databaseSettings()),
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
    PARLEY_LOG_LEVEL: 'info',
    PARLEY_RATE_LIMIT: '100000000',
  };
  const ledger = new Ledger();

  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServerProcess(t, settings);
    await ledger.check([server.url]);
    const answeredBefore = ledger.answered;
    let isKilled = false;
    const callers = Array.from({ length: CALLERS }, (_, caller) =>
      ledger.callRepeatedly(
        caller,
        () => server.url,
        () => isKilled,
      ),
    );
    await until('the server answers', () => ledger.answered > answeredBefore);
    // Not a wait for something to finish: the moment of the kill is meant to be anywhere.
    await delay(40 + ((round * 97) % 400));
    isKilled = true;
    await server.end('SIGKILL');
    await Promise.all(callers);
  }

  const server = await startServerProcess(t, settings);
  await ledger.check([server.url]);
  await server.end('SIGTERM');
  assert.ok((await assertWholeRecords(settings)) >= ledger.acknowledged);
  assert.ok(ledger.acknowledged > 0 && ledger.cutOff > 0, 'the kills must have met requests under way');
  t.diagnostic(
    `${ROUNDS} kills, ${ledger.acknowledged} clients acknowledged, ${ledger.repeated} answers repeated byte for byte, ` +
      `${ledger.cutOff} requests cut off, 0 lost, 0 changed`,
  );
});
