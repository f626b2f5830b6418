import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Who may import whom, room by room. What is not listed is forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  vault: ['domain'],
  store: ['domain', 'vault'],
  admission: ['domain', 'store', 'vault'],
  engine: ['domain', 'store', 'vault'],
  platform: ['domain', 'store', 'vault'],
  webhooks: ['domain', 'store', 'vault', 'version'],
  operations: ['admission', 'config', 'domain', 'engine', 'platform', 'store', 'vault', 'webhooks'],
  http: ['admission', 'domain', 'engine', 'metrics', 'operations', 'platform', 'store', 'version', 'webhooks'],
  config: ['domain', 'store', 'vault'],
  metrics: ['domain'],
  log: ['config'],
  welcome: ['domain'],
  version: [],
  service: ['admission', 'config', 'domain', 'engine', 'http', 'metrics', 'operations', 'platform', 'store', 'webhooks'],
  main: ['config', 'log', 'service', 'welcome'],
  cli: ['config', 'domain', 'main', 'operations', 'platform', 'store', 'vault', 'version'],
};

/** The store's port alone is for everyone; an engine is for those who open it. */
const MAY_OPEN_ENGINES = [
  'store',
  'service',
  'cli',
  'operations/doctor/diagnose.ts',
  'operations/doctor/database.ts',
  'operations/doctor/machine.ts',
  'operations/migrate-store.ts',
];

interface SourceFile {
  path: string;
  text: string;
  imports: string[];
}

const files: SourceFile[] = (readdirSync(SRC, { recursive: true }) as string[])
  .filter((name) => name.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(SRC, path), 'utf8');
    const imports = [...text.matchAll(/from '(\.[^']+\.ts)'/g)].map(([, target]) => normalize(join(dirname(path), target as string)));
    return { path, text, imports };
  });

function roomOf(path: string): string {
  return (path.includes('/') ? path.split('/')[0] : path.replace(/\.ts$/, '')) as string;
}

test('imports go one way', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => roomOf(target) !== roomOf(path) && !MAY_IMPORT[roomOf(path)]?.includes(roomOf(target)))
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('only those who open an engine know which it is', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter(
        (target) =>
          /^store\/(sqlite|postgres)\//.test(target) && !MAY_OPEN_ENGINES.some((allowed) => path === allowed || roomOf(path) === allowed),
      )
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('whoever uses an engine does not know which it is, but for the one who opens it', () => {
  const wrong = files.filter(
    ({ path, imports }) =>
      !/^engine\/(janus\/|open-engine\.ts$)/.test(path) && imports.some((target) => target.startsWith('engine/janus/')),
  );
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  );
});

test('no file imports itself by way of others', () => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    assert.ok(!trail.includes(path), `a cycle: ${[...trail, path].join(' -> ')}`);
    if (done.has(path)) return;
    for (const target of byPath.get(path)?.imports ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
});

