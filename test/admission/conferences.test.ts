import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LegBook } from '../../src/admission/leg-book.ts';
import type { NewLeg } from '../../src/domain/leg.ts';
import type { AdmissionStore, AdmittedLeg } from '../../src/store/admission.ts';
import { CALLER, makeBridge, NUMBER, putInService } from '../support/admission.ts';
import { makeEngine } from '../support/engines.ts';
import { get } from '../support/resources.ts';
import { type Answer, startTestServer } from '../support/server.ts';

const MINUTE_MS = 60_000;

test('who joins is in the conference until told that they left, masked; other tenants see nothing of it', async (t) => {
  const server = await startTestServer(t);
  const other = await server.addTenant('other');
  await putInService(server, NUMBER, null);
  const [bridge, otherBridge] = [await makeBridge(server), await makeBridge(server, 'other')];
  const { clientId, companyId, passCodes } = (await server.provision()).data;
  const ask = (callId: string, digits: string): Promise<Answer> => bridge.ask({ callId, digits, accessNumber: NUMBER });
  const { conference } = (await ask('a', passCodes.moderatorPassCode)).json;
  await ask('b', passCodes.participantPassCode);
  assert.equal((await bridge.tell([{ type: 'joined', conference, callId: 'a' }])).text, '{"status":"success"}');
  const live = async (token?: string) => (await get(server, '/v1/conferences', token ? { 'X-AUTH-TOKEN': token } : {})).json.items;
  const [one, ...none] = await live();
  assert.deepEqual([none, one.conference, one.clientId, one.companyId], [[], conference, clientId, companyId]);
  assert.deepEqual(
    one.participants.map(({ role, state, caller, accessNumber }: any) => [role, state, caller, accessNumber]),
    [
      ['moderator', 'joined', '+141******23', NUMBER],
      ['participant', 'admitted', '+141******23', NUMBER],
    ],
  );
  assert.deepEqual(await live(other), []);
  const counts = ['clientId=' + clientId, 'companyId=' + companyId, 'clientId=1', 'companyId=1'].map(
    async (asked) => (await get(server, `/v1/conferences?${asked}`)).json.items.length,
  );
  assert.deepEqual(await Promise.all(counts), [1, 1, 0, 0]);
  assert.equal((await get(server, '/v1/conferences?client=1')).json.code, 'FIELD_INVALID');
  assert.deepEqual((await get(server, '/v1/usage', { 'X-AUTH-TOKEN': other })).json.items, []);
  const meddled = await otherBridge.tell([{ type: 'left', conference, callId: 'a' }]);
  assert.deepEqual([meddled.status, Object.keys(meddled.json.data)], [422, ['conference']]);
  assert.equal((await bridge.tell([{ type: 'left', conference: 'c-00', callId: 'a' }])).status, 422);

  await bridge.tell([{ type: 'left', conference, callId: 'a' }]);
  await bridge.tell([{ type: 'joined', conference, callId: 'b' }]);
  assert.deepEqual(
    (await live())[0].participants.map(({ role }: any) => role),
    ['participant'],
  );
  await bridge.tell([{ type: 'left', conference, callId: 'b' }]);
  assert.deepEqual(await live(), []);
});

test('reports may come twice, late, in the wrong order and of a leg that nobody has heard of', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { passCodes } = (await server.provision()).data;
  const { conference } = (await bridge.ask({ callId: 'a', digits: passCodes.moderatorPassCode })).json;
  const at = (ms: number): string => new Date(server.now() + ms).toISOString();
  const [joined, left, again, end] = [at(-9 * MINUTE_MS), at(-6 * MINUTE_MS), at(-4 * MINUTE_MS), at(-MINUTE_MS)];
  const of = async (callId: string) => (await get(server, '/v1/usage')).json.items.find((leg: any) => leg.callId === callId);
  const tell = (type: string, callId: string, time?: string) => bridge.tell([{ type, conference, callId, ...(time && { at: time }) }]);
  for (let times = 0; times < 2; times++) {
    await tell('left', 'a', left);
    await tell('joined', 'a', joined);
    const leg = await of('a');
    assert.deepEqual([leg.joinedAt, leg.leftAt, leg.seconds, leg.endedBy], [joined, left, 180, 'report']);
  }
  await tell('joined', 'a', again);
  assert.equal((await of('a')).leftAt, null);
  await tell('left', 'a', end);
  await tell('joined', 'a');
  assert.deepEqual([(await of('a')).leftAt, (await of('a')).seconds], [end, 480]);

  await tell('joined', 'unheard of', joined);
  const unheard = await of('unheard of');
  assert.deepEqual([unheard.role, unheard.joinedAt, unheard.leftAt], ['participant', joined, null]);
});

