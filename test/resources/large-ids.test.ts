import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer, TEST_TOKEN } from '../support/server.ts';

interface OpenApiParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: { type?: string };
}

type Paths = Record<string, Record<string, { parameters?: OpenApiParameter[] }>>;

/** All that JSON's numbers hold exactly, and more than an id's column does. */
const LARGEST = 9_007_199_254_740_991;
const ANSWERED = new Set([200, 404, 422]);

test('an id may be as large as a number can be: what has none such is not found, and nothing breaks over it', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Paths };
  const ask = async (method: string, path: string): Promise<void> => {
    const body = method === 'get' || method === 'delete' ? {} : { body: '{}' };
    const answer = await fetch(`${server.url}${path}`, { method: method.toUpperCase(), headers: { 'X-AUTH-TOKEN': TEST_TOKEN }, ...body });
    assert.ok(ANSWERED.has(answer.status), `${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  let asked = 0;
  for (const [path, operations] of Object.entries(paths)) {
    if (!path.startsWith('/v1/') || path.endsWith('/stream')) continue;
    for (const [method, { parameters = [] }] of Object.entries(operations)) {
      const filled = path.replace(/\{\w+\}/g, String(LARGEST));
      const numbers = parameters.filter((one) => one.in === 'query' && one.schema.type === 'integer' && one.name !== 'limit');
      if (filled !== path) await ask(method, filled);
      for (const { name } of numbers) await ask(method, `${filled}?${name}=${LARGEST}`);
      asked += Number(filled !== path) + numbers.length;
    }
  }
  for (const place of ['after', 'before']) await ask('get', `/v1/events?${place}=evt_${LARGEST}`);
  await ask('get', `/v1/audit?before=evt_${LARGEST}`);
  assert.ok(asked > 30, `${asked} asked`);
});
