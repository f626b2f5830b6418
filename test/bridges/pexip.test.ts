import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conferenceIn, patchRails, runCases, shapeOf } from '../support/engine-cases.ts';
import { makeEngine } from '../support/engines.ts';
import { policy } from '../support/engines/pexip.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';

const REJECT = '{"status":"success","action":"reject"}';
const caller = '+14165550123';

test('external policy: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { moderator, participant, unknown, inactive, throttled } = await runCases(t, 'pexip');
  const { status, result, action } = JSON.parse(moderator.text);
  assert.deepEqual([moderator.status, moderator.headers.get('content-type')], [200, 'application/json; charset=utf-8']);
  assert.match(result.pin, /^\d{20}$/);
  assert.deepEqual(
    [status, action, { ...result, pin: '' }],
    ['success', undefined, { service_type: 'conference', name: conferenceIn(moderator), service_tag: '1', pin: '', allow_guests: true }],
  );
  assert.equal(JSON.parse(participant.text).result.name, result.name);
  for (const refused of [unknown, inactive, throttled]) assert.deepEqual([refused.status, refused.text], [200, REJECT]);
});

test('external policy: a moderator is a host and a participant a guest, in the one leg of the call', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'pexip');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { maxParticipants: 2 });
  for (const [digits, role] of [
    [passCodes.moderatorPassCode, 'chair'],
    [passCodes.participantPassCode, 'guest'],
  ] as const) {
    const service = await policy(server.url, token, 'service/configuration', { digits, caller });
    assert.equal(JSON.parse(service.text).result.participant_limit, 2);
    for (const participant_type of ['api', 'standard']) {
      const more = { participant_type, call_uuid: '3b7b5ba4-3fab-4f5b-8a0c-3ab2ef4f6ff1', service_name: conferenceIn(service) };
      const { text } = await policy(server.url, token, 'participant/properties', { digits, caller }, more);
      assert.equal(text, `{"status":"success","result":{"preauthenticated_role":"${role}"}}`);
    }
  }
  const legs = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual(
    legs.map(({ role }: any) => role),
    ['moderator', 'participant'],
  );
  for (const { callId } of legs) assert.match(callId, /^[0-9a-f]{64}$/);
  const refused = await policy(server.url, token, 'participant/properties', { digits: '9070605040', caller });
  assert.equal(refused.text, REJECT);
});

test('external policy: an alias without a pass code, a call going out and a stranger are not let in, and never told to continue', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'pexip');
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const ask = (more: Record<string, string>, at = token) => policy(server.url, at, 'service/configuration', { digits, caller }, more);
  const unknown = await ask({ local_alias: '9070605040' });
  for (const more of [{ local_alias: 'sip:meet.alice@example.com' }, { local_alias: '' }, { call_direction: 'dial_out' }])
    assert.deepEqual(shapeOf(await ask(more)), shapeOf(unknown));
  for (const local_alias of [digits, `${digits}@meet.example.com`, `h323:${digits}`])
    assert.match((await ask({ local_alias })).text, /"service_type":"conference"/);
  assert.equal((await ask({}, 'parley_bridge_none')).status, 401);
});
