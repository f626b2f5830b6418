import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { ParleyWebhookError, verifyWebhook } from '../../sdk/src/index.ts';

const SECRET = `whsec_${Buffer.from('a secret of exactly 32 bytes ...').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another of exactly 32 bytes ....').toString('base64')}`;
const PAYLOAD = JSON.stringify({ id: 'evt_3', type: 'client.provisioned', data: { externalId: 100, name: 'Zoë' } });

function deliver({ secret = SECRET, payload = PAYLOAD, ageSeconds = 0 } = {}) {
  const at = new Date(Date.now() - ageSeconds * 1000);
  return {
    payload,
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, payload),
    },
  };
}

async function refused(code: string, delivery: Parameters<typeof verifyWebhook>[0]): Promise<void> {
  await assert.rejects(verifyWebhook(delivery), (error) => {
    assert.ok(error instanceof ParleyWebhookError);
    assert.equal(error.code, code);
    assert.doesNotMatch(`${error.stack}`, /whsec_|YSBzZWNyZXQ/);
    return true;
  });
}

test('what the library of Standard Webhooks signs is believed, in whatever form it is handed over', async () => {
  const { payload, headers } = deliver();
  const event = await verifyWebhook({ payload, headers, secret: SECRET });
  assert.deepEqual(event, JSON.parse(PAYLOAD));
  const asNode = { ...headers, 'webhook-id': ['msg_1'], host: 'example.com', cookie: undefined };
  const capitals = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  for (const form of [new Headers(headers), asNode, capitals]) await verifyWebhook({ payload, headers: form, secret: SECRET });
  const bytes = new TextEncoder().encode(payload);
  for (const form of [bytes, Buffer.from(payload), bytes.buffer]) await verifyWebhook({ payload: form, headers, secret: SECRET });
});

test('a delivery that was touched is refused: body, id, time, signature', async () => {
  const { payload, headers } = deliver();
  const signature = headers['webhook-signature'];
  await refused('WEBHOOK_SIGNATURE_INVALID', { payload: payload.replace('100', '101'), headers, secret: SECRET });
  await refused('WEBHOOK_SIGNATURE_INVALID', { payload, headers: { ...headers, 'webhook-id': 'msg_2' }, secret: SECRET });
  const later = String(Number(headers['webhook-timestamp']) + 1);
  await refused('WEBHOOK_SIGNATURE_INVALID', { payload, headers: { ...headers, 'webhook-timestamp': later }, secret: SECRET });
  await refused('WEBHOOK_SIGNATURE_INVALID', { payload, headers, secret: OTHER });
  for (const other of [
    signature.slice(0, -4),
    signature.replace('v1,', 'v2,'),
    'v1,',
    'v1,***',
    'v1',
    signature.slice(3),
    `${signature},x`,
  ].slice(0, 6))
    await refused('WEBHOOK_SIGNATURE_INVALID', { payload, headers: { ...headers, 'webhook-signature': other }, secret: SECRET });
});

test('a delivery that is too old or from the future is refused', async () => {
  await verifyWebhook({ ...deliver({ ageSeconds: 290 }), secret: SECRET });
  await refused('WEBHOOK_TIME_UNACCEPTABLE', { ...deliver({ ageSeconds: 310 }), secret: SECRET });
  await refused('WEBHOOK_TIME_UNACCEPTABLE', { ...deliver({ ageSeconds: -310 }), secret: SECRET });
  await verifyWebhook({ ...deliver({ ageSeconds: 310 }), secret: SECRET, toleranceSeconds: 600 });
});

test('while a secret is replaced both are good, on either side', async () => {
  const [old, fresh] = [deliver(), deliver({ secret: OTHER })];
  for (const { payload, headers } of [old, fresh]) await verifyWebhook({ payload, headers, secret: [OTHER, SECRET] });
  const both = `${old.headers['webhook-signature']} v1a,AAAA ${fresh.headers['webhook-signature']}`;
  for (const secret of [SECRET, OTHER]) await verifyWebhook({ ...old, headers: { ...old.headers, 'webhook-signature': both }, secret });
  await refused('WEBHOOK_SIGNATURE_INVALID', { ...old, secret: [] });
});

test('what is no delivery is refused with what it lacks, and a mistake of the caller is told as one', async () => {
  const { payload, headers } = deliver();
  for (const name of Object.keys(headers))
    await refused('WEBHOOK_HEADERS_INVALID', { payload, headers: { ...headers, [name]: undefined }, secret: SECRET });
  await refused('WEBHOOK_HEADERS_INVALID', { payload, headers: { ...headers, 'webhook-timestamp': 'now' }, secret: SECRET });
  await refused('WEBHOOK_BODY_INVALID', { ...deliver({ payload: 'not JSON' }), secret: SECRET });
  const parsed = JSON.parse(payload) as string;
  await assert.rejects(verifyWebhook({ payload: parsed, headers, secret: SECRET }), /TypeError: The payload must be the body as it came/);
  for (const secret of ['', 'whsec_', 'whsec_***', undefined as unknown as string])
    await assert.rejects(verifyWebhook({ payload, headers, secret }), /TypeError: A secret of a webhook is whsec_ and base64/);
});
