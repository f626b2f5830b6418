import assert from 'node:assert/strict';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { openConnection } from '../src/store/sqlite/connection.ts';
import { prepareCommit } from '../src/store/sqlite/writer.ts';
import { makeBridge } from './support/admission.ts';
import { DEACTIVATE, GET, REACTIVATE } from './support/bodies.ts';
import { gatewaySettings } from './support/gateway.ts';
import { startReceiver } from './support/receiver.ts';
import { get } from './support/resources.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { createEndpoint } from './support/webhooks.ts';

/** What repeats by itself does so within this time. */
const TURN_MS = 2_500;

/** The texts that were prepared, in order: the writer works in this thread too. */
function watchPrepared(t: TestContext): string[] {
  const texts: string[] = [];
  const original = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'prepare')?.value as (
    this: DatabaseSync,
    sql: string,
  ) => StatementSync;
  t.mock.method(DatabaseSync.prototype, 'prepare', function (this: DatabaseSync, sql: string) {
    texts.push(sql);
    return original.call(this, sql);
  });
  return texts;
}

/** A time or an id. */
const VALUE = /\d{6,}/;

const IN_THIS_THREAD = {
  store: {
    sqlite: {
      startWriter: (path: string) => {
        const db = openConnection(path, 'write');
        const commit = prepareCommit(db);
        return { isAlive: true, commit: async (group: Parameters<typeof commit>[0]) => commit(group), close: async () => db.close() };
      },
    },
  },
};

async function live(server: TestServer, ask: (digits: string) => Promise<unknown>, day: number): Promise<void> {
  const { clientId, passCodes } = (await server.provision({ client: { externalId: 1 + day, first: `Day ${day}` } })).data;
  await server.provision({ client: { externalId: 1, first: `Day ${day}` } });
  for (const path of [GET, DEACTIVATE, REACTIVATE]) assert.equal((await server.post(path, { clientId })).status, 200);
  await ask(passCodes.moderatorPassCode);
  await ask('1234567890');
  for (const path of [
    'clients?status=active',
    `clients/${clientId}`,
    'companies',
    'events',
    'audit',
    'usage',
    'conferences',
    'statistics',
    'operations',
  ])
    assert.equal((await get(server, `/v1/${path}`)).status, 200, path);
  await delay(TURN_MS);
}

for (const kind of ['the built-in platform', 'a remote platform'] as const) {
  test(`with ${kind} and a webhook, a server that has seen a day prepares no statement again, and none with a value in its text: it does not grow`, async (t) => {
    const receiver = await startReceiver(t);
    const vendor = await startTestServer(t);
    const environment = kind === 'a remote platform' ? gatewaySettings(vendor.url) : {};
    const prepared = watchPrepared(t);
    const server = await startTestServer(t, { PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true', ...environment }, IN_THIS_THREAD);
    await createEndpoint(server, receiver.url);
    const bridge = await makeBridge(server);
    const ask = (digits: string) => bridge.ask({ digits });
    for (const day of [1, 2]) await live(server, ask, day);
    const known = [...prepared];
    assert.ok(known.length > 0);
    for (const day of [3, 4]) await live(server, ask, day);
    const late = prepared.slice(known.length);
    assert.deepEqual(
      late.filter((sql) => known.includes(sql) || VALUE.test(sql)),
      [],
    );
  });
}
