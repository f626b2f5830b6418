import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { provisionBody } from '../support/bodies.ts';
import { openDesk as openPlainDesk, type Desk as PlainDesk } from '../support/desk.ts';
import { collect, environmentWith, type Finished, PARLEY, runParley, startParley } from '../support/process.ts';
import { TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';

interface Desk extends PlainDesk {
  run: (args: string[], input?: string) => Promise<Finished>;
}

async function openDesk(t: TestContext): Promise<Desk> {
  const desk = await openPlainDesk(t);
  return { ...desk, run: (args, input) => runParley(args, desk.settings, desk.home, input) };
}

const RECORD = [
  '--external-id=100',
  '--first=Ada',
  '--last=Lovelace',
  '--email=ada@example.com',
  '--country=Canada',
  '--company-external-id=50',
  '--enterprise-id=799',
  '--company-name=Analytical',
  '--global-meet=yes',
];

test('a client is provisioned from options, looked at, found, closed, opened and ended', async (t) => {
  const { run } = await openDesk(t);
  assert.equal((await run(['provision', ...RECORD, '--dry-run'])).stdout, 'A new client would be made. Nothing was written.\n');
  const made = await run(['provision', ...RECORD, '--json']);
  const { clientId, outcome, status, passCodes, password } = JSON.parse(made.stdout);
  assert.deepEqual([made.code, made.stderr, outcome, status], [0, '', 'created', 'active']);
  const again = await run(['provision', ...RECORD]);
  assert.match(again.stdout, new RegExp(`^Client ${clientId} is as it was\\.`));
  for (const shown of [password, passCodes.moderatorPassCode, passCodes.participantPassCode]) assert.ok(again.stdout.includes(shown));

  const id = String(clientId);
  const get = JSON.parse((await run(['get', id, '--json'])).stdout);
  assert.deepEqual(Object.keys(get), ['clientId', 'hub', 'status']);
  assert.match((await run(['get', id])).stdout, /Status +│ active/);
  const shown = JSON.parse((await run(['show', '--external-id', '100', '--json'])).stdout);
  assert.deepEqual([shown.clientId, shown.first, shown.company.name], [clientId, 'Ada', 'Analytical']);
  assert.match((await run(['show', id])).stdout, /E-mail +│ ada@example\.com/);
  assert.match((await run(['find', 'lovelace', 'analyt'])).stdout, new RegExp(`${id} +│ 100 +│ active +│ Ada Lovelace`));
  assert.equal((await run(['find', 'nobody'])).stdout, 'No client matches all of these words.\n');

  const preview = await run(['deactivate', id, '--dry-run']);
  assert.equal(preview.stdout, `Client ${id} (Ada Lovelace, Analytical) is active and would be inactive. Nothing was changed.\n`);
  assert.match((await run(['get', id])).stdout, /active/);
  assert.equal((await run(['deactivate', '--external-id', '100'])).stdout, `Client ${id} is inactive.\n`);
  assert.deepEqual(JSON.parse((await run(['deactivate', id, '--dry-run', '--json'])).stdout), { clientId, changes: [] });
  assert.deepEqual(JSON.parse((await run(['reactivate', id, '--dry-run', '--json'])).stdout).changes, [
    { field: 'status', from: 'inactive', to: 'active' },
  ]);
  assert.deepEqual(JSON.parse((await run(['reactivate', id, '--json'])).stdout), { clientId, status: 'active' });

  assert.match((await run(['rotate', id, '--dry-run'])).stdout, /would get two new pass codes/);
  const rotated = JSON.parse((await run(['rotate', id, '--overlap', '0', '--json'])).stdout);
  assert.notEqual(rotated.passCodes.moderatorPassCode, passCodes.moderatorPassCode);

  const end = ['terminate', id, '--reason', 'Contract ended'];
  assert.match((await run([...end, '--dry-run'])).stdout, /would be ended for good, now\. Nothing was changed/);
  const unasked = await run(end);
  assert.deepEqual([unasked.code, unasked.stderr], [1, 'Nobody can be asked here, because standard input is not a terminal: add --yes.\n']);
  assert.equal(JSON.parse((await run([...end, '--at', '2099-01-01T00:00:00Z', '--yes', '--json'])).stdout).status, 'active');
  assert.equal((await run([...end, '--yes'])).stdout, `Client ${id} (Ada Lovelace, Analytical) is terminated.\n`);
  assert.equal((await run(['reactivate', id])).code, 1);
});

test('a record comes from a file or standard input, options go before it, and a dry run tells from what to what', async (t) => {
  const { run, home } = await openDesk(t);
  const record = provisionBody({ client: { password: 'from-the-record-1' } });
  writeFileSync(join(home, 'record.json'), JSON.stringify(record));
  assert.equal(JSON.parse((await run(['provision', 'record.json', '--json'])).stdout).password, 'from-the-record-1');
  assert.equal(JSON.parse((await run(['provision', '-', '--json'], JSON.stringify(record))).stdout).outcome, 'unchanged');
  const change = ['provision', 'record.json', '--email', 'new@example.com', '--company-name', 'Other'];
  assert.deepEqual(JSON.parse((await run([...change, '--dry-run', '--json'])).stdout).changes, [
    { field: 'company.name', from: 'Company Name', to: 'Other' },
    { field: 'client.email', from: 'me@example.com', to: 'new@example.com' },
  ]);
  assert.match((await run([...change, '--dry-run'])).stdout, /client\.email +│ me@example\.com +│ new@example\.com/);
  writeFileSync(join(home, 'password'), 'from-a-file-22\n');
  const other = await run(['provision', 'record.json', '--password-file', 'password', '--dry-run', '--json']);
  assert.deepEqual(JSON.parse(other.stdout).changes, [{ field: 'client.password', from: '***', to: '***' }]);
  assert.equal(
    JSON.parse((await run(['provision', 'record.json', '--password-file', 'password', '--json'])).stdout).password,
    'from-a-file-22',
  );
  const strict = await run(['provision', 'record.json', '--only-if-new']);
  assert.deepEqual([strict.code, strict.stderr], [1, 'client.externalId is provisioned already. The option is --external-id.\n']);
});

test('what is wrong is told by one sentence for each field, with the option that mends it', async (t) => {
  const { run, settings, home } = await openDesk(t);
  const missing = await run(['provision', '--external-id', '100', '--country', 'USA']);
  assert.equal(missing.code, 1);
  const lines = missing.stderr.trim().split('\n');
  assert.ok(lines.includes('client.email is required. The option is --email.'), missing.stderr);
  assert.ok(
    lines.some((line) => /^contact\.state is required .*\. The option is --state\.$/.test(line)),
    missing.stderr,
  );
  for (const [text, sentence] of [
    ['{', 'Standard input is not JSON. Give one record, as docs/command-line.md shows it.\n'],
    ['[]', 'Standard input must hold one JSON object with the members company, client and contact.\n'],
    ['{"client":7}', 'Standard input: client must be a JSON object.\n'],
  ] as const)
    assert.deepEqual(await run(['provision', '-'], text), { code: 1, stdout: '', stderr: sentence });
  assert.match((await run(['provision', 'no-such-file.json'])).stderr, /^no-such-file\.json cannot be read: ENOENT\./);
  assert.match((await run(['show', '12345678'])).stderr, /^There is no client 12345678 here\. Search for it/);

  const refused = await runParley(['get', '1'], { ...settings, PARLEY_TOKEN: 'not-a-token-of-this-server' });
  assert.match(refused.stderr, /does not accept the token\. It is from the variable PARLEY_TOKEN;/);
  const path = join(home, 'token');
  writeFileSync(path, 'another-wrong-token-here\n');
  const fromFile = await runParley(['get', '1'], { ...settings, PARLEY_TOKEN: '', PARLEY_TOKEN_FILE: path });
  assert.ok(fromFile.stderr.includes(`It is from the file ${path}, which PARLEY_TOKEN_FILE names`), fromFile.stderr);
  const nowhere = await runParley(['get', '1'], { ...settings, PARLEY_URL: 'http://127.0.0.1:1' });
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /^No connection to http:\/\/127\.0\.0\.1:1.* The address is from the variable PARLEY_URL; .*--url/);
  for (const { stderr } of [refused, fromFile, nowhere]) assert.ok(!/not-a-token|another-wrong|a-token-for/.test(stderr));
  const unset = await runParley(['get', '1'], { HOME: home, XDG_CONFIG_HOME: home });
  assert.match(unset.stderr, /^No server is named\. Set PARLEY_URL/);
  for (const args of [
    ['show'],
    ['show', '1', '--external-id', '2'],
    ['get', 'x'],
    ['terminate', '1'],
    ['find'],
    ['watch', '--after', '5'],
  ]) {
    const { code, stderr } = await run(args);
    assert.deepEqual([code, stderr.startsWith('error: ')], [2, true], args.join(' '));
  }
});

