import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { get } from './resources.ts';
import { type Answer, readAnswer, startTestServer, TEST_TOKEN, type TestServer } from './server.ts';
import type { Received } from './receiver.ts';

/** A server that may send to this machine. */
export async function startWebhookServer(t: TestContext, environment: Record<string, string> = {}): Promise<TestServer> {
  return startTestServer(t, { PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true', ...environment });
}

type Place = Pick<TestServer, 'url'>;

export async function call(
  server: Place,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const sent = { 'X-AUTH-TOKEN': TEST_TOKEN, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
  return readAnswer(await fetch(`${server.url}${path}`, { method, headers: sent, body: body === undefined ? null : JSON.stringify(body) }));
}

export interface Endpoint {
  endpointId: number;
  secret: string;
}

export async function createEndpoint(
  server: Place,
  url: string,
  more: object = {},
  headers: Record<string, string> = {},
): Promise<Endpoint> {
  const answer = await call(server, 'POST', '/v1/webhooks', { url, ...more }, headers);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

export async function endpointOf(server: Place, { endpointId }: Endpoint): Promise<any> {
  return (await get(server, `/v1/webhooks/${endpointId}`)).json;
}

/** The newest first. */
export async function deliveriesOf(server: Place, { endpointId }: Endpoint, query = ''): Promise<any[]> {
  return (await get(server, `/v1/webhooks/${endpointId}/deliveries?limit=200${query}`)).json.items;
}

export const typesOf = (received: readonly Received[]): string[] => received.map(({ event }) => event.type);

/** In order for each client: what came for the first time came after all that happened before it. Repeats may come at any time. */
export function assertInOrder(received: readonly Received[]): void {
  const last = new Map<number | null, number>();
  for (const { event } of received) {
    const seq = Number(event.id.slice('evt_'.length));
    const before = last.get(event.clientId) ?? 0;
    assert.ok(seq >= before, `evt_${seq} came after evt_${before} of client ${event.clientId}`);
    last.set(event.clientId, seq);
  }
}
