import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { SCOPES, type Scope } from '../../src/domain/caller.ts';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE } from '../support/bodies.ts';
import { runParley } from '../support/process.ts';
import { readAnswer, startTestServer, TEST_TOKEN } from '../support/server.ts';

const CALLS = [PROVISION, DEACTIVATE, REACTIVATE, GET];
const PROBLEM = 'application/problem+json';
const UNAUTHORIZED = { status: 'fail', code: 'UNAUTHORIZED', message: 'Send one valid API token in the X-AUTH-TOKEN header.', data: {} };

test('C4: the four answers have exactly the keys of the contract, in its order, none null', async (t) => {
  const server = await startTestServer(t);
  const hub = String.raw`"hub":\{"hubId":\d{6,10},"hubUrl":"[a-z0-9.-]+"\}`;
  const passCodes = String.raw`"passCodes":\{"moderatorPassCode":"[1-9]\d{9}","participantPassCode":"[1-9]\d{9}"\}`;
  const data = String.raw`\{"companyId":\d{6,10},"clientId":\d{8,10},"password":"[^"]{8,128}",${passCodes},${hub}\}`;
  const provisioned = new RegExp(`^\\{"status":"success","data":${data}\\}$`);

  const created = await server.provision();
  const { clientId } = created.data;
  assert.match(created.text, provisioned);
  assert.match((await server.provision()).text, provisioned, 'unchanged');
  assert.match((await server.provision({ client: { first: 'Other' } })).text, provisioned, 'updated');
  assert.match(
    (await server.provision({ client: { externalId: 101 }, contact: { address: null, city: null, state: null } })).text,
    provisioned,
  );

  for (const path of [DEACTIVATE, DEACTIVATE, REACTIVATE, REACTIVATE]) {
    assert.equal((await server.post(path, { clientId })).text, '{"status":"success"}', path);
  }
  assert.match((await server.post(GET, { clientId })).text, new RegExp(`^\\{"clientId":${clientId},${hub}\\}$`));
  await server.post(DEACTIVATE, { clientId });
  assert.match((await server.post(GET, { clientId })).text, new RegExp(`^\\{"clientId":${clientId},${hub}\\}$`), 'inactive');
  assert.match((await server.provision()).text, provisioned, 'inactive');
});

test('C4: every success is 200 and JSON, and an answer that carries secrets is not to be stored', async (t) => {
  const server = await startTestServer(t);
  const provisioned = await server.provision();
  assert.equal(provisioned.headers.get('cache-control'), 'no-store');
  for (const path of CALLS) {
    const body = path === PROVISION ? provisionBody() : { clientId: provisioned.data.clientId };
    const { status, headers } = await server.post(path, body, { Accept: PROBLEM });
    assert.equal(status, 200, path);
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8', path);
  }
});

test('C10: each scope opens its own calls and no others', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const needed: Record<string, Scope> = { [PROVISION]: 'provision', [DEACTIVATE]: 'provision', [REACTIVATE]: 'provision', [GET]: 'read' };
  for (const scope of SCOPES) {
    const { token } = await server.addToken('default', { scopes: [scope] });
    for (const path of CALLS) {
      const body = path === PROVISION ? provisionBody({ client: { first: 'Changed' } }) : { clientId };
      const before = await server.query('select * from clients');
      const { status, json } = await server.post(path, body, { 'X-AUTH-TOKEN': token });
      if (needed[path] === scope) {
        assert.equal(status, 200, `${scope} ${path}`);
        continue;
      }
      assert.equal(status, 403, `${scope} ${path}`);
      assert.deepEqual(json, {
        status: 'fail',
        code: 'SCOPE_REQUIRED',
        message: `This token lacks the scope "${needed[path]}". Ask the operator for one that has it.`,
        data: {},
      });
      assert.deepEqual(await server.query('select * from clients'), before);
    }
  }
});

test('C10: without the scope nobody learns whether a client exists', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const { token } = await server.addToken('default', { scopes: ['admission'] });
  for (const path of [GET, DEACTIVATE, REACTIVATE]) {
    const known = await server.post(path, { clientId }, { 'X-AUTH-TOKEN': token });
    const unknown = await server.post(path, { clientId: clientId + 1 }, { 'X-AUTH-TOKEN': token });
    assert.equal(unknown.text, known.text);
    assert.equal(unknown.status, 403);
  }
});

test('C10: a token works until the moment it expires, and then is answered as an unknown one', async (t) => {
  const server = await startTestServer(t);
  const { token } = await server.addToken('default', { expiresAt: server.now() + 3_600_000 });
  const headers = { 'X-AUTH-TOKEN': token };
  assert.equal((await server.provision({}, headers)).status, 200);
  server.advance(3_590_000);
  assert.equal((await server.provision({}, headers)).status, 200);
  server.advance(10_000);
  const expired = await server.provision({}, headers);
  const unknown = await server.provision({}, { 'X-AUTH-TOKEN': 'a-token-that-nobody-has' });
  assert.equal(expired.status, 401);
  assert.deepEqual(expired.json, UNAUTHORIZED);
  assert.equal(expired.text, unknown.text);
});