test('a token that lacks a scope is told with where it came from', async (t) => {
  const { server, settings } = await openDesk(t);
  const { token } = await server.addToken('default', { scopes: ['read'] });
  const { code, stderr } = await runParley(['provision', ...RECORD], { ...settings, PARLEY_TOKEN: token });
  assert.equal(code, 1);
  assert.match(stderr, /lacks the scope "provision".* The token is from the variable PARLEY_TOKEN\./);
  assert.ok(!stderr.includes(token));
});

test('parley login keeps a token that works, for its owner alone, and for its server alone', async (t) => {
  const { server, home, settings } = await openDesk(t);
  const bare = { HOME: home, XDG_CONFIG_HOME: settings.XDG_CONFIG_HOME as string };
  const path = join(home, 'config/parley/profiles.json');
  const wrong = await runParley(['login', '--url', server.url], bare, home, 'wrong-token-1234567890');
  assert.match(wrong.stderr, /does not accept the token\. It is from what was typed or piped in/);
  assert.ok(!existsSync(path));

  const login = await runParley(['login', '--url', server.url], bare, home, `${TEST_TOKEN}\n`);
  assert.deepEqual([login.code, login.stdout.includes(TEST_TOKEN)], [0, false]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).default.token, TEST_TOKEN);
  assert.equal((await runParley(['find', 'x'], bare)).code, 0);
  await runParley(['login', '--profile', 'test'], { ...bare, PARLEY_URL: server.url }, home, TEST_TOKEN);
  assert.equal((await runParley(['find', 'x', '--profile', 'test'], bare)).code, 0);
  assert.match((await runParley(['find', 'x', '--profile', 'none'], bare)).stderr, /^There is no profile "none"/);

  const elsewhere = await runParley(['find', 'x', '--url', 'http://127.0.0.1:1'], bare);
  assert.match(elsewhere.stderr, /^The token of the profile "default" is for http:\/\/127\.0\.0\.1:\d+\/, and the option --url names/);
  chmodSync(path, 0o644);
  assert.match((await runParley(['find', 'x'], bare)).stderr, /can be read by other users\. Run: chmod 600/);
  chmodSync(path, 0o600);
  assert.equal((await runParley(['login', '--remove'], bare)).code, 0);
  assert.match((await runParley(['find', 'x'], bare)).stderr, /^No server is named/);
});

