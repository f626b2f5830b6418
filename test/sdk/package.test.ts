import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { makeDataDir, startTestServer, TEST_TOKEN } from '../support/server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SDK = join(ROOT, 'sdk');
const TSC = join(ROOT, 'node_modules/.bin/tsc');
const run = promisify(execFile);
const readPackage = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const STRICT = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, module: 'nodenext', target: 'es2022' };
/** Without types of Node's, as a page or Deno has it; and with them, but not a browser's. */
const CONSUMERS = {
  browser: { ...STRICT, lib: ['es2022', 'dom'], types: [], outDir: 'out' },
  node: { ...STRICT, lib: ['es2024'], types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')], noEmit: true },
};

test('packed and installed into an empty project, it type-checks there and does its work', async (t) => {
  const work = makeDataDir();
  const project = join(work, 'project');
  mkdirSync(project);
  // Of a copy, because several test runs may share this working tree.
  cpSync(SDK, join(work, 'sdk'), { recursive: true, filter: (path) => !/[\\/]dist$/.test(path) });
  await run(TSC, ['-p', 'tsconfig.build.json'], { cwd: join(work, 'sdk') });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: join(work, 'sdk') });
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) as string;
  writeFileSync(join(project, 'package.json'), '{"name":"somebody","private":true,"type":"module"}');
  const install = ['install', `./${tarball}`, '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--userconfig', '/dev/null'];
  await run('npm', install, { cwd: project });
  const installed = join(project, 'node_modules/@parley/client');
  assert.deepEqual(
    readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['@parley'],
    'it brings nothing along',
  );
  assert.deepEqual(readdirSync(installed).toSorted(), ['LICENSE', 'README.md', 'dist', 'package.json']);

  cpSync(join(ROOT, 'test/sdk/consumer.ts'), join(project, 'consumer.ts'));
  const [, example] = /```ts\n([^]+?)```/.exec(readFileSync(join(SDK, 'README.md'), 'utf8')) as RegExpExecArray;
  writeFileSync(join(project, 'example.ts'), example as string);
  for (const [name, compilerOptions] of Object.entries(CONSUMERS)) {
    writeFileSync(join(project, `${name}.json`), JSON.stringify({ compilerOptions, files: ['consumer.ts', 'example.ts'] }));
    await run(TSC, ['-p', `${name}.json`], { cwd: project }).catch((error) => assert.fail(`${name}: ${error.stdout}`));
  }

  const server = await startTestServer(t);
  const main = `import { tour } from './out/consumer.js'; console.log(JSON.stringify(await tour('${server.url}', '${TEST_TOKEN}')));`;
  writeFileSync(join(project, 'main.js'), main);
  const { stdout } = await run(process.execPath, ['main.js'], { cwd: project });
  assert.deepEqual(JSON.parse(stdout), {
    outcomes: ['created', 'unchanged'],
    isSame: true,
    status: 'inactive',
    company: true,
    followed: ['company.created', 'client.provisioned', 'client.deactivated', 'client.reactivated'],
    listed: 1,
    refusal: ['STATE_REQUIRED', 422, ['contact.state'], true, false],
    incomplete: 1,
  });
});

test('its types are those of this server', async () => {
  await run(process.execPath, [join(ROOT, 'scripts/sdk-types.ts'), '--check']).catch((error) => assert.fail(error.stderr));
});

test('it has the version of the server, no dependencies, and nothing of any one runtime', () => {
  const { name, version, dependencies, peerDependencies, optionalDependencies } = readPackage(SDK);
  assert.deepEqual([name, version], ['@parley/client', readPackage(ROOT).version]);
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies], [undefined, undefined, undefined]);
  const files = (readdirSync(join(SDK, 'src'), { recursive: true }) as string[]).filter((path) => path.endsWith('.ts'));
  assert.ok(files.length > 10);
  for (const path of files) {
    const text = readFileSync(join(SDK, 'src', path), 'utf8');
    for (const [, from] of text.matchAll(/(?:\bfrom |import\()'([^']+)'/g)) assert.match(from as string, /^\.\.?\/[\w./-]+\.ts$/, path);
    assert.doesNotMatch(text, /\b(?:process|Buffer|require|Deno|Bun|window|document|setImmediate|__dirname)[.(]/, path);
  }
  assert.ok(existsSync(join(SDK, 'README.md')));
  assert.ok(!readPackage(ROOT).files.some((path: string) => path.startsWith('sdk')));
});
