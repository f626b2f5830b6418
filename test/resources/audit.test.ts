import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { readConfig } from '../../src/config.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { verifyAudit } from '../../src/operations/journal/verify-audit.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ENGINE } from '../support/database.ts';
import { get } from '../support/resources.ts';
import { runParley } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const EDITS = 100;

async function fill(server: TestServer): Promise<number> {
  const { clientId } = (await server.provision()).data;
  await server.provision({ client: { first: 'Zoë', password: 'changed123' } });
  await server.post(DEACTIVATE, { clientId });
  await server.post(REACTIVATE, { clientId });
  await Promise.all(
    Array.from({ length: 8 }, (_, i) => server.provision({ company: { externalId: i + 1 }, client: { externalId: i + 1 } })),
  );
  return clientId;
}

test('who deactivated this client is one call: actor, time, request, before and after, secrets masked', async (t) => {
  const server = await startTestServer(t);
  const clientId = await fill(server);
  const { json } = await get(server, `/v1/audit?clientId=${clientId}&types=client.deactivated&limit=1`);
  assert.equal(json.items.length, 1);
  const [entry] = json.items;
  assert.deepEqual(entry.actor, { kind: 'token', tokenId: 1, tokenName: 'bootstrap' });
  assert.deepEqual(entry.changes, { status: { before: 'active', after: 'inactive' } });

  const updated = (await get(server, `/v1/audit?clientId=${clientId}&types=client.updated`)).json.items[0];
  assert.deepEqual(updated.changes, {
    'client.first': { before: 'First', after: 'Zoë' },
    'client.password': { before: '***', after: '***' },
  });
  const whole = await get(server, '/v1/audit?limit=1000');
  assert.doesNotMatch(whole.text, /changed123/);
  assert.deepEqual(
    whole.json.items.slice(-2).map(({ type, actor }: { type: string; actor: object }) => [type, actor]),
    [
      ['token.created', { kind: 'system' }],
      ['tenant.created', { kind: 'system' }],
    ],
  );
  const pages = await get(server, `/v1/audit?limit=5`);
  const next = await get(server, `/v1/audit?limit=5&before=${pages.json.next}`);
  assert.deepEqual([...pages.json.items, ...next.json.items], whole.json.items.slice(0, 10));
  const { token } = await server.addToken('default', { scopes: ['read', 'provision'] });
  assert.equal((await get(server, '/v1/audit', { 'X-AUTH-TOKEN': token })).json.code, 'SCOPE_REQUIRED');
});

test('what operators do at the command line is in the audit of the tenant', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  const run = async (...args: string[]) => assert.equal((await runParley(args, server.settings)).code, 0);
  await run('tenant', 'update', 'default', '--on-difference', 'reject');
  await run('tenant', 'update', 'default', '--on-difference', 'reject');
  await run('token', 'create', 'billing', '--scopes', 'read');
  await run('token', 'revoke', '2');
  await run('token', 'revoke', '2');
  const { json } = await get(server, '/v1/audit?types=tenant.updated,token.created,token.revoked');
  assert.deepEqual(
    json.items.map(({ type, actor, data, changes }: Record<string, unknown>) => [type, (actor as { kind: string }).kind, data, changes]),
    [
      ['token.revoked', 'operator', { tokenId: 2, name: 'billing' }, null],
      ['token.created', 'operator', { tokenId: 2, name: 'billing', scopes: ['read'], expiresAt: null }, null],
      ['tenant.updated', 'operator', { changed: ['onDifference'] }, { onDifference: { before: 'update', after: 'reject' } }],
      ['token.created', 'system', json.items[3].data, null],
    ],
  );
});

/** Each of them changes what was there, whatever that was. */
const BYTES = ENGINE === 'postgres' ? String.raw`'\x00'` : "x'00'";
const CHANGES = [
  'seq = seq + 1000',
  "type = type || 'x'",
  'at = at + 1',
  "actor = actor || '1'",
  "request_id = request_id || '1'",
  'client_id = coalesce(client_id, 0) + 1',
  'company_id = coalesce(company_id, 0) + 1',
  "data = data || ' '",
  "details = coalesce(details, '') || ' '",
  `salt = ${BYTES}`,
  `digest = ${BYTES}`,
  `hash = ${BYTES}`,
];

test(`parley audit verify finds each one of ${EDITS} random edits, and nothing in a chain that nobody touched`, async (t) => {
  const server = await startTestServer(t);
  await fill(server);
  await server.stop();
  const verify = async () => runParley(['audit', 'verify', '--json'], server.settings);
  const untouched = await verify();
  assert.equal(untouched.code, 0, untouched.stderr);
  const [chain] = JSON.parse(untouched.stdout);
  const [{ n }] = (await server.query('select count(*) as n from journal')) as [{ n: number }];
  assert.deepEqual([chain.tenant, chain.entries, chain.problem, chain.head.length], ['default', n, undefined, 64]);

  const seq = fc.integer({ min: 1, max: n });
  const edit = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(seq, fc.constantFrom(...CHANGES)).map(([at, change]) => `update journal set ${change} where seq = ${at}`),
    },
    { weight: 2, arbitrary: seq.map((at) => `delete from journal where seq = ${at}`) },
    { weight: 1, arbitrary: seq.map((at) => `delete from journal where seq >= ${at}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'update journal_heads set seq = seq - 1',
        'update journal_heads set seq = seq + 1',
        `update journal_heads set hash = ${BYTES}`,
      ),
    },
  );
  for (const table of ['journal', 'journal_heads']) await server.query(`create table ${table}_kept as select * from ${table}`);
  const store = await openStore(readConfig(server.settings).database);
  try {
    for (const sql of fc.sample(edit, EDITS)) {
      await server.query(sql);
      assert.notEqual((await verifyAudit(store, 1 as TenantId)).problem, undefined, sql);
      for (const table of ['journal', 'journal_heads']) {
        await server.query(`delete from ${table}`);
        await server.query(`insert into ${table} select * from ${table}_kept`);
      }
    }
  } finally {
    await store.close();
  }
  assert.equal((await verify()).code, 0, 'each edit was undone');

  await server.query("update journal set actor = 'operator' where seq = 4");
  const broken = await verify();
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /entry 4 is not what was written/);
  assert.equal(JSON.parse(broken.stdout)[0].entries, 3);
});
