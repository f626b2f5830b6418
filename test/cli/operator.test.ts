import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET } from '../support/bodies.ts';
import { runParley } from '../support/process.ts';
import { makeDataDir, startTestServer } from '../support/server.ts';

test('parley tenant: create, list and update, beside a running server', async (t) => {
  const server = await startTestServer(t);
  const settings = server.settings;
  const made = await runParley(['tenant', 'create', 'acme', '--on-difference', 'keep', '--json'], settings);
  assert.deepEqual(
    [made.code, JSON.parse(made.stdout)],
    [0, { tenantId: 2, name: 'acme', onDifference: 'keep', passwordDisclosure: 'always', isSandbox: false }],
  );
  const again = await runParley(['tenant', 'create', 'acme'], settings);
  assert.deepEqual([again.code, again.stderr], [1, 'There is a tenant "acme" already. Choose another name.\n']);

  const updated = await runParley(['tenant', 'update', 'acme', '--password-disclosure', 'never'], settings);
  assert.deepEqual([updated.code, updated.stdout], [0, 'Tenant "acme": on difference keep, password disclosure never.\n']);
  assert.equal(
    (await runParley(['tenant', 'update', 'nobody'], settings)).stderr,
    'There is no tenant "nobody". See: parley tenant list\n',
  );
  const listed = JSON.parse((await runParley(['tenant', 'list', '--json'], settings)).stdout) as { name: string; liveTokens: number }[];
  assert.deepEqual(
    listed.map(({ name, liveTokens }) => [name, liveTokens]),
    [
      ['default', 1],
      ['acme', 0],
    ],
  );
  assert.match((await runParley(['tenant', 'list'], settings)).stdout, /│ acme +│ 0 +│ 0 +│ keep +│ never/);
});

test('parley token: create prints it once, list shows no secret, last use is recorded', async (t) => {
  const server = await startTestServer(t);
  const settings = server.settings;
  const made = await runParley(['token', 'create', 'billing', '--scopes', 'read', '--expires', '90d'], settings);
  assert.match(made.stdout, /^parley_[a-z2-7]{38}\n$/);
  const token = made.stdout.trim();
  assert.equal((await server.post(GET, { clientId: 1 }, { 'X-AUTH-TOKEN': token })).status, 404);
  await server.stop();

  const { stdout } = await runParley(['token', 'list', '--json'], settings);
  assert.ok(!stdout.includes(token));
  const listed = (JSON.parse(stdout) as Record<string, any>[]).find(({ name }) => name === 'billing');
  assert.deepEqual(listed?.scopes, ['read']);
  assert.ok(Math.abs(listed?.expiresAt - Date.now() - 90 * 86_400_000) < 60_000);
  assert.ok(Date.now() - listed?.lastUsedAt < 60_000);
  assert.match((await runParley(['token', 'list'], settings)).stdout, /billing +│ parley_[a-z2-7]{4}… │ read +│ live/);
});

test('exit codes: 0 done, 1 not done, 2 a command line that is wrong', async () => {
  const settings = { PARLEY_DATA_DIR: makeDataDir() };
  const none = await runParley(['token', 'list'], settings);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^There is no database at .* yet\. Start the server once, or set PARLEY_DATA_DIR/);
  for (const args of [
    ['nonsense'],
    ['token', 'create'],
    ['token', 'create', 'x', '--scopes', 'everything'],
    ['token', 'create', 'x', '--expires', 'soon'],
    ['tenant', 'create', 'x', '--on-difference', 'ask'],
    ['serve', '--fast'],
    ['token', 'revoke', 'x'],
  ]) {
    const { code, stderr } = await runParley(args, settings);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /^error: /, args.join(' '));
  }
  for (const args of [['--help'], ['--version'], ['token', '--help']]) assert.equal((await runParley(args, settings)).code, 0);
});
