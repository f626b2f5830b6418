import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLER, makeBridge } from '../support/admission.ts';
import { get, patch as patchAt } from '../support/resources.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';

const UNKNOWN = '9070605040';
const PARIS = '+33142685300';

const patch = (server: TestServer, companyId: number, body: object, token = TEST_TOKEN) =>
  patchAt(server, `/v1/companies/${companyId}/admission`, body, { 'X-AUTH-TOKEN': token });

test('rails are changed by name, audited with before and after, and a repeat changes nothing', async (t) => {
  const server = await startTestServer(t);
  const { companyId } = (await server.provision()).data;
  const path = `/v1/companies/${companyId}/admission`;
  const none = { allowedCallerCountries: null, moderatorRequired: false, maxParticipants: null, maxDurationSeconds: null };
  assert.deepEqual((await get(server, path)).json, none);
  const set = await patch(server, companyId, { allowedCallerCountries: ['CA', 'US'], maxParticipants: 3 });
  assert.deepEqual(set.json, { ...none, allowedCallerCountries: ['CA', 'US'], maxParticipants: 3 });
  assert.deepEqual((await patch(server, companyId, { maxParticipants: 3 })).json, set.json);
  assert.deepEqual((await patch(server, companyId, { allowedCallerCountries: null })).json, { ...none, maxParticipants: 3 });
  const { items } = (await get(server, '/v1/audit?types=company.admission_changed')).json;
  assert.deepEqual(
    items.map(({ companyId: of, data, changes }: any) => [of, data.changed, changes]),
    [
      [companyId, ['allowedCallerCountries'], { allowedCallerCountries: { before: ['CA', 'US'], after: null } }],
      [
        companyId,
        ['allowedCallerCountries', 'maxParticipants'],
        { allowedCallerCountries: { before: null, after: ['CA', 'US'] }, maxParticipants: { before: null, after: 3 } },
      ],
    ],
  );
  const wrong = { allowedCallerCountries: ['ca'], moderatorRequired: 'yes', maxParticipants: 0, maxDurationSeconds: 1, other: 1 };
  const refused = await patch(server, companyId, wrong);
  assert.deepEqual([refused.status, refused.json.errors.length], [422, 5]);
  const { token } = await server.addToken('default', { scopes: ['read', 'provision'] });
  assert.equal((await patch(server, companyId, { maxParticipants: 1 }, token)).json.code, 'SCOPE_REQUIRED');
  assert.equal((await patch(server, companyId + 1, { maxParticipants: 1 })).json.code, 'COMPANY_NOT_FOUND');
  const other = await server.addTenant('other');
  assert.equal((await patch(server, companyId, { maxParticipants: 1 }, other)).json.code, 'COMPANY_NOT_FOUND');
});

test('who calls from a country that is not let in, or hides the number, is answered as for an unknown code', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { companyId, passCodes } = (await server.provision()).data;
  const digits = passCodes.moderatorPassCode;
  await patch(server, companyId, { allowedCallerCountries: ['CA'] });
  const unknown = (await bridge.ask({ digits: UNKNOWN })).json;
  for (const caller of [PARIS, 'anonymous', '', '+1', 'sip:someone@example.com'])
    assert.deepEqual((await bridge.ask({ digits, caller })).json, unknown, caller);
  for (const caller of [CALLER, '14165550123', 'sip:+14165550123@carrier.example', '+1 (416) 555-0123'])
    assert.equal((await bridge.ask({ digits, caller })).json.action, 'accept', caller);
});

test('limits of the company are in the answer: participants wait for a moderator, and nobody stays longer', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { companyId, passCodes } = (await server.provision()).data;
  await patch(server, companyId, { moderatorRequired: true, maxParticipants: 9, maxDurationSeconds: 3_600 });
  const limits = { maxParticipants: 9, maxDurationSeconds: 3_600 };
  assert.deepEqual((await bridge.ask({ digits: passCodes.participantPassCode })).json.limits, { ...limits, waitForModerator: true });
  assert.deepEqual((await bridge.ask({ digits: passCodes.moderatorPassCode })).json.limits, { ...limits, waitForModerator: false });
});

test('of many who come at once no more are let in than may, and a place is free again when somebody leaves or never joins', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { companyId, passCodes } = (await server.provision()).data;
  await patch(server, companyId, { maxParticipants: 3 });
  const ask = (callId: string) => bridge.ask({ callId, digits: passCodes.participantPassCode });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => ask(`call ${i}`)));
  const inside = answers.flatMap(({ json }, i) => (json.action === 'accept' ? [`call ${i}`] : []));
  assert.equal(inside.length, 3);
  const full = { action: 'reject', reason: 'conference_full', triesLeft: 0 };
  for (const { json } of answers) if (json.action !== 'accept') assert.deepEqual(json, full);
  const [first, second] = inside as [string, string];
  assert.equal((await ask(first)).json.action, 'accept');

  const { conference } = (await ask(first)).json;
  await bridge.tell([{ type: 'joined', conference, callId: first }]);
  await bridge.tell([
    { type: 'joined', conference, callId: second },
    { type: 'left', conference, callId: second },
  ]);
  assert.equal((await ask('late')).json.action, 'accept');
  assert.deepEqual((await ask('later')).json, full);
  server.advance(2 * 24 * 3_600_000);
  assert.equal((await ask('next day')).json.action, 'accept');
});