test('C10: a token revoked on the command line ends on the running server within a second', async (t) => {
  const server = await startTestServer(t);
  const { token, tokenId } = await server.addToken('default');
  const headers = { 'X-AUTH-TOKEN': token };
  const { clientId } = (await server.provision({}, headers)).data;
  const get = (): ReturnType<typeof server.post> => server.post(GET, { clientId }, headers);
  assert.equal((await get()).status, 200);

  const { code, stderr } = await runParley(['token', 'revoke', String(tokenId)], server.settings);
  const revokedAt = performance.now();
  assert.equal(code, 0, stderr);
  let answer = await get();
  while (answer.status === 200 && performance.now() - revokedAt < 1_000) answer = await get();
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.json, UNAUTHORIZED);
  assert.equal((await server.post(GET, { clientId })).status, 200, "the tenant's other token goes on");
});

test('C10: the name of the token header counts in any case', async (t) => {
  const server = await startTestServer(t);
  for (const name of ['X-AUTH-TOKEN', 'x-auth-token', 'X-Auth-Token']) {
    const response = await fetch(`${server.url}${PROVISION}`, {
      method: 'POST',
      headers: { [name]: TEST_TOKEN },
      body: JSON.stringify(provisionBody()),
    });
    assert.equal(response.status, 200, name);
  }
});

test('C11: the body is JSON whatever the content type says', async (t) => {
  const server = await startTestServer(t);
  const { text } = await server.provision();
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain;charset=UTF-8',
    'application/octet-stream',
    'nonsense',
    'a/b; c',
  ];
  for (const type of types) {
    const answer = await server.provision({}, { 'Content-Type': type });
    assert.equal(answer.status, 200, type);
    assert.equal(answer.text, text, type);
  }
  for (const type of ['application/xml', 'text/xml', 'application/soap+xml; charset=utf-8', 'multipart/form-data; boundary=x']) {
    assert.equal((await server.provision({}, { 'Content-Type': type })).status, 415, type);
  }
});

test('C12: unknown members change nothing, wherever they are', async (t) => {
  const server = await startTestServer(t);
  const { text } = await server.provision();
  const body = provisionBody({
    company: { companyId: 1, tenantId: 2 },
    client: { status: 'inactive', clientId: 3 },
    contact: { phone: null },
  });
  const again = await server.post(PROVISION, { ...body, tenant: 'other', metadata: { first: ['x'] } });
  assert.equal(again.text, text);
  assert.equal(again.headers.get('x-provision-outcome'), 'unchanged');
});

test('C12: flags that are missing or null are false', async (t) => {
  const server = await startTestServer(t);
  const flags = 'select is_global_meet_enabled, is_web_conf_enabled from companies order by company_id';
  await server.provision({ company: { externalId: 1, isGlobalMeetEnabled: undefined, isWebConfEnabled: null }, client: { externalId: 1 } });
  await server.provision({ company: { externalId: 2, isGlobalMeetEnabled: true, isWebConfEnabled: true }, client: { externalId: 2 } });
  assert.deepEqual(await server.query(flags), [
    { is_global_meet_enabled: 0, is_web_conf_enabled: 0 },
    { is_global_meet_enabled: 1, is_web_conf_enabled: 1 },
  ]);
  const changed = await server.provision({
    company: { externalId: 2, isGlobalMeetEnabled: null, isWebConfEnabled: undefined },
    client: { externalId: 2 },
  });
  assert.equal(changed.headers.get('x-provision-changed'), 'company.isGlobalMeetEnabled,company.isWebConfEnabled');
  assert.deepEqual((await server.query(flags))[1], { is_global_meet_enabled: 0, is_web_conf_enabled: 0 });
});

test('C13: texts are trimmed, and optional ones that are blank count as none', async (t) => {
  const server = await startTestServer(t);
  await server.provision({
    company: { name: ' Company Name\n' },
    client: { first: '\u00a0First', last: 'Last\t', email: ' me@example.com ' },
    contact: { address: ' ', city: '', state: null, country: ' canada ', postalCode: ' H1 ' },
  });
  assert.deepEqual(await server.query('select first, last, email, address, city, state, country, postal_code from clients'), [
    { first: 'First', last: 'Last', email: 'me@example.com', address: null, city: null, state: null, country: 'CA', postal_code: 'H1' },
  ]);
  const again = await server.provision({ contact: { address: null, city: undefined, state: ' ', country: 'CAN', postalCode: 'H1' } });
  assert.equal(again.headers.get('x-provision-outcome'), 'unchanged');
});

