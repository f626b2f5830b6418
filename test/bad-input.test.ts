import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type BadInput, body, HOST, type HttpSend, MARKER, type OpenSend, POST_LINE, type RawSend, TOKEN } from './bad-input/bad-input.ts';
import { BAD_BODIES } from './bad-input/bodies.ts';
import { BAD_FIELDS } from './bad-input/fields.ts';
import { GOOD_INPUTS } from './bad-input/good-input.ts';
import { BAD_REQUESTS } from './bad-input/requests.ts';
import { SLOW_INPUTS } from './bad-input/slow.ts';
import { PROVISION } from './support/bodies.ts';
import { exchange } from './support/raw-http.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from './support/server.ts';

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

const PROBLEM = 'application/problem+json';
const BAD_INPUTS = [...BAD_FIELDS, ...BAD_BODIES, ...BAD_REQUESTS];
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const INSIDE = /\bat \S+ \(|node_modules|\.[jt]s\b|sqlite|\bselect \S+ from\b|\binsert into\b|constraint|errno|\/work\/|\/tmp\/|FST_|HPE_/i;

async function send(url: string, input: HttpSend | RawSend | OpenSend, accept?: string): Promise<Answer> {
  if ('opening' in input) return answered(await exchange(url, { bytes: input.opening, after: input.after }));
  if ('lines' in input) {
    const [first = '', ...rest] = input.lines;
    const head = [first, ...(accept === undefined ? [] : [`Accept: ${accept}`]), ...rest, '', ''].join('\r\n');
    const bytes = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(input.payload ?? '')]);
    return answered(await exchange(url, input.after === undefined ? { bytes } : { bytes, after: input.after }));
  }
  const { method = 'POST', path = PROVISION, headers = {}, body: sent } = input;
  const all = { 'X-AUTH-TOKEN': TEST_TOKEN, Accept: accept, ...headers };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(`${url}${path}`, { method, headers: kept, ...(sent !== undefined && { body: sent as string }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function answered(answer: Answer | undefined): Answer {
  assert.ok(answer, 'the server closed the connection without an answer');
  return answer;
}

function assertAnswer({ status, headers, text }: Answer, expected: BadInput): void {
  const { code, message, data = {} } = expected;
  assert.deepEqual(JSON.parse(text), { status: 'fail', code, message, data });
  assert.equal(status, expected.status);
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  assertWellBehaved({ status, headers, text }, expected);
}

/** The same status, code and fields as RFC 9457. */
function assertProblem({ status, headers, text }: Answer, expected: BadInput): void {
  const { code, message, data = {} } = expected;
  const errors = Object.entries(data).map(([field, detail]) => ({ field, detail }));
  const { errors: told, ...problem } = JSON.parse(text);
  assert.deepEqual(problem, {
    type: `urn:parley:error:${code}`,
    title: STATUS_CODES[expected.status],
    status: expected.status,
    detail: message,
    code,
  });
  assert.deepEqual(new Set(told ?? []), new Set(errors));
  assert.equal(status, expected.status);
  assert.equal(headers.get('content-type'), `${PROBLEM}; charset=utf-8`);
  assertWellBehaved({ status, headers, text }, expected);
}

/** What holds of every refusal, whatever it refuses. */
function assertWellBehaved({ headers, text }: Answer, expected: BadInput): void {
  for (const [name, value] of Object.entries(expected.headers ?? {})) assert.equal(headers.get(name), value, name);
  assert.match(headers.get('x-request-id') ?? '', REQUEST_ID);
  assert.equal(headers.get('content-length'), String(Buffer.byteLength(text)));
  assert.doesNotMatch(text, /success/i);
  assert.doesNotMatch(text, INSIDE);
  const everything = `${text}${JSON.stringify([...headers])}`.toLowerCase();
  assert.ok(!everything.includes(MARKER), `echoed: ${everything}`);
  assert.ok(!everything.includes(TEST_TOKEN), `echoed: ${everything}`);
}

async function countRows(server: TestServer): Promise<Record<string, unknown> | undefined> {
  const tables = ['companies', 'hubs', 'clients', 'reservations', 'pass_codes'];
  const counts = tables.map((table) => `(select count(*) from ${table}) as ${table}`);
  return (await server.query(`select ${counts.join(', ')}`))[0];
}

async function sendSlowly(url: string, input: (typeof SLOW_INPUTS)[number], accept?: string): Promise<Answer & { elapsedMs: number }> {
  const startedAt = performance.now();
  return { ...(await send(url, input.send, accept)), elapsedMs: performance.now() - startedAt };
}

// Side by side, because the slow ones mostly wait.
void suite('bad input', { concurrency: true }, () => {
  test('C25: each bad input has its exact answer, in both forms, and changes nothing', { timeout: 60_000 }, async (t) => {
    const server = await startTestServer(t);
    const slow = SLOW_INPUTS.map((input) => ({
      input,
      answers: Promise.all([sendSlowly(server.url, input), sendSlowly(server.url, input, PROBLEM)]),
    }));

    for (const input of BAD_INPUTS) {
      await t.test(input.name, async () => {
        assertAnswer(await send(server.url, input.send), input);
        const asProblem = await send(server.url, input.send, PROBLEM);
        if (input.isUnread) assertAnswer(asProblem, input);
        else assertProblem(asProblem, input);
      });
    }

    await t.test('C11: a caller who hangs up within its body has changed nothing', async () => {
      const { hostname, port } = new URL(server.url);
      const head = [POST_LINE, HOST, TOKEN, 'X-Request-Id: hangs-up', `Content-Length: ${body().length + 1}`, '', ''].join('\r\n');
      const socket = connect({ host: hostname, port: Number(port) });
      socket.write(head + body(), () => socket.resetAndDestroy());
      const line = await logged(server, 'hangs-up');
      assert.equal(line.status, 'aborted');
    });

    for (const { input, answers } of slow) {
      await t.test(input.name, async () => {
        const [answer, asProblem] = await answers;
        assertAnswer(answer, input);
        if (input.isUnread) assertAnswer(asProblem, input);
        else assertProblem(asProblem, input);
        for (const { elapsedMs } of [answer, asProblem]) {
          assert.ok(elapsedMs >= input.leastMs && elapsedMs <= input.mostMs, `answered after ${elapsedMs} ms`);
        }
      });
    }

    await t.test('C25: after all of them nothing has been written, and nothing they sent is in the log', async () => {
      assert.deepEqual(await countRows(server), { companies: 0, hubs: 0, clients: 0, reservations: 0, pass_codes: 0 });
      assert.ok(!server.logged().toLowerCase().includes(MARKER));
      assert.ok(!server.logged().includes(TEST_TOKEN));
    });

    await t.test('C26: every refusal is in the log by its request id, those of the parser too', async () => {
      for (const input of [BAD_REQUESTS.find((one) => one.isUnread), BAD_BODIES[0]]) {
        const { headers, status } = await send(server.url, (input as BadInput).send);
        const line = await logged(server, headers.get('x-request-id') ?? '');
        assert.equal(line.status, status);
      }
    });

    await t.test('C1: after all of them the server still answers a good request', async () => {
      const { status, headers } = await server.provision();
      assert.equal(status, 200);
      assert.equal(headers.get('x-provision-outcome'), 'created');
      assert.deepEqual(await countRows(server), { companies: 1, hubs: 1, clients: 1, reservations: 1, pass_codes: 2 });
    });

    await t.test('C29: after all of them no request is counted as under way', async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      assert.match(metrics, /^parley_http_requests_in_flight 1$/m, 'the one that asks');
    });
  });

  test('C25: the other side of each boundary is accepted', async (t) => {
    const server = await startTestServer(t);
    for (const [index, { name, send: input, externalId }] of GOOD_INPUTS.entries()) {
      await t.test(name, async () => {
        // A tenant for each, because most of them are the same client.
        const token = await server.addTenant(`tenant ${index}`);
        const answer = await send(server.url, withToken(input, token));
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.headers.get('x-provision-outcome'), 'created');
        const { data } = JSON.parse(answer.text);
        const [row] = await server.query(`select external_id from clients where client_id = ${data.clientId}`);
        assert.equal(row?.external_id, externalId ?? 100);
      });
    }
  });
});

function withToken(input: HttpSend | RawSend | OpenSend, token: string): HttpSend | RawSend | OpenSend {
  if ('opening' in input) return input;
  if ('lines' in input) return { ...input, lines: input.lines.map((line) => line.replace(TEST_TOKEN, token)) };
  return { ...input, headers: { ...input.headers, 'X-AUTH-TOKEN': token } };
}

/** The request's line in the log, which is written when its connection is done with it. */
async function logged(server: TestServer, requestId: string): Promise<Record<string, unknown>> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await delay(5)) {
    const line = server
      .logged()
      .split('\n')
      .find((one) => one.includes(`"requestId":"${requestId}"`));
    if (line !== undefined) return JSON.parse(line);
  }
  throw new Error(`no line in the log for ${requestId}`);
}
