import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { askDoctor } from './support/doctor.ts';
import { runParley, startServerProcess } from './support/process.ts';
import { callsAt, makeDataDir, TEST_TOKEN } from './support/server.ts';

/** The mode of each file in a directory, such as 600. */
function modesIn(directory: string): Record<string, string> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]));
}

const ALL_PRIVATE = {
  'master.key': '600',
  'parley.db': '600',
  'parley.db-shm': '600',
  'parley.db-wal': '600',
  'parley.db.lock': '600',
  'parley.db.lock-journal': '600',
};
/** As a shell does that lets everybody in. */
const withOpenUmask = (argv: string[]): string[] => ['sh', '-c', 'umask 000; exec "$@"', 'sh', ...argv];

test('G6: in a directory that everybody may enter, and with any umask, each file is for its owner alone, and so is a backup', async (t) => {
  const dataDir = makeDataDir();
  chmodSync(dataDir, 0o755);
  const settings = { PARLEY_DATA_DIR: dataDir, PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN };
  const server = await startServerProcess(t, settings, withOpenUmask);
  assert.equal((await callsAt(server.url).provision()).status, 200);
  assert.deepEqual(modesIn(dataDir), ALL_PRIVATE);

  const backups = makeDataDir();
  chmodSync(backups, 0o755);
  assert.equal((await runParley(['backup', join(backups, 'parley-1.db')], settings)).code, 0);
  assert.deepEqual(modesIn(backups), { 'parley-1.db': '600' });
  assert.equal(await server.end('SIGTERM'), 0);
});

test('G6: files that are there with wider modes are told of by parley doctor, and mended by the next start', async (t) => {
  const dataDir = makeDataDir();
  const settings = { PARLEY_DATA_DIR: dataDir, PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN };
  const first = await startServerProcess(t, settings);
  assert.equal((await callsAt(first.url).provision()).status, 200);
  assert.equal((await runParley(['backup', join(dataDir, 'copy.bak')], settings)).code, 0);
  const open = ['copy.bak', 'parley.db', 'parley.db-shm', 'parley.db-wal', 'parley.db.lock'].map((name) => join(dataDir, name));
  writeFileSync(join(dataDir, 'notes.txt'), 'nothing of ours');
  for (const path of [...open, join(dataDir, 'master.key'), join(dataDir, 'notes.txt')]) chmodSync(path, 0o644);

  const findings = await askDoctor(settings);
  const of = (check: string) => findings.find((finding) => finding.check === check);
  assert.deepEqual(of('files'), {
    check: 'files',
    result: 'problem',
    detail: `Others may read ${open.join(', ')}. Run: chmod 600 ${open.join(' ')}`,
  });
  assert.equal(of('key file')?.result, 'problem');
  assert.equal((await callsAt(first.url).provision()).status, 200);
  first.child.kill('SIGKILL');
  await first.end('SIGKILL');

  const second = await startServerProcess(t, settings);
  assert.equal((await callsAt(second.url).provision()).status, 200);
  assert.deepEqual(modesIn(dataDir), { ...ALL_PRIVATE, 'copy.bak': '644', 'notes.txt': '644' }, 'what the server uses is mended');
  chmodSync(join(dataDir, 'copy.bak'), 0o600);
  const files = (await askDoctor(settings)).find(({ check }) => check === 'files');
  assert.equal(files?.result, 'ok', files?.detail);
});
