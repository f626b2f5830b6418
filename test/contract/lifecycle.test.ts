import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, GET, REACTIVATE } from '../support/bodies.ts';
import { startTestServer } from '../support/server.ts';

const SUCCESS = '{"status":"success"}';

test('C5: deactivating makes inactive, keeps everything, and succeeds again', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision();
  const before = await server.query('select * from pass_codes');
  for (let i = 0; i < 2; i++) {
    const { status, text } = await server.post(DEACTIVATE, { clientId: data.clientId });
    assert.deepEqual([status, text], [200, SUCCESS]);
    assert.deepEqual(await server.query('select status from clients'), [{ status: 'inactive' }]);
  }
  assert.deepEqual(await server.query('select * from pass_codes'), before);
});

test('C6: reactivating restores the same codes, and succeeds again', async (t) => {
  const server = await startTestServer(t);
  const provisioned = await server.provision();
  const { clientId } = provisioned.data;
  await server.post(DEACTIVATE, { clientId });
  for (let i = 0; i < 2; i++) {
    const { status, text } = await server.post(REACTIVATE, { clientId });
    assert.deepEqual([status, text], [200, SUCCESS]);
    assert.deepEqual(await server.query('select status from clients'), [{ status: 'active' }]);
  }
  assert.equal((await server.provision()).text, provisioned.text);
});

test('C5, C6: a terminated client may be deactivated again, and never comes back', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  await server.query(`update clients set status = 'terminated'`);
  assert.equal((await server.post(DEACTIVATE, { clientId })).text, SUCCESS);
  const refused = await server.post(REACTIVATE, { clientId });
  assert.deepEqual([refused.status, refused.json.code], [409, 'CLIENT_TERMINATED']);
  assert.deepEqual(await server.query('select status from clients'), [{ status: 'terminated' }]);
});

test('C5, C6, C7: the client must exist', async (t) => {
  const server = await startTestServer(t);
  for (const path of [DEACTIVATE, REACTIVATE, GET]) {
    const { status, json } = await server.post(path, { clientId: 10_000_000 });
    assert.equal(status, 404);
    assert.deepEqual(json, {
      status: 'fail',
      code: 'CLIENT_NOT_FOUND',
      message: 'No such client. Provision it first, or check the clientId.',
      data: { clientId: 'is not the clientId of any client of yours' },
    });
  }
});

test('C7: get answers bare, for inactive clients too', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision();
  const expected = JSON.stringify({ clientId: data.clientId, hub: data.hub });
  const active = await server.post(GET, { clientId: data.clientId });
  assert.deepEqual([active.status, active.text, active.headers.get('x-client-status')], [200, expected, 'active']);
  await server.post(DEACTIVATE, { clientId: data.clientId });
  const inactive = await server.post(GET, { clientId: String(data.clientId) });
  assert.deepEqual([inactive.status, inactive.text, inactive.headers.get('x-client-status')], [200, expected, 'inactive']);
});
