import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { databaseSettings, queryDatabase } from '../support/database.ts';
import { findFreePort } from '../support/free-port.ts';
import { runParley } from '../support/process.ts';
import { callsAt, makeDataDir, startTestServer } from '../support/server.ts';

/** Asks from before the port is taken, and provisions the moment that somebody answers. */
async function provisionAtFirstAnswer(url: string, path: string): Promise<{ status: number; text: string }> {
  for (;;) {
    const answer = await fetch(`${url}${path}`).catch(() => undefined);
    if (answer === undefined) {
      await nextTurn();
      continue;
    }
    assert.equal(answer.status, 200, path);
    return callsAt(url).provision();
  }
}

for (const path of ['/readyz', '/healthz', '/openapi.json']) {
  test(`C10: whoever waits for ${path} at a first start, and then provisions, is let in`, async (t) => {
    for (let i = 0; i < 3; i++) {
      const port = await findFreePort();
      const provisioned = provisionAtFirstAnswer(`http://127.0.0.1:${port}`, path);
      await startTestServer(t, { PARLEY_PORT: String(port) });
      const { status, text } = await provisioned;
      assert.equal(status, 200, text);
    }
  });
}

async function takePort(t: TestContext): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  return String((taken.address() as { port: number }).port);
}

test('C10: a first start whose port is taken makes no tenant and no token that nobody saw', async (t) => {
  const settings = { PARLEY_DATA_DIR: makeDataDir(), ...(await databaseSettings()) };
  const failed = await runParley(['serve'], { ...settings, PARLEY_PORT: await takePort(t) });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /is in use/);
  const { database } = readConfig(settings);
  for (const table of ['tenants', 'tokens']) assert.deepEqual(await queryDatabase(database, `select * from ${table}`), [], table);
  const server = await startTestServer(t, settings);
  assert.equal((await server.provision()).status, 200);
});

test('C10: a first start that died between the tenant and its token is finished by the next', async (t) => {
  const port = await takePort(t);
  const working = await startTestServer(t);
  await working.query('delete from tokens');
  await working.stop();
  const failed = await runParley(['serve'], { ...working.settings, PARLEY_PORT: port });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /is in use/);
  assert.deepEqual(await working.query('select * from tokens'), []);
  const again = await startTestServer(t, working.settings);
  assert.equal((await again.provision()).status, 200);
  assert.deepEqual(await again.query('select name from tenants'), [{ name: 'default' }]);
});