test('C13: every field that offends is named at once, by its path', async (t) => {
  const server = await startTestServer(t);
  const { status, json } = await server.post(PROVISION, { client: { email: 'nobody' }, contact: { country: 'USA' } });
  assert.equal(status, 422);
  assert.equal(json.code, 'FIELDS_INVALID');
  assert.deepEqual(Object.keys(json.data).toSorted(), [
    'client.email',
    'client.externalId',
    'client.first',
    'client.last',
    'company.enterpriseId',
    'company.externalId',
    'company.name',
    'contact.state',
  ]);
  assert.deepEqual(await server.query('select * from companies'), []);
});

test('C14: an id as a number, as a string of digits and in another notation is one id, and answers are numbers', async (t) => {
  const server = await startTestServer(t);
  const { text, data } = await server.provision();
  const asStrings = await server.provision({ company: { externalId: '50', enterpriseId: '0799' }, client: { externalId: '100' } });
  assert.equal(asStrings.text, text);
  const written = JSON.stringify(provisionBody())
    .replace('"externalId":100', '"externalId":1e2')
    .replace('"externalId":50', '"externalId":50.0');
  assert.equal((await server.post(PROVISION, written)).text, text);
  const got = await server.post(GET, { clientId: String(data.clientId) });
  assert.equal(got.json.clientId, data.clientId);
  assert.deepEqual(await server.query('select count(*) as n from clients'), [{ n: 1 }]);
});

test('C14: the largest id and its neighbour below are two clients', async (t) => {
  const server = await startTestServer(t);
  const largest = await server.provision({ client: { externalId: Number.MAX_SAFE_INTEGER } });
  const below = await server.provision({ client: { externalId: Number.MAX_SAFE_INTEGER - 1 } });
  assert.notEqual(largest.data.clientId, below.data.clientId);
  for (const literal of ['9007199254740992', '9007199254740993', '9007199254740991.4']) {
    const body = JSON.stringify(provisionBody()).replace('"externalId":100', `"externalId":${literal}`);
    assert.equal((await server.post(PROVISION, body)).status, 422, literal);
  }
  assert.deepEqual(await server.query('select count(*) as n from clients'), [{ n: 2 }]);
});