test('only config.ts reads the environment, and the domain does no I/O', () => {
  for (const { path, text } of files) {
    if (path !== 'config.ts') assert.doesNotMatch(text, /process\.env/, path);
    if (roomOf(path) === 'domain') assert.doesNotMatch(text, /node:(fs|net|http|sqlite|worker_threads|child_process)|\bfetch\(/, path);
  }
});

test('every operation has a test that drives it through the public interface', () => {
  const tests = fileURLToPath(new URL('.', import.meta.url));
  const all = (readdirSync(tests, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(tests, name), 'utf8'))
    .join('\n');
  /** How each operation is reached from outside. */
  const reachedBy: Readonly<Record<string, RegExp>> = {
    'authenticate-caller': /C10: /,
    'back-up': /'backup', /,
    bootstrap: /first start prints a token/,
    'access-numbers': /'access-number', 'add'/,
    'administration/access-numbers': /parley\.accessNumbers\.add\(/,
    'administration/bridges': /parley\.bridges\.create\(/,
    'administration/operator': /OPERATOR_REQUIRED/,
    'administration/tenants': /parley\.tenants\.create\(/,
    'administration/tokens': /parley\.tokens\.create\(/,
    'admit-to-room': /joiner\.join\(/,
    'admit-caller': /bridge\.ask\(/,
    bridges: /'bridge', 'create'/,
    'bridge-secrets': /a bridge's secrets are changed/,
    'check-conference': /the reservation is refused/,
    'company-rails': /\/admission`/,
    'end-at-engine': /the meeting is ended at BigBlueButton/,
    'end-ghosts': /a hang-up that was never told/,
    'end-outlawed': /an engine that can is told to end/,
    'identify-bridge': /the bridge is refused/,
    'keep-dispatch-rules': /a code opens at LiveKit/,
    'keep-search': /is found as it is now, at once/,
    'search-clients': /clients are found by any word/,
    'list-conferences': /'\/v1\/conferences'/,
    'report-leg': /bridge\.tell\(/,
    'sweep-admission': /is over when its time is/,
    'create-tenant': /'tenant', 'create'/,
    'create-token': /'token', 'create'/,
    'create-webhook': /createEndpoint\(/,
    'deactivate-client': /DEACTIVATE/,
    'delete-webhook': /'DELETE', `\/v1\/webhooks/,
    'doctor/access': /'tokens'/,
    'doctor/admission': /'guessing'/,
    'doctor/database': /'postgresql'/,
    'doctor/diagnose': /'doctor'/,
    'doctor/engines': /'engine pbx'/,
    'doctor/finding': /check === /,
    'doctor/keys': /'key file'/,
    'doctor/machine': /'files'/,
    'doctor/platform': /'platform'/,
    'doctor/webhooks': /'webhooks'/,
    'each-at-once': /an engine that can is told to end/,
    'engine-failure': /the failure is counted/,
    'erase-client': /\/erase`/,
    'find-client-record': /`\/v1\/clients\/\$\{/,
    'find-company': /`\/v1\/companies\/\$\{/,
    'find-hub': /its access numbers to dial/,
    'find-tenant': /There is no tenant/,
    'get-client': /post\(GET/,
    'list-clients': /`\/v1\/clients\?/,
    'list-companies': /'\/v1\/companies\?/,
    'list-deliveries': /\/deliveries/,
    'migrate-store': /'migrate-store'/,
    operations: /\/v1\/operations/,
    'ping-webhook': /\/ping`/,
    'preview-provision': /'\/v1\/clients\/validate'/,
    'provision-client': /server\.provision\(/,
    'reactivate-client': /REACTIVATE/,
    'read-audit': /'\/v1\/audit/,
    'read-events': /`\/v1\/events/,
    'read-statistics': /'\/v1\/statistics'/,
    'reconcile-platform': /'reconcile', '--platform'/,
    'read-webhooks': /'\/v1\/webhooks'/,
    'replay-webhook': /\/replay`/,
    'retry-delivery': /`\/v1\/webhooks\/deliveries\/\$\{/,
    'revoke-token': /'token', 'revoke'/,
    'rotate-master-key': /'key', 'rotate'/,
    'rotate-pass-codes': /\/rotate-passcodes`/,
    'rotate-webhook-secret': /\/rotate-secret`/,
    'sign-on': /post\(SIGN_ON/,
    'terminate-client': /\/terminate`/,
    'terminate-due': /happens by itself when its time has come/,
    'unlock-vault': /master key is one sentence at start/,
    'update-tenant': /'tenant', 'update'/,
    'update-webhook': /'PATCH', `\/v1\/webhooks/,
    'verify-audit': /'audit', 'verify'/,
    'watch-journal': /'\/v1\/events\/stream'/,
    'watch-master-key': /this node has the new one/,
  };
  const operations = files.filter(({ path }) => roomOf(path) === 'operations').map(({ path }) => path.replace(/^operations\/|\.ts$/g, ''));
  assert.deepEqual(operations.toSorted(), Object.keys(reachedBy).toSorted());
  for (const [operation, pattern] of Object.entries(reachedBy)) assert.match(all, pattern, operation);
});

test('no junk drawers, no barrels, no long files', () => {
  for (const { path, text } of files) {
    assert.doesNotMatch(path, /(^|\/)(utils?|helpers?|lib|common|types|index)(\/|\.ts$)/);
    assert.ok(text.split('\n').length <= 300, `${path} is too long`);
  }
});