test('a leg that nobody ends is over when its time is', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { passCodes } = (await server.provision()).data;
  const { conference } = (await bridge.ask({ callId: 'a', digits: passCodes.moderatorPassCode })).json;
  await bridge.tell([{ type: 'joined', conference, callId: 'a' }]);
  const live = async () => (await get(server, '/v1/conferences')).json.items.length;
  server.advance(23 * 60 * MINUTE_MS);
  assert.equal(await live(), 1);
  server.advance(2 * 60 * MINUTE_MS);
  assert.equal(await live(), 0);
});

test('more participants than can be told are not taken for all: who asks is told so, and is told of all of one client’s', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const [crowd, other] = [(await server.provision()).data, (await server.provision({ client: { externalId: 101 } })).data];
  for (const { passCodes } of [crowd, other]) await bridge.ask({ digits: passCodes.participantPassCode });
  const live = async (query = '') => (await get(server, `/v1/conferences${query}`)).json;
  assert.deepEqual([(await live()).items.length, (await live()).hasMore], [2, false]);
  const copied = 'tenant_id, client_id, company_id, conference, role, bridge_id, admitted_at, expires_at';
  for (let copies = 1; copies <= 10_000; copies *= 2) {
    const doubled = `insert into legs (leg_key, ${copied}) select leg_key || '+${copies}', ${copied} from legs where client_id = ${crowd.clientId}`;
    await server.query(doubled);
  }
  const { items, hasMore } = await live();
  const told = items.reduce((sum: number, { participants }: any) => sum + participants.length, 0);
  assert.deepEqual([told, hasMore], [10_000, true]);
  const one = await live(`?clientId=${other.clientId}`);
  assert.deepEqual([one.items.length, one.hasMore], [1, false]);
});

test('usage is a record for each leg, by page, filter and as CSV', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const first = (await server.provision()).data;
  const second = (await server.provision({ company: { externalId: 51 }, client: { externalId: 101 } })).data;
  for (const { passCodes } of [first, second, first]) {
    const callId = `=call, "${Math.random()}"`;
    const { conference } = (await bridge.ask({ callId, digits: passCodes.participantPassCode })).json;
    await bridge.tell([{ type: 'joined', conference, callId }]);
    server.advance(90_000);
    await bridge.tell([{ type: 'left', conference, callId }]);
  }
  const { items, next } = (await get(server, '/v1/usage?limit=2')).json;
  assert.deepEqual(
    items.map(({ clientId, seconds }: any) => [clientId, seconds]),
    [
      [first.clientId, 90],
      [second.clientId, 90],
    ],
  );
  const rest = (await get(server, `/v1/usage?limit=2&after=${next}`)).json;
  assert.deepEqual([rest.items.length, rest.next], [1, null]);
  const latest = (await get(server, '/v1/usage?order=desc&limit=2')).json;
  assert.deepEqual(latest.items, [rest.items[0], items[1]]);
  const oldest = (await get(server, `/v1/usage?order=desc&limit=2&before=${latest.next}`)).json;
  assert.deepEqual(oldest, { items: [items[0]], next: null });
  assert.equal((await get(server, `/v1/usage?clientId=${first.clientId}`)).json.items.length, 2);
  assert.equal((await get(server, `/v1/usage?companyId=${second.companyId}`)).json.items.length, 1);
  const { admittedAt } = items[1];
  assert.equal((await get(server, `/v1/usage?from=${admittedAt}`)).json.items.length, 2);
  assert.equal((await get(server, `/v1/usage?to=${admittedAt}`)).json.items.length, 1);

  for (const asked of [get(server, '/v1/usage?format=csv&limit=2'), get(server, '/v1/usage?limit=2', { accept: 'text/csv' })]) {
    const csv = await asked;
    assert.deepEqual([csv.headers.get('content-type'), csv.headers.get('x-next')], ['text/csv; charset=utf-8', String(next)]);
    const [head, ...lines] = csv.text.trimEnd().split('\r\n');
    assert.equal(head, Object.keys(items[0]).join(','));
    assert.equal(lines.length, 2);
    assert.match(lines[0] as string, /,"'=call, ""0\.\d+""",\+141\*{6}23,/);
  }
});

