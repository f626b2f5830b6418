import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { askDoctor } from '../support/doctor.ts';
import { DEACTIVATE, GET, PROVISION, type ProvisionAnswer, provisionBody } from '../support/bodies.ts';
import { createTestDatabase, queryPostgres } from '../support/database.ts';
import { environmentWith, runParley } from '../support/process.ts';
import { type Answer, makeDataDir, startTestServer, type TestServer } from '../support/server.ts';

const PARLEY = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));

interface Moved {
  from: string;
  to: string;
  alreadyMoved: boolean;
  tables: { table: string; rows: number; sha256: string }[];
}

/** A data directory with an SQLite file, and an empty PostgreSQL database to move it to. */
interface Place {
  path: string;
  target: string;
  sqlite: Record<string, string>;
  postgres: Record<string, string>;
}

async function makePlace(): Promise<Place> {
  const dataDir = makeDataDir();
  const path = join(dataDir, 'parley.db');
  const target = await createTestDatabase();
  const on = (url: string) => ({ PARLEY_DATA_DIR: dataDir, PARLEY_DATABASE_URL: url });
  return { path, target, sqlite: on(`sqlite:${path}`), postgres: on(target) };
}

/** Provisions with the given token; a request says the same each time. */
function provisionAll(server: TestServer, token: string | undefined, externalIds: readonly number[]): Promise<Answer[]> {
  const headers = token === undefined ? {} : { 'X-AUTH-TOKEN': token };
  return Promise.all(
    externalIds.map((externalId) =>
      server.post(
        PROVISION,
        provisionBody({ company: { externalId: 1 + (externalId % 9), name: `Zoë & Søn ${externalId % 9}` }, client: { externalId } }),
        headers,
      ),
    ),
  );
}

const clientIdOf = ({ json }: Answer): number => (json as ProvisionAnswer).data.clientId;
const textsOf = (answers: readonly Answer[]): string[] => answers.map(({ text }) => text);
const range = (first: number, n: number): number[] => Array.from({ length: n }, (_, i) => first + i);

async function makeSource(t: TestContext, place: Place, clients = 3): Promise<Answer[]> {
  const server = await startTestServer(t, place.sqlite);
  const answers = await provisionAll(server, undefined, range(1, clients));
  await server.stop();
  return answers;
}

test('moving up keeps every answer, id, status and token, and gives no id twice', async (t) => {
  const place = await makePlace();
  const sqlite = await startTestServer(t, place.sqlite);
  const other = await sqlite.addTenant('other', { onDifference: 'keep' });
  const revoked = await sqlite.addToken('default');
  assert.equal((await runParley(['token', 'revoke', String(revoked.tokenId)], place.sqlite)).code, 0);
  const ids = range(1, 100);
  const [ours, theirs] = [await provisionAll(sqlite, undefined, ids), await provisionAll(sqlite, other, ids)];
  const inactive = ours.filter((_, i) => i % 10 === 0).map(clientIdOf);
  for (const clientId of inactive) assert.equal((await sqlite.post(DEACTIVATE, { clientId })).status, 200);
  // The last of all goes: its numbers were given, and are not given again.
  const last = await sqlite.provision({ client: { externalId: 9_999 } });
  await sqlite.query(`delete from pass_codes where reservation_id = (select max(reservation_id) from reservations)`);
  await sqlite.query(`delete from reservations where client_id = ${last.data.clientId}`);
  await sqlite.query(`delete from clients where client_id = ${last.data.clientId}`);
  await sqlite.stop();
  const lists = [
    ['token', 'list', '--json'],
    ['tenant', 'list', '--json'],
  ];
  const listed = await Promise.all(lists.map(async (list) => (await runParley(list, place.sqlite)).stdout));

  const { code, stdout, stderr } = await runParley(['migrate-store', '--json'], place.postgres);
  assert.deepEqual([code, stderr], [0, '']);
  const moved = JSON.parse(stdout) as Moved;
  assert.deepEqual([moved.from, moved.to.includes('secret'), moved.alreadyMoved], [`sqlite:${place.path}`, false, false]);
  assert.deepEqual(
    moved.tables.map(({ table, rows }) => [table, rows]),
    [
      ['tenants', 2],
      ['tokens', 3],
      ['companies', 19],
      ['hubs', 19],
      ['clients', 200],
      ['reservations', 200],
      ['pass_codes', 400],
      // 19 companies, 201 clients, 10 deactivations, 2 tenants, 3 tokens, 1 revocation.
      ['journal', 236],
      ['journal_heads', 2],
      ['idempotency_keys', 0],
      ['sign_ons', 0],
      ['operations', 0],
      ['orphans', 0],
      ['webhooks', 0],
      ['webhook_deliveries', 0],
      ['webhook_replays', 0],
      ['bridges', 0],
      ['access_numbers', 0],
      ['company_rails', 0],
      ['guess_buckets', 0],
      ['call_tries', 0],
      ['caller_pairs', 0],
      ['legs', 0],
      ['engine_rooms', 0],
      ['wrapped_keys', 2],
      ['revisions', 1],
    ],
  );
  for (const { sha256 } of moved.tables) assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(await Promise.all(lists.map(async (list) => (await runParley(list, place.postgres)).stdout)), listed);
  const again = await runParley(['migrate-store', '--json'], place.postgres);
  assert.deepEqual([again.code, JSON.parse(again.stdout)], [0, { ...moved, alreadyMoved: true }]);

  const postgres = await startTestServer(t, place.postgres);
  assert.deepEqual(textsOf(await provisionAll(postgres, undefined, ids)), textsOf(ours));
  assert.deepEqual(textsOf(await provisionAll(postgres, other, ids)), textsOf(theirs));
  for (const answer of ours) {
    const got = await postgres.post(GET, { clientId: clientIdOf(answer) });
    assert.equal(got.headers.get('x-client-status'), inactive.includes(clientIdOf(answer)) ? 'inactive' : 'active');
  }
  assert.equal((await postgres.post(GET, { clientId: clientIdOf(theirs[0] as Answer) })).status, 404);
  const refused = await postgres.provision({}, { 'X-AUTH-TOKEN': revoked.token });
  assert.equal(refused.status, 401);
  const next = await postgres.provision({ company: { externalId: 77 }, client: { externalId: 8_888 } });
  assert.equal(next.data.clientId, last.data.clientId + 1);
  assert.ok(next.data.companyId > Math.max(...[...ours, ...theirs].map(({ json }) => json.data.companyId)));

  const chains = JSON.parse((await runParley(['audit', 'verify', '--json'], place.postgres)).stdout);
  assert.deepEqual(
    chains.map(({ entries, problem }: { entries: number; problem?: string }) => [entries, problem]),
    [
      [127, undefined],
      [111, undefined],
    ],
  );

  const late = await runParley(['migrate-store'], place.postgres);
  assert.equal(late.code, 1);
  assert.match(
    late.stderr,
    /^This move was finished at 20.*in service since: it differs from the file in .*clients.*Nothing was changed\.\n$/,
  );
});

