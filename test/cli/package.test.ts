import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { environmentWith } from '../support/process.ts';
import { makeDataDir, startTestServer, TEST_TOKEN } from '../support/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

test('what is published holds the command line of operators and of callers, without the sources', async (t) => {
  const folder = makeDataDir();
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')], { cwd: ROOT });
  for (const name of ['bin', 'package.json', 'docs']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  assert.ok(!existsSync(join(folder, 'src')));
  const server = await startTestServer(t);
  const env = environmentWith({ PARLEY_URL: server.url, PARLEY_TOKEN: TEST_TOKEN, ...server.settings });
  const parley = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [join(folder, 'bin/parley.js'), ...args], { env })).stdout;
  assert.equal((await parley('--version')).trim(), JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  assert.match(await parley('token', 'list'), /default/);
  const { clientId } = (await server.provision()).data;
  assert.equal(JSON.parse(await parley('get', String(clientId), '--json')).clientId, clientId);
  assert.match(await parley('find', 'company'), new RegExp(String(clientId)));
});