test('of a client that is erased the times stay, and nothing of its callers is in the whole database', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { clientId, passCodes } = (await server.provision()).data;
  const callId = 'SIP-1a2b3c-person';
  const { conference } = (await bridge.ask({ callId, digits: passCodes.moderatorPassCode })).json;
  await bridge.tell([
    { type: 'joined', conference, callId },
    { type: 'left', conference, callId },
  ]);
  assert.equal((await get(server, '/v1/usage')).json.items[0].callId, callId);
  await server.post(`/v1/clients/${clientId}/erase`, {});
  const [leg] = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual([leg.clientId, leg.callId, leg.caller, leg.endedBy, leg.seconds], [clientId, null, null, 'report', 0]);
  const rows = await server.query('select * from legs');
  const text = JSON.stringify([...rows, ...(await server.query('select * from caller_pairs'))], (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
  for (const trace of [callId, CALLER, '141******23']) assert.ok(!text.includes(trace), trace);
  assert.equal(rows[0]?.caller_digest, null);
  assert.deepEqual(await server.query('select * from caller_pairs'), []);
  // Who reports late about somebody who was forgotten is not told of a leg that is kept.
  assert.equal((await bridge.tell([{ type: 'joined', conference, callId: 'late' }])).status, 422);
});

test('a call id that cannot be kept is refused, in every dialect’s words, and nobody else’s leg waits for it', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { moderatorPassCode: digits, participantPassCode } = (await server.provision()).data.passCodes;
  for (const callId of ['a\u0000b', 'half a pair \ud800', `too long ${'x'.repeat(255)}`]) {
    const { status, json } = await bridge.ask({ callId, digits });
    assert.deepEqual([status, Object.keys(json.data)], [422, ['callId']], JSON.stringify(callId));
  }
  const { token } = await makeEngine(server, 'asterisk');
  const form = new URLSearchParams({ call: 'a\u0000b', digits, caller: CALLER });
  const asked = await fetch(`${server.url}/admission/asterisk`, { method: 'POST', headers: { 'X-AUTH-TOKEN': token }, body: form });
  assert.deepEqual([asked.status, Object.keys(((await asked.json()) as { data: object }).data)], [422, ['call']]);
  await bridge.ask({ callId: 'kept', digits: participantPassCode });
  assert.deepEqual(
    (await get(server, '/v1/usage')).json.items.map(({ callId }: { callId: string }) => callId),
    ['kept'],
  );
});

test('a leg that the store will never take holds up none of those that came with it', async () => {
  const taken: string[] = [];
  const failures: unknown[] = [];
  const store = {
    recordLegs: async (legs: readonly AdmittedLeg[]) => {
      if (legs.some(({ leg }) => leg.legKey === 'bad')) throw new Error('invalid byte sequence');
      taken.push(...legs.map(({ leg }) => leg.legKey));
    },
  } as unknown as AdmissionStore;
  const book = new LegBook(store, (error) => failures.push(error));
  for (const legKey of ['first', 'bad', 'last']) await book.add({ leg: { legKey } as NewLeg, pair: undefined });
  await book.flush();
  assert.deepEqual([taken, failures.length], [['first', 'last'], 2]);
  await book.stop();
});