/** Clients beside the real ones, by one statement for each table. */
function addClients(path: string, n: number): void {
  const db = new DatabaseSync(path);
  db.exec(`
    begin;
    insert into clients (tenant_id, external_id, company_id, status, first, last, email, country, password_sealed, password_digest,
      password_set_at, created_at, updated_at)
    with recursive numbers (i) as (select 1 union all select i + 1 from numbers where i < ${n})
    select 1, 1000000 + i, (select min(company_id) from companies), 'active', 'Zoë', 'N', 'n@example.com', 'CA', randomblob(45), randomblob(16), 1, 1, 1
    from numbers;
    insert into reservations (client_id, moderator_pass_code_sealed, participant_pass_code_sealed)
    select client_id, randomblob(38), randomblob(38) from clients where external_id > 1000000;
    insert into pass_codes (code_index, reservation_id, role) select randomblob(16), reservation_id, role
    from reservations join clients using (client_id), (select 'moderator' as role union all select 'participant') where external_id > 1000000;
    commit`);
  db.close();
}

/** Kills a move once some of its clients have come. */
async function killMove(t: TestContext, { postgres, target }: Place): Promise<void> {
  const child = spawn(process.execPath, [PARLEY, 'migrate-store'], { env: environmentWith(postgres), stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for (let some = false; !some && child.exitCode === null;) {
    const [present] = await queryPostgres(target, `select to_regclass('clients') is not null as yes`);
    some = present?.yes === 1 && (await queryPostgres(target, 'select from clients limit 1')).length > 0;
  }
  child.kill('SIGKILL');
  await exited;
  assert.equal(child.signalCode, 'SIGKILL');
}

test('a move that is killed serves nobody, and the next run goes on where it stopped', async (t) => {
  const place = await makePlace();
  const answers = await makeSource(t, place);
  addClients(place.path, 12_000);
  await killMove(t, place);
  const [half] = await queryPostgres(
    place.target,
    'select (select count(*) from clients) as clients, (select min(xmin::text) from clients where client_id = 10000000) as written, (select finished_at from moves) as finished',
  );
  assert.ok((half?.clients as number) > 0 && half?.finished === null, 'it was killed in the middle');

  const refusal = `This PostgreSQL database holds a part of ${place.path}, and the rest has not come yet. Run parley migrate-store again: it goes on where it stopped.\n`;
  const commands = [['serve'], ['migrate'], ['tenant', 'list'], ['token', 'create', 'x'], ['key', 'rotate']];
  const refused = await Promise.all(commands.map((command) => runParley(command, { ...place.postgres, PARLEY_PORT: '0' })));
  for (const { code, stderr } of refused) assert.deepEqual([code, stderr], [1, refusal]);
  const findings = await askDoctor(place.postgres);
  assert.match(findings.find(({ check }) => check === 'database')?.detail ?? '', /migrate-store again/);
  const another = await makePlace();
  await makeSource(t, another, 1);
  const foreign = await runParley(['migrate-store', '--to', place.target], another.sqlite);
  assert.deepEqual([foreign.code, /holds a part of another file, /.test(foreign.stderr)], [1, true], foreign.stderr);

  const { code, stdout, stderr } = await runParley(['migrate-store'], place.postgres);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Copied tenants: 1\n.*Copied clients: 12003\n.*│ clients +│ 12003 +│ [0-9a-f]{16}… │/s);
  assert.match(stdout, /Set PARLEY_DATABASE_URL.*master key.*never start a server on it again/s);
  const [whole] = await queryPostgres(
    place.target,
    'select (select count(*) from clients) as clients, (select min(xmin::text) from clients where client_id = 10000000) as written',
  );
  assert.deepEqual(whole, { clients: 12_003, written: half?.written });
  const server = await startTestServer(t, place.postgres);
  assert.deepEqual(textsOf(await provisionAll(server, undefined, [1, 2, 3])), textsOf(answers));
});

test('a file that was changed between two runs is found out, and the target stays out of service', async (t) => {
  const place = await makePlace();
  await makeSource(t, place);
  assert.equal((await runParley(['migrate-store'], place.postgres)).code, 0);
  // As after a death before the last commit.
  await queryPostgres(place.target, 'update moves set finished_at = null');
  const between = await startTestServer(t, place.sqlite);
  await between.post(PROVISION, provisionBody({ company: { externalId: 2 }, client: { externalId: 1, first: 'Another' } }));
  await between.stop();

  const { code, stdout, stderr } = await runParley(['migrate-store', '--json'], place.postgres);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^The SQLite file has changed since its first part was copied: the two differ in .*clients.*\. Make the PostgreSQL database anew .*\n$/,
  );
  assert.equal((await runParley(['serve'], { ...place.postgres, PARLEY_PORT: '0' })).code, 1);
  const fresh = await createTestDatabase();
  assert.equal((await runParley(['migrate-store', '--to', fresh], place.sqlite)).code, 0);
});