test('C25: status and body agree, as JSend and as RFC 9457', async (t) => {
  const server = await startTestServer(t);
  const body = provisionBody({ contact: { country: 'USA', state: null } });
  const data = { 'contact.state': 'is required when contact.country is the United States' };
  const message = 'Correct and send again: contact.state.';

  const fail = await server.post(PROVISION, body);
  assert.equal(fail.status, 422);
  assert.equal(fail.text, JSON.stringify({ status: 'fail', code: 'STATE_REQUIRED', message, data }));

  for (const accept of [PROBLEM, `${PROBLEM}, application/json;q=0.5`]) {
    const problem = await server.post(PROVISION, body, { Accept: accept });
    assert.equal(problem.status, 422);
    assert.match(problem.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.deepEqual(problem.json, {
      type: 'urn:parley:error:STATE_REQUIRED',
      title: 'Unprocessable Entity',
      status: 422,
      detail: message,
      code: 'STATE_REQUIRED',
      errors: [{ field: 'contact.state', detail: data['contact.state'] }],
    });
  }
});

test('C25: a 5xx is an error with Retry-After, never a fail, and the repeat gets its record', async (t) => {
  const server = await startTestServer(t, { PARLEY_MAX_IN_FLIGHT: '1' });
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  t.after(() => socket.destroy());
  // The 100 says that this request is under way: it stays so until its body has come.
  socket.write(`POST ${PROVISION} HTTP/1.1\r\nHost: x\r\nX-AUTH-TOKEN: ${TEST_TOKEN}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  assert.match(String(first), /^HTTP\/1\.1 100 /);

  const full = await server.provision();
  assert.equal(full.status, 503);
  assert.equal(full.headers.get('retry-after'), '1');
  assert.deepEqual(full.json, {
    status: 'error',
    code: 'OVERLOADED',
    message: 'Too much at once. Repeat the same request a little later.',
  });
  const problem = await server.provision({}, { Accept: PROBLEM });
  assert.deepEqual(problem.json, {
    type: 'urn:parley:error:OVERLOADED',
    title: 'Service Unavailable',
    status: 503,
    detail: 'Too much at once. Repeat the same request a little later.',
    code: 'OVERLOADED',
  });

  socket.write('{}');
  const [last] = (await once(socket, 'data')) as [Buffer];
  assert.match(String(last), /^HTTP\/1\.1 422 /);
  assert.equal((await server.provision()).status, 200);
});

test('C29: past its rate a token gets 429 with Retry-After and RateLimit-*, and other tokens go on', async (t) => {
  const server = await startTestServer(t, { PARLEY_RATE_LIMIT: '2' });
  const first = await server.provision();
  assert.equal(first.headers.get('ratelimit-limit'), '2');
  assert.equal(first.headers.get('ratelimit-remaining'), '1');
  assert.equal((await server.provision()).status, 200);
  const limited = await server.provision({ client: { externalId: 999 } });
  assert.equal(limited.status, 429);
  assert.deepEqual(limited.json, {
    status: 'fail',
    code: 'RATE_LIMITED',
    message: 'Too many requests with this token. Repeat after the time in Retry-After.',
    data: {},
  });
  assert.match(limited.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
  assert.equal(limited.headers.get('ratelimit-remaining'), '0');
  const { token } = await server.addToken('default');
  assert.equal((await server.provision({}, { 'X-AUTH-TOKEN': token })).text, first.text);
  assert.deepEqual(await server.query('select count(*) as n from clients'), [{ n: 1 }]);
});

test("C26: a caller's own sane request id is kept, on every answer and in its line of the log", async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const lines = (): Record<string, unknown>[] =>
    server
      .logged()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const sent: [requestId: string, path: string, body: unknown, status: number, more?: Record<string, string>][] = [
    ['a', GET, { clientId }, 200],
    ['job:7_plan.100-try-2', PROVISION, provisionBody(), 200],
    ['x'.repeat(128), DEACTIVATE, { clientId }, 200],
    ['not-found', GET, { clientId: 1 }, 404],
    ['no-token', GET, { clientId }, 401, { 'X-AUTH-TOKEN': '' }],
    ['no-json', GET, '{', 400],
    ['no-path', '/nothing', {}, 404],
    ['bad-path', '/%zz', {}, 400],
    ['xml', GET, '<a/>', 415, { 'Content-Type': 'text/xml' }],
    ['fields', PROVISION, {}, 422],
  ];
  for (const [requestId, path, body, status, more] of sent) {
    const answer = await server.post(path, body, { 'X-Request-Id': requestId, ...more });
    assert.equal(answer.status, status, requestId);
    assert.equal(answer.headers.get('x-request-id'), requestId);
  }
  // A line is written when its answer has left, which is before the next answer on the same server has been read.
  await server.post(GET, { clientId });
  for (const [requestId, , , status] of sent) {
    const [line, ...others] = lines().filter((one) => one.requestId === requestId);
    assert.equal(line?.status, status, requestId);
    assert.deepEqual(others, []);
  }
});

test('C26: an insane request id is replaced, and never logged', async (t) => {
  const server = await startTestServer(t);
  const seen = new Set<string>();
  const insane = ['', 'two words', 'x'.repeat(129), '<script>', 'a,b', 'a/b', '"quoted"', 'caf\u00e9', 'a%0ab'];
  for (const requestId of insane) {
    const { headers } = await server.provision({}, { 'X-Request-Id': requestId });
    const given = headers.get('x-request-id') ?? '';
    assert.match(given, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, requestId);
    seen.add(given);
  }
  assert.equal(seen.size, insane.length);
  for (const requestId of insane.filter((one) => one.length > 2)) assert.ok(!server.logged().includes(requestId), requestId);
});

test('C27: all four are POST, with or without a trailing slash', async (t) => {
  const server = await startTestServer(t);
  const { text, data } = await server.provision();
  assert.equal((await server.post(`${PROVISION}/`, provisionBody())).text, text);
  assert.equal((await server.post(`${PROVISION}?trace=1`, provisionBody())).text, text);
  for (const path of [DEACTIVATE, REACTIVATE, GET]) {
    const plain = await server.post(path, { clientId: data.clientId });
    const slashed = await server.post(`${path}/`, { clientId: data.clientId });
    assert.equal(slashed.status, 200, path);
    assert.equal(slashed.text, plain.text, path);
  }
});

test('C27: other methods get 405 with Allow, and get there is no back door', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  for (const path of CALLS) {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const answer = await readAnswer(
        await fetch(`${server.url}${path}`, {
          method,
          headers: { 'X-AUTH-TOKEN': TEST_TOKEN, 'X-HTTP-Method-Override': 'POST' },
          ...(method !== 'GET' && { body: JSON.stringify({ clientId }) }),
        }),
      );
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get('allow'), 'POST');
      assert.deepEqual(answer.json, { status: 'fail', code: 'METHOD_NOT_ALLOWED', message: 'Use POST.', data: {} });
    }
    const head = await fetch(`${server.url}${path}/`, { method: 'HEAD' });
    assert.equal(head.status, 405);
    assert.equal(head.headers.get('allow'), 'POST');
  }
  assert.deepEqual(await server.query('select status from clients'), [{ status: 'active' }]);
});