test('no option takes a secret, and what is tried is not told', async (t) => {
  const { run } = await openDesk(t);
  const secret = 'hunter2-hunter2';
  for (const command of ['login', 'provision', 'get', 'show', 'find', 'deactivate', 'reactivate', 'rotate', 'terminate', 'watch']) {
    const help = (await run([command, '--help'])).stdout;
    assert.match(help, /Examples:/, command);
    const options = [...help.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name as string);
    assert.deepEqual(
      options.filter((name) => /token|password|secret|passcode/.test(name) && !name.endsWith('-file')),
      [],
      command,
    );
    for (const args of [[`--token=${secret}`], ['--token', secret], [`--password=${secret}`], ['--password', secret]]) {
      const { code, stdout, stderr } = await run([command, ...args]);
      assert.deepEqual([code, `${stdout}${stderr}`.includes(secret)], [2, false], [command, ...args].join(' '));
    }
  }
  assert.match((await run(['provision', `--password=${secret}`])).stderr, /Secrets are not given on the command line/);
});

test('a token that is typed is not shown, and a termination is asked about', async (t) => {
  const { server, home, settings } = await openDesk(t);
  const bare = { HOME: home, XDG_CONFIG_HOME: settings.XDG_CONFIG_HOME as string };
  const typed = await onTerminal(['login', '--url', server.url], bare, [['Token for', TEST_TOKEN]]);
  assert.deepEqual([typed.code, typed.stdout.includes(TEST_TOKEN), /Profile "default"/.test(typed.stdout)], [0, false, true]);
  const { clientId } = (await server.provision()).data;
  const end = ['terminate', String(clientId), '--reason', 'gone'];
  const no = await onTerminal(end, bare, [['Go on?', 'n']]);
  assert.deepEqual([no.code, /Not confirmed: nothing was changed/.test(no.stdout)], [1, true], no.stdout);
  const yes = await onTerminal(end, bare, [['Go on?', 'y']]);
  assert.deepEqual([yes.code, /is terminated\./.test(yes.stdout)], [0, true], yes.stdout);
});

test('parley watch follows from where it is told, one JSON a line, and ends cleanly', async (t) => {
  const { server, settings } = await openDesk(t);
  const { clientId } = (await server.provision()).data;
  for (const [args, pattern] of [
    [['--after', 'evt_0', '--types', 'client.provisioned,client.deactivated', '--json'], /"type":"client\.deactivated".*\n$/],
    [['--after', 'evt_0', '--client-id', String(clientId)], /client\.deactivated/],
  ] as const) {
    await server.post('/provisioning/client/reactivate', { clientId });
    const child = startParley(['watch', ...args], settings);
    const output = collect(child);
    const code = new Promise((resolve) => child.once('close', resolve));
    await until('the first event', () => output().stdout.includes('client.provisioned'));
    await server.post('/provisioning/client/deactivate', { clientId });
    await until('the next event', () => pattern.test(output().stdout));
    child.kill('SIGINT');
    assert.equal(await code, 0);
    assert.match(output().stderr, /To go on from here: parley watch --after evt_\d+\n$/);
    if (args.some((one) => one === '--json'))
      for (const line of output().stdout.trim().split('\n')) assert.match(JSON.parse(line).id, /^evt_\d+$/);
  }
  const refused = await runParley(['watch'], { ...settings, PARLEY_TOKEN: 'wrong-token-1234567890' });
  assert.equal(refused.code, 1);
});

/** Runs a command on a terminal of its own and types each answer when its question is there. What is shown is in `stdout`. */
async function onTerminal(
  args: string[],
  settings: Record<string, string>,
  answers: [question: string, answer: string][],
): Promise<Finished> {
  const quoted = [process.execPath, PARLEY, ...args].map((one) => `'${one.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', quoted, '/dev/null'], { env: environmentWith(settings), stdio: 'pipe' });
  const output = collect(child);
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const [question, answer] of answers) {
    await until(question, () => output().stdout.includes(question));
    child.stdin.write(`${answer}\r`);
  }
  return { code: await code, ...output() };
}
