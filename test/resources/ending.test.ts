import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { DEACTIVATE, GET, REACTIVATE } from '../support/bodies.ts';
import { findIn } from '../support/find-in.ts';
import { runParley } from '../support/process.ts';
import { get } from '../support/resources.ts';
import { type Answer, startTestServer, type TestServer } from '../support/server.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isTrue()) return;
    await sleep(50);
  }
  assert.fail(`never came true: ${what}`);
}

async function typesOf(server: TestServer, clientId: number): Promise<string[]> {
  const { json } = await get(server, `/v1/events?clientId=${clientId}`);
  return json.items.map(({ type }: { type: string }) => type);
}

test('a client is ended for good: its id is used up, a repeat is a success, and the audit has the reason', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const ended = await server.post(`/v1/clients/${clientId}/terminate`, { reason: 'Contract ended' });
  assert.deepEqual([ended.status, ended.json.status, ended.json.terminateAt], [200, 'terminated', null]);
  const again = await server.post(`/v1/clients/${clientId}/terminate`, { reason: 'Another reason' });
  assert.equal(again.text, ended.text);
  assert.deepEqual(await typesOf(server, clientId), ['client.provisioned', 'client.terminated']);
  const [entry] = (await get(server, `/v1/audit?clientId=${clientId}&types=client.terminated`)).json.items;
  assert.deepEqual(entry.changes, { status: { before: 'active', after: 'terminated' }, reason: { before: null, after: 'Contract ended' } });

  const refused = [await server.provision(), await server.post(REACTIVATE, { clientId })];
  for (const { status, json } of refused) assert.deepEqual([status, json.code], [409, 'CLIENT_TERMINATED']);
  assert.equal((await server.post(DEACTIVATE, { clientId })).status, 200);
  assert.equal((await get(server, `/v1/clients/${clientId}`)).text, ended.text);
  assert.equal((await server.post(`/v1/clients/${clientId}/terminate`, { at: '2999-01-01' })).json.code, 'CLIENT_TERMINATED');
  assert.equal((await server.post(`/v1/clients/${clientId}/rotate-passcodes`, undefined)).json.code, 'CLIENT_TERMINATED');
});

test('a termination in the future can be moved and taken back, and happens by itself when its time has come', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const path = `/v1/clients/${clientId}`;
  const at = (ms: number): string => new Date(server.now() + ms).toISOString();
  const first = at(DAY_MS);
  const asked = await server.post(`${path}/terminate`, { at: first, reason: 'Moves away' });
  assert.deepEqual([asked.status, asked.json.status, asked.json.terminateAt], [200, 'active', first]);
  assert.equal((await server.post(`${path}/terminate`, { at: first, reason: 'Moves away' })).text, asked.text);
  const second = at(2 * DAY_MS);
  assert.equal((await server.post(`${path}/terminate`, { at: second, reason: 'Moves away later' })).json.terminateAt, second);
  const cancelled = await server.post(`${path}/cancel-termination`, undefined);
  assert.deepEqual([cancelled.status, cancelled.json.terminateAt], [200, null]);
  assert.equal((await server.post(`${path}/cancel-termination`, {})).text, cancelled.text);
  server.advance(3 * DAY_MS);
  await sleep(1_500);
  assert.equal((await get(server, path)).json.status, 'active');

  await server.post(`${path}/terminate`, { at: at(60_000), reason: 'Moves away at last' });
  await server.post(DEACTIVATE, { clientId });
  await server.post(REACTIVATE, { clientId });
  assert.equal((await server.provision({ client: { first: 'Changed' } })).status, 200);
  server.advance(60_001);
  await until('the client is terminated', async () => (await get(server, path)).json.status === 'terminated');
  const [entry] = (await get(server, `/v1/audit?clientId=${clientId}&types=client.terminated`)).json.items;
  assert.deepEqual([entry.actor, entry.changes.reason.after], [{ kind: 'system' }, 'Moves away at last']);
  assert.deepEqual(await typesOf(server, clientId), [
    'client.provisioned',
    'client.termination_scheduled',
    'client.termination_scheduled',
    'client.termination_cancelled',
    'client.termination_scheduled',
    'client.deactivated',
    'client.reactivated',
    'client.updated',
    'client.terminated',
  ]);
  assert.equal((await runParley(['audit', 'verify'], server.settings)).code, 0);
});

