import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { readConfig } from '../src/config.ts';
import { STATUS } from '../src/http/errors.ts';
import { CONTRACT_ROUTES } from '../src/http/routes.ts';
import { V1_ROUTES } from '../src/http/v1/routes.ts';
import { startTestServer } from './support/server.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const listFiles = (folder: string, ending: string): string[] =>
  (readdirSync(`${ROOT}${folder}`, { recursive: true }) as string[])
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...listFiles('docs', '.md')];

test('every path that a document names exists', () => {
  const missing = DOCUMENTS.flatMap((document) => {
    const named = read(document).matchAll(/(?:`|\]\()((?:\.\.?\/)?(?:src|test|docs|bench|bin|scripts)\/[\w./-]*[\w/])/g);
    return [...named]
      .map(([, path]) => path as string)
      .filter((path) => !existsSync(`${ROOT}${path}`) && !existsSync(`${ROOT}docs/${path}`))
      .map((path) => `${document}: ${path}`);
  });
  assert.deepEqual(missing, []);
});

test('every link between documents leads somewhere', () => {
  const dead = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => target as string)
      .filter((target) => !existsSync(new URL(target, `file://${ROOT}${document}`)))
      .map((target) => `${document}: ${target}`),
  );
  assert.deepEqual(dead, []);
});

test('every sentence of the contract has a test that is named after it, and every test a sentence', () => {
  const sentences = new Set([...read('docs/contract.md').matchAll(/^\* \*\*(C\d+)\*\*/gm)].map(([, id]) => id));
  const tested = new Set<string>();
  for (const file of listFiles('test', '.test.ts')) {
    for (const [, ids] of read(file).matchAll(/^\s*(?:await )?(?:t\.)?test\(\s*[`'"]((?:C\d+(?:, )?)+):/gm)) {
      for (const id of (ids as string).split(', ')) tested.add(id);
    }
  }
  assert.ok(sentences.size >= 29);
  assert.deepEqual(
    [...sentences].filter((id) => !tested.has(id as string)),
    [],
    'sentences without a test',
  );
  assert.deepEqual(
    [...tested].filter((id) => !sentences.has(id)),
    [],
    'tests of no sentence',
  );
});

test('every setting and every npm script that a document names is one', () => {
  const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
  const settings = new Set([...read('src/config.ts').matchAll(/^ {2}(PARLEY_\w+):/gm)].map(([, name]) => name as string));
  /** The caller's side has these. */
  const callers = new Set(['PARLEY_URL', 'PARLEY_TOKEN', 'PARLEY_TOKEN_FILE']);
  for (const document of DOCUMENTS) {
    for (const [, script] of read(document).matchAll(/npm run ([\w:]+)/g))
      assert.ok(scripts.includes(script as string), `${document}: npm run ${script}`);
    for (const [name] of read(document).matchAll(/PARLEY_[A-Z_]+[A-Z]/g))
      assert.ok(settings.has(name.replace(/_FILE$/, '')) || callers.has(name), `${document}: ${name}`);
  }
  for (const name of settings) assert.ok(read('docs/configuration.md').includes(`\`${name}\``), `docs/configuration.md lacks ${name}`);
  assert.equal(readConfig({}).port, 8080);
});

test('the OpenAPI document is valid 3.1, and has every call, every code and an example of each', async (t) => {
  const server = await startTestServer(t);
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as any;
  const { valid, errors } = await new Validator().validate(document);
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(document.openapi, '3.1.0');
  assert.deepEqual(Object.keys(document.paths), [
    ...new Set([...CONTRACT_ROUTES, ...V1_ROUTES].map(({ path }) => path.replace(/:(\w+)/g, '{$1}'))),
  ]);
  const codes = new Set<string>();
  for (const { path, method, query = {} } of V1_ROUTES) {
    const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
    assert.deepEqual(
      (operation.parameters ?? []).filter((parameter: any) => parameter.in === 'query').map(({ name }: { name: string }) => name),
      Object.keys(query),
      path,
    );
    for (const [status, response] of Object.entries(operation.responses) as [string, any][]) {
      if (status === '200') continue;
      assert.deepEqual(Object.keys(response.content), ['application/problem+json'], `${path} ${status}`);
      for (const code of Object.keys(response.content['application/problem+json'].examples)) codes.add(code);
    }
  }
  for (const path of CONTRACT_ROUTES.map((route) => document.paths[route.path])) {
    assert.ok(path.post.requestBody.content['application/json'].schema.properties);
    for (const [status, response] of Object.entries(path.post.responses) as [string, any][]) {
      if (status === '200') continue;
      for (const [code, example] of Object.entries(response.content['application/json'].examples) as [keyof typeof STATUS, any][]) {
        codes.add(code);
        assert.equal(STATUS[code], Number(status));
        assert.equal(example.value.code, code);
        assert.equal(response.content['application/problem+json'].examples[code].value.status, Number(status));
      }
    }
  }
  assert.deepEqual(
    Object.keys(STATUS).filter((code) => !codes.has(code)),
    // Of no call that is there, and of bridges' own (docs/bridges/janus.md).
    ['PATH_NOT_FOUND', 'ENGINE_UNAVAILABLE'],
  );
});

test('the examples in the OpenAPI document make a request that works', async (t) => {
  const server = await startTestServer(t);
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as any;
  const exampleOf = (schema: any): unknown =>
    schema.properties
      ? Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, exampleOf(member)]))
      : schema.examples[0];
  for (const { path } of CONTRACT_ROUTES) {
    const body = exampleOf(document.paths[path].post.requestBody.content['application/json'].schema) as Record<string, unknown>;
    const { data } = await server.provision();
    const answer = await server.post(path, 'clientId' in body ? { clientId: data.clientId } : body);
    assert.equal(answer.status, 200, path);
  }
});

test('the reference page and all of its assets come from the server itself', async (t) => {
  const server = await startTestServer(t);
  const page = await (await fetch(`${server.url}/docs/`)).text();
  const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string);
  assert.ok(assets.length >= 4);
  for (const asset of assets) {
    const url = new URL(asset, `${server.url}/docs/`);
    assert.equal(url.origin, server.url, asset);
    assert.equal((await fetch(url)).status, 200, asset);
  }
  const policy = (await fetch(`${server.url}/docs/`)).headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /https?:\/\/(?!127\.0\.0\.1)/);
});
