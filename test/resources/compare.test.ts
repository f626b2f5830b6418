import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BodyChanges, DEACTIVATE, provisionBody } from '../support/bodies.ts';
import { type Answer, startTestServer, type TestServer } from '../support/server.ts';

interface Line {
  record?: unknown;
  status?: unknown;
}

const compare = (server: TestServer, lines: readonly (Line | string)[], headers: Record<string, string> = {}): Promise<Answer> =>
  server.post('/v1/clients/compare', lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'), headers);
const line = (changes?: BodyChanges, status?: string): Line => ({ record: provisionBody(changes), ...(status && { status }) });

test('lines are compared by the rules of a provision, with what would change from what to what, and nothing is written', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const other = (await server.provision({ client: { externalId: 101 } })).data;
  await server.post(DEACTIVATE, { clientId: other.clientId });
  const before = (await server.query('select count(*) as n from journal'))[0]?.n;
  const { status, json } = await compare(server, [
    line(),
    line({}, 'active'),
    line({ client: { email: 'new@example.com' }, company: { name: 'Other' } }),
    line({}, 'inactive'),
    line({ client: { externalId: 101, first: 'Ada' } }, 'active'),
    line({ client: { externalId: 102 } }, 'inactive'),
    line({ client: { password: 'another-password-1' } }),
    line({ company: { externalId: 51 } }),
    line({ company: { enterpriseId: 1 } }),
    line({ contact: { country: 'USA', state: '' }, client: { email: 'x' } }),
  ]);
  assert.equal(status, 200);
  const told = json.items.map(({ outcome, clientId: id, changes, code }: any) => [outcome, id, changes, code]);
  assert.deepEqual(told, [
    ['unchanged', clientId, [], null],
    ['unchanged', clientId, [], null],
    [
      'update',
      clientId,
      [
        { field: 'company.name', from: 'Company Name', to: 'Other' },
        { field: 'client.email', from: 'me@example.com', to: 'new@example.com' },
      ],
      null,
    ],
    ['deactivate', clientId, [{ field: 'status', from: 'active', to: 'inactive' }], null],
    [
      'reactivate',
      other.clientId,
      [
        { field: 'client.first', from: 'First', to: 'Ada' },
        { field: 'status', from: 'inactive', to: 'active' },
      ],
      null,
    ],
    ['create', null, [{ field: 'status', from: null, to: 'inactive' }], null],
    ['update', clientId, [{ field: 'client.password', from: '***', to: '***' }], null],
    ['conflict', clientId, [], 'CLIENT_COMPANY_MISMATCH'],
    ['conflict', clientId, [], 'COMPANY_ENTERPRISE_MISMATCH'],
    ['invalid', null, [], 'FIELDS_INVALID'],
  ]);
  assert.deepEqual(Object.keys(json.items[9].problems).toSorted(), ['client.email', 'contact.state']);
  assert.equal((await server.query('select count(*) as n from journal'))[0]?.n, before);
});

test('the basis of a comparison is another one when the record has changed, and the same when it has not', async (t) => {
  const server = await startTestServer(t);
  const basis = async (): Promise<string> => (await compare(server, [line()])).json.items[0].basis;
  const empty = await basis();
  const { clientId } = (await server.provision()).data;
  const made = await basis();
  await server.provision();
  assert.equal(await basis(), made);
  const seen = [empty, made];
  for (const change of [
    () => server.provision({ client: { email: 'new@example.com' } }),
    () => server.provision({ client: { password: 'another-password-1' } }),
    () => server.provision({ company: { name: 'Other' } }),
    () => server.post(DEACTIVATE, { clientId }),
  ]) {
    await change();
    seen.push(await basis());
  }
  assert.equal(new Set(seen).size, seen.length);
});

test('a line that is wrong is told by its number, and leaves the others as they are', async (t) => {
  const server = await startTestServer(t);
  const bad: readonly [line: string | Line, code: string][] = [
    ['{', 'INVALID_JSON'],
    ['', 'INVALID_JSON'],
    ['[]', 'FIELD_REQUIRED'],
    ['7', 'FIELD_REQUIRED'],
    [{}, 'FIELD_REQUIRED'],
    ['{"record":{},"record":{}}', 'INVALID_JSON'],
    [`{"record":${'['.repeat(20)}${']'.repeat(20)}}`, 'INVALID_JSON'],
    [{ record: provisionBody(), status: 'terminated' }, 'FIELD_INVALID'],
    [{ record: provisionBody(), status: 1 }, 'FIELD_INVALID'],
    [{ record: [] }, 'FIELD_INVALID'],
  ];
  const { status, json } = await compare(server, [line(), ...bad.map(([one]) => one), line()]);
  assert.equal(status, 200);
  assert.deepEqual(
    json.items.map(({ line: number, outcome, code }: any) => [number, outcome, code]),
    [[1, 'create', null], ...bad.map(([, code], index) => [index + 2, 'invalid', code]), [bad.length + 2, 'create', null]],
  );
});

test('it has limits, needs the scope read, and another tenant sees nothing of ours', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  assert.equal(
    (
      await compare(
        server,
        Array.from({ length: 1_001 }, () => line()),
      )
    ).status,
    400,
  );
  assert.equal((await compare(server, [])).status, 400);
  const large = await compare(server, [' '.repeat(1024 * 1024 + 1)]);
  assert.deepEqual([large.status, large.json.detail], [413, 'Send at most 1048576 bytes.']);
  assert.equal((await compare(server, [line()], { 'Content-Type': 'application/xml' })).status, 415);
  assert.equal(
    (
      await compare(
        server,
        Array.from({ length: 1_000 }, () => line()),
      )
    ).json.items.length,
    1_000,
  );
  const foreign = await server.addTenant('acme');
  assert.equal((await compare(server, [line()], { 'X-AUTH-TOKEN': foreign })).json.items[0].outcome, 'create');
  const { token } = await server.addToken('default', { scopes: ['provision'] });
  assert.equal((await compare(server, [line()], { 'X-AUTH-TOKEN': token })).status, 403);
});