test('what ends a client refuses bad input, strangers and small scopes, and changes nothing', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const path = `/v1/clients/${clientId}`;
  const before = await get(server, path);
  const bad: [string, unknown, string][] = [
    ['terminate', { at: 'tomorrow' }, 'at'],
    ['terminate', { at: '2020-01-01T00:00:00Z' }, 'at'],
    ['terminate', { reason: 7 }, 'reason'],
    ['terminate', { reason: 'a'.repeat(1_001) }, 'reason'],
    ['rotate-passcodes', { overlapMinutes: -1 }, 'overlapMinutes'],
    ['rotate-passcodes', { overlapMinutes: 43_201 }, 'overlapMinutes'],
    ['rotate-passcodes', { overlapMinutes: 1.5 }, 'overlapMinutes'],
    ['rotate-passcodes', { overlap: 5 }, 'overlap'],
  ];
  const named = ({ json }: Answer): string[] => json.errors.map(({ field }: { field: string }) => field);
  for (const [operation, body, field] of bad) {
    const answer = await server.post(`${path}/${operation}`, body);
    assert.deepEqual([answer.status, named(answer)], [422, [field]], answer.text);
  }
  for (const key of ['', '"', 'two words', 'a'.repeat(256)]) {
    const answer = await server.post(`${path}/rotate-passcodes`, {}, { 'Idempotency-Key': key });
    assert.deepEqual([answer.status, named(answer)], [422, ['Idempotency-Key']], key);
  }
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  const reader = { 'X-AUTH-TOKEN': (await server.addToken('default', { scopes: ['read'] })).token };
  const provisioner = { 'X-AUTH-TOKEN': (await server.addToken('default', { scopes: ['read', 'provision'] })).token };
  for (const operation of ['terminate', 'cancel-termination', 'erase', 'rotate-passcodes']) {
    const theirs = await server.post(`${path}/${operation}`, {}, stranger);
    assert.deepEqual([theirs.status, theirs.json.code], [404, 'CLIENT_NOT_FOUND'], operation);
    for (const id of [77, Number.MAX_SAFE_INTEGER]) {
      const nobodys = await server.post(`/v1/clients/${id}/${operation}`, {});
      assert.deepEqual([nobodys.status, nobodys.text], [404, theirs.text], `${operation} ${id}`);
    }
    assert.equal((await server.post(`${path}/${operation}`, {}, reader)).json.code, 'SCOPE_REQUIRED', operation);
  }
  assert.equal((await server.post(`${path}/erase`, {}, provisioner)).json.code, 'SCOPE_REQUIRED');
  assert.equal((await get(server, path)).text, before.text);
  assert.deepEqual(await typesOf(server, clientId), ['client.provisioned']);
});

test('another pair of pass codes: the old pair has an end, the key makes a repeat the same, and provision has the new pair', async (t) => {
  const server = await startTestServer(t);
  const { clientId, passCodes: old } = (await server.provision()).data;
  const path = `/v1/clients/${clientId}/rotate-passcodes`;
  const key = { 'Idempotency-Key': '"rotate-1"' };
  const before = server.now();
  const all = await Promise.all(Array.from({ length: 8 }, () => server.post(path, { overlapMinutes: 90 }, key)));
  const [first] = all as [Answer, ...Answer[]];
  for (const { status, text } of all) assert.deepEqual([status, text], [200, first.text]);
  const { passCodes, overlapUntil } = first.json;
  for (const code of Object.values(passCodes)) assert.match(String(code), /^[1-9]\d{9}$/);
  assert.equal(new Set([...Object.values(old), ...Object.values(passCodes)]).size, 4);
  const overlapMs = Date.parse(overlapUntil) - before;
  assert.ok(overlapMs >= 90 * 60_000 && overlapMs < 91 * 60_000, overlapUntil);
  assert.deepEqual((await server.provision()).data.passCodes, passCodes);
  assert.deepEqual(await typesOf(server, clientId), ['client.provisioned', 'passcodes.rotated']);
  const codes = await server.query('select role, valid_until from pass_codes order by role, valid_until');
  assert.deepEqual(codes.map(({ role, valid_until: end }) => `${String(role)} ${end === null ? 'on' : Number(end)}`).toSorted(), [
    `moderator ${Date.parse(overlapUntil)}`,
    'moderator on',
    `participant ${Date.parse(overlapUntil)}`,
    'participant on',
  ]);

  const reused = await server.post(path, { overlapMinutes: 5 }, key);
  assert.deepEqual([reused.status, reused.json.code], [422, 'IDEMPOTENCY_KEY_REUSED']);
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  const theirs = (await server.provision({}, stranger)).data.clientId;
  const ours = await server.post(`/v1/clients/${theirs}/rotate-passcodes`, {}, { ...stranger, ...key });
  assert.equal(ours.status, 200, 'a key is a tenant’s own');

  const unkeyed = [await server.post(path, undefined), await server.post(path, {})];
  assert.equal(new Set(unkeyed.map(({ json }) => json.passCodes.moderatorPassCode)).size, 2, 'without a key each call makes another');
  assert.deepEqual((await server.provision()).data.passCodes, unkeyed[1]?.json.passCodes);
  assert.equal((await server.post(path, { overlapMinutes: 90 }, key)).text, first.text);
  server.advance(DAY_MS + 1_000);
  assert.notEqual((await server.post(path, { overlapMinutes: 90 }, key)).text, first.text, 'a key is forgotten after a day');
  const logged = server.logged();
  for (const code of [...Object.values(old), ...Object.values(passCodes)]) assert.ok(!logged.includes(String(code)));
  assert.equal((await runParley(['doctor'], server.settings)).code, 0);
});

