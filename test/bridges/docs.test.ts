import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type DialectName, DIALECT_NAMES, findBridgeProblems } from '../../src/domain/bridge.ts';
import { Secret } from '../../src/domain/secret.ts';

const FOLDER = fileURLToPath(new URL('../../docs/bridges/', import.meta.url));
const read = (dialect: string): string => readFileSync(`${FOLDER}${dialect}.md`, 'utf8');

test('every dialect has a page, and the bridge that it says to make can be made', () => {
  assert.deepEqual(readdirSync(FOLDER).toSorted(), DIALECT_NAMES.map((name) => `${name}.md`).toSorted());
  const table = readFileSync(`${FOLDER}../admission.md`, 'utf8');
  for (const dialect of DIALECT_NAMES) {
    assert.ok(table.includes(`(bridges/${dialect}.md)`), dialect);
    const command = new RegExp(`bridge create \\S+ --dialect ${dialect}\\b.*`).exec(read(dialect))?.[0] ?? '';
    assert.notEqual(command, '', dialect);
    const settings = Object.fromEntries([...command.matchAll(/--set (\w+)=(\S+)/g)].map(([, name, value]) => [name, value as string]));
    const secrets = Object.fromEntries([...command.matchAll(/--secret '(\w+)=\$\w+'/g)].map(([, name]) => [name, new Secret('a-secret')]));
    assert.deepEqual(findBridgeProblems(dialect satisfies DialectName, { settings, secrets }), [], dialect);
  }
});

test('of every engine it is said what it was verified with, and of those that were not run that they were not', () => {
  const wasRun: ReadonlySet<DialectName> = new Set(['asterisk', 'freeswitch']);
  for (const dialect of DIALECT_NAMES.filter((name) => name !== 'json' && name !== 'janus')) {
    assert.match(read(dialect), /^\*\*Verified /m, dialect);
    if (!wasRun.has(dialect)) assert.match(read(dialect), /not run against the live product/, dialect);
  }
});

test('the files that a FreeSWITCH is given are whole', () => {
  const files = [...read('freeswitch').matchAll(/```xml\n(<(configuration|include)[\s\S]*?)```/g)].map(([, text = '', root]) => ({
    text,
    root,
  }));
  assert.equal(files.length, 5);
  for (const { text, root } of files) {
    const open: string[] = [];
    for (const [tag, close, name = '', selfClosed] of text.matchAll(/<(\/?)([a-z-]+)[^>]*?(\/?)>/g)) {
      if (close === '/') assert.equal(open.pop(), name, tag);
      else if (selfClosed !== '/') open.push(name);
    }
    assert.deepEqual(open, []);
    assert.ok(text.trim().endsWith(`</${root}>`));
  }
});
