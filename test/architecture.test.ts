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
  texts: [],
  tables: ['domain'],
  'package-root': [],
  admission: ['domain', 'store', 'vault'],
  engine: ['domain', 'store', 'vault'],
  platform: ['domain', 'store', 'vault'],
  webhooks: ['domain', 'store', 'vault', 'version'],
  operations: ['admission', 'config', 'domain', 'engine', 'platform', 'store', 'texts', 'vault', 'webhooks'],
  conference: ['admission', 'domain', 'engine', 'operations', 'store'],
  jobs: ['admission', 'engine', 'operations', 'platform', 'store', 'webhooks'],
  http: [
    'admission',
    'conference',
    'domain',
    'engine',
    'jobs',
    'metrics',
    'operations',
    'package-root',
    'platform',
    'store',
    'texts',
    'version',
    'webhooks',
  ],
  config: ['domain', 'store', 'vault'],
  metrics: ['domain', 'jobs'],
  log: ['config'],
  welcome: ['domain'],
  version: ['package-root'],
  service: [
    'admission',
    'conference',
    'config',
    'domain',
    'engine',
    'http',
    'jobs',
    'metrics',
    'operations',
    'platform',
    'store',
    'webhooks',
  ],
  main: ['config', 'log', 'service', 'store', 'welcome'],
  cli: ['config', 'domain', 'main', 'operations', 'platform', 'sdk', 'store', 'tables', 'vault', 'version'],
};

/** The store's port alone is for everyone; an engine is for those who open it. */
const MAY_OPEN_ENGINES = [
  'store',
  'main',
  'service',
  'cli',
  'operations/doctor/diagnose.ts',
  'operations/doctor/database.ts',
  'operations/doctor/machine.ts',
  'operations/store/migrate-store.ts',
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
  const inside = path.replace(/^\.\.\//, '');
  return (inside.includes('/') ? inside.split('/')[0] : inside.replace(/\.ts$/, '')) as string;
}

test('imports go one way', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => roomOf(target) !== roomOf(path) && !MAY_IMPORT[roomOf(path)]?.includes(roomOf(target)))
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test("the caller's commands know the server by its HTTP interface alone", () => {
  const wrong = files
    .filter(({ path }) => path.startsWith('cli/caller/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter((target) => !['cli', 'config', 'domain', 'sdk', 'tables'].includes(roomOf(target)) || target === 'cli/store.ts')
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

test('only the configuration reads the environment, and the domain does no I/O', () => {
  for (const { path, text } of files) {
    if (roomOf(path) !== 'config') assert.doesNotMatch(text, /process\.env/, path);
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
    'access/authenticate-caller': /C10: /,
    'store/back-up': /'backup', /,
    'access/bootstrap': /first start prints a token/,
    'bridges/access-numbers': /'access-number', 'add'/,
    'bridges/administer-access-numbers': /parley\.accessNumbers\.add\(/,
    'bridges/administer-bridges': /parley\.bridges\.create\(/,
    'access/operator': /OPERATOR_REQUIRED/,
    'access/administer-tenants': /parley\.tenants\.create\(/,
    'access/administer-tokens': /parley\.tokens\.create\(/,
    'hub/host': /a host sees both codes/,
    'hub/host-session': /a session ends with the client/,
    'hub/hub-bridge': /guessing is counted by the block/,
    'hub/sign-in': /a host signs in with/,
    'admission/end-absent-browsers': /its legs are one each/,
    'hub/seat': /a code of this hub opens its conference/,
    'hub/invitation': /invites you /,
    'hub/calendar': /text\/calendar/,
    'clients/read-invitation': /\/invitation`/,
    'admission/admit-to-room': /joiner\.join\(/,
    'admission/admit-caller': /bridge\.ask\(/,
    'bridges/bridges': /'bridge', 'create'/,
    'bridges/bridge-secrets': /a bridge's secrets are changed/,
    'admission/check-conference': /the reservation is refused/,
    'companies/company-rails': /\/admission`/,
    'admission/end-at-engine': /the meeting is ended at BigBlueButton/,
    'admission/end-ghosts': /a hang-up that was never told/,
    'admission/end-outlawed': /an engine that can is told to end/,
    'bridges/identify-bridge': /the bridge is refused/,
    'admission/keep-dispatch-rules': /a code opens at LiveKit/,
    'admission/wanted-dispatch-rules': /what LiveKit cannot keep is not told to it/,
    'clients/keep-search': /is found as it is now, at once/,
    'clients/search-clients': /clients are found by any word/,
    'admission/list-conferences': /'\/v1\/conferences'/,
    'admission/report-leg': /bridge\.tell\(/,
    'admission/sweep-admission': /is over when its time is/,
    'access/create-tenant': /'tenant', 'create'/,
    'access/create-token': /'token', 'create'/,
    'webhooks/create-webhook': /createEndpoint\(/,
    'clients/deactivate-client': /DEACTIVATE/,
    'webhooks/delete-webhook': /'DELETE', `\/v1\/webhooks/,
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
    'admission/each-at-once': /an engine that can is told to end/,
    'admission/engine-failure': /the failure is counted/,
    'clients/erase-client': /\/erase`/,
    'clients/find-client-record': /`\/v1\/clients\/\$\{/,
    'companies/find-company': /`\/v1\/companies\/\$\{/,
    'companies/find-hub': /its access numbers to dial/,
    'access/find-tenant': /There is no tenant/,
    'clients/get-client': /post\(GET/,
    'clients/list-clients': /`\/v1\/clients\?/,
    'companies/list-companies': /'\/v1\/companies\?/,
    'webhooks/list-deliveries': /\/deliveries/,
    'store/migrate-store': /'migrate-store'/,
    'platform/operations': /\/v1\/operations/,
    'webhooks/ping-webhook': /\/ping`/,
    'clients/compare-client': /'\/v1\/clients\/compare'/,
    'clients/preview-provision': /'\/v1\/clients\/validate'/,
    'clients/provision-client': /server\.provision\(/,
    'clients/reactivate-client': /REACTIVATE/,
    'journal/read-audit': /'\/v1\/audit/,
    'journal/read-events': /`\/v1\/events/,
    'clients/read-statistics': /'\/v1\/statistics'/,
    'platform/reconcile-platform': /'reconcile', '--platform'/,
    'webhooks/read-webhooks': /'\/v1\/webhooks'/,
    'webhooks/replay-webhook': /\/replay`/,
    'webhooks/retry-delivery': /`\/v1\/webhooks\/deliveries\/\$\{/,
    'access/revoke-token': /'token', 'revoke'/,
    'store/rotate-master-key': /'key', 'rotate'/,
    'clients/rotate-pass-codes': /\/rotate-passcodes`/,
    'webhooks/rotate-webhook-secret': /\/rotate-secret`/,
    'clients/sign-on': /post\(SIGN_ON/,
    'clients/terminate-client': /\/terminate`/,
    'clients/terminate-due': /happens by itself when its time has come/,
    'store/unlock-vault': /master key is one sentence at start/,
    'access/update-tenant': /'tenant', 'update'/,
    'webhooks/update-webhook': /'PATCH', `\/v1\/webhooks/,
    'journal/verify-audit': /'audit', 'verify'/,
    'journal/watch-journal': /'\/v1\/events\/stream'/,
    'store/watch-master-key': /this node has the new one/,
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