test('a target in service and a source in service are refused, and neither is changed', async (t) => {
  const place = await makePlace();
  const elsewhere = await startTestServer(t, { PARLEY_DATA_DIR: makeDataDir(), PARLEY_DATABASE_URL: place.target });
  await elsewhere.provision();
  const contents = (): Promise<unknown> =>
    elsewhere.query(
      'select (select json_agg(clients) from clients) as clients, (select json_agg(moves) from moves) as moves, (select version from parley_schema) as version',
    );
  const before = await contents();
  await makeSource(t, place);
  const taken = await runParley(['migrate-store'], place.postgres);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /^The PostgreSQL database is in service already, and nothing was changed\. .*\n$/);
  assert.deepEqual(await contents(), before);

  const running = await startTestServer(t, place.sqlite);
  const empty = await createTestDatabase();
  const open = await runParley(['migrate-store', '--to', empty], place.sqlite);
  assert.equal(open.code, 1);
  assert.match(open.stderr, /^A Parley server, or another move, has .*parley\.db open\. Stop it and run this again: .*\n$/);
  assert.deepEqual(await queryPostgres(empty, `select relname from pg_class where relname = 'clients'`), []);
  await running.stop();
});

test('migrate-store without a place to move from or to says so, and never prints a password', async () => {
  const dataDir = makeDataDir();
  const settings = { PARLEY_DATA_DIR: dataDir };
  const run = async (args: string[], extra: Record<string, string> = {}): Promise<[number | null, string]> => {
    const { code, stderr } = await runParley(['migrate-store', ...args], { ...settings, ...extra });
    return [code, stderr];
  };
  const to = 'postgres://parley:hunter2@127.0.0.1/parley';
  assert.deepEqual(await run([]), [
    1,
    'Say where to: set PARLEY_DATABASE_URL to postgres://<user>:<password>@<host>/<database>, or give it as --to.\n',
  ]);
  assert.match((await run(['--to', to]))[1], /^There is no database at .*parley\.db yet\./);
  const wrong = [
    ['--to', `${to}?sslmode=maybe`],
    ['--to', 'hunter2'],
    ['--to', 'sqlite:hunter2'],
    ['--from', to, '--to', to],
  ];
  for (const [code, stderr] of await Promise.all(wrong.map((args) => run(args)))) {
    assert.equal(code, 2);
    assert.match(stderr, /^error: --(to|from) (must|has) .*\n$/);
    assert.doesNotMatch(stderr, /hunter2/);
  }
  assert.match((await run([], { PARLEY_DATABASE_URL: 'mysql://hunter2' }))[1], /^PARLEY_DATABASE_URL must be sqlite:/);
});