test('what is erased is nowhere in the whole database, and its tombstone and receipt stay', async (t) => {
  const server = await startTestServer(t);
  const person = { first: 'Wilhelmina', last: 'Quackenbush', email: 'mina.quackenbush@example.org' };
  const home = { address: '77 Featherstonehaugh Lane', city: 'Puddletown', postalCode: 'ZQ9 8XW' };
  const { clientId } = (await server.provision({ client: person, contact: home })).data;
  await server.provision({ client: { ...person, last: 'Quackenbush-Rollo', password: 'hunter-2-hunter' }, contact: home });
  await server.post(`/v1/clients/${clientId}/terminate`, { at: '2999-01-01', reason: 'Ms Featherstone asked for it' });
  await server.post(`/v1/clients/${clientId}/rotate-passcodes`, {}, { 'Idempotency-Key': 'r1' });
  const other = (await server.provision({ company: { externalId: 51 }, client: { externalId: 101, first: 'Kept', last: 'Person' } })).data;
  const words = ['Wilhelmina', 'wilhelmina', 'Quackenbush', 'quackenbush', 'Featherstone', 'featherstone', 'Puddletown', 'ZQ9 8XW'];
  assert.deepEqual(await findIn(server, ['Wilhelmina', 'Quackenbush', 'Featherstone']), ['Wilhelmina', 'Quackenbush', 'Featherstone']);

  const erased = await server.post(`/v1/clients/${clientId}/erase`, undefined);
  assert.equal(erased.status, 200, erased.text);
  const { erasedAt } = erased.json;
  assert.deepEqual(erased.json, { clientId, externalId: 100, status: 'erased', erasedAt });
  assert.equal((await server.post(`/v1/clients/${clientId}/erase`, {})).text, erased.text);
  assert.deepEqual(await findIn(server, words), []);
  assert.deepEqual(await findIn(server, ['Kept']), ['Kept']);

  const record = (await get(server, `/v1/clients/${clientId}`)).json;
  assert.deepEqual([record.status, record.first, record.email, record.contact.city], ['erased', '', '', null]);
  for (const query of ['name=quack', 'email=mina.quackenbush@example.org', 'status=active&name=w'])
    assert.deepEqual((await get(server, `/v1/clients?${query}`)).json.items, [], query);
  assert.equal((await server.provision({ client: person, contact: home })).json.code, 'CLIENT_TERMINATED');
  assert.equal((await server.post(REACTIVATE, { clientId })).json.code, 'CLIENT_TERMINATED');
  assert.equal((await server.post(DEACTIVATE, { clientId })).status, 200);
  assert.equal((await server.post(GET, { clientId })).status, 200);
  const audit = (await get(server, `/v1/audit?clientId=${clientId}`)).json.items;
  assert.deepEqual(
    [audit[0].type, audit[0].changes, audit.length],
    ['client.erased', { status: { before: 'active', after: 'erased' } }, 5],
  );
  for (const { changes } of audit.slice(1)) assert.equal(changes, null);
  const verified = await runParley(['audit', 'verify'], server.settings);
  assert.deepEqual([verified.code, verified.stderr], [0, '']);
  assert.equal((await runParley(['doctor'], server.settings)).code, 0);
  const counts = (await get(server, '/v1/statistics')).json;
  assert.deepEqual(counts.clients, { active: 1, inactive: 0, terminated: 0, erased: 1 });
  assert.equal((await get(server, `/v1/clients/${other.clientId}`)).json.first, 'Kept');
  assert.deepEqual(await findIn(server, words), [], 'nor does anything bring it back');
});
