import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../src/config.ts';
import { makeLog } from '../src/log.ts';
import { startService } from '../src/service.ts';

/**
 * Writes `sdk/src/openapi.ts` anew from the document of a server that is started for it, with openapi-typescript:
 *
 *     npm run generate:sdk              its first run installs the generator, beside the project's own dependencies
 *     npm run generate:sdk -- --check   only says whether the file is of this server: two digests, so it needs no generator
 */
const TARGET = fileURLToPath(new URL('../sdk/src/openapi.ts', import.meta.url));
const GENERATOR = fileURLToPath(new URL('sdk-types', import.meta.url));
const CLI = join(GENERATOR, 'node_modules/openapi-typescript/bin/cli.js');

interface Operation {
  responses: Record<string, { content: Record<string, { examples?: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

const work = mkdtempSync(join(tmpdir(), 'parley-sdk-'));
try {
  const { document, codes } = reduce(await readDocument());
  const documentDigest = digest(JSON.stringify([document, codes]));
  if (process.argv.includes('--check')) check(documentDigest);
  else write(documentDigest, render(document, codes));
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function readDocument(): Promise<Document> {
  const config = readConfig({
    PARLEY_DATA_DIR: join(work, 'data'),
    PARLEY_PORT: '0',
    PARLEY_LOG_LEVEL: 'silent',
    PARLEY_BOOTSTRAP_TOKEN: 'the-unused-token-of-a-generator',
  });
  const service = await startService(config, { log: makeLog(config.logLevel), now: Date.now });
  try {
    return (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
  } finally {
    await service.stop();
  }
}

/** Errors have one shape wherever they come from, so of them the codes are enough. */
function reduce({ paths, components, ...rest }: Document): { document: object; codes: string[] } {
  const codes = new Set<string>();
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      if (status.startsWith('2')) continue;
      for (const { examples = {} } of Object.values(content)) Object.keys(examples).forEach((code) => codes.add(code));
      delete operation.responses[status];
    }
  }
  return { document: { ...rest, paths, components: { ...components, schemas: {} } }, codes: [...codes].toSorted() };
}

function render(document: object, codes: readonly string[]): string {
  if (!existsSync(CLI)) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: GENERATOR, stdio: 'inherit' });
  const [from, to] = [join(work, 'openapi.json'), join(work, 'openapi.ts')];
  writeFileSync(from, JSON.stringify(document));
  execFileSync(process.execPath, [CLI, from, '--output', to, '--empty-objects-unknown'], { cwd: work, stdio: 'pipe' });
  const union = codes.map((code) => `  | '${code}'`).join('\n');
  return `${readFileSync(to, 'utf8')}\n/** What the document's errors have as their \`code\`. */\nexport type ErrorCode =\n${union};\n`;
}

function write(documentDigest: string, types: string): void {
  const head = `// Written by \`npm run generate:sdk\`: change the server's schemas instead.\n// Of the document ${documentDigest}\n// Of this file ${digest(types)}\n`;
  writeFileSync(TARGET, head + types);
}

function check(documentDigest: string): void {
  const [, ofDocument, ofFile, types = ''] =
    /Of the document (\w+)\n\/\/ Of this file (\w+)\n([^]*)$/.exec(readFileSync(TARGET, 'utf8')) ?? [];
  if (ofDocument === documentDigest && ofFile === digest(types)) return;
  process.stderr.write('sdk/src/openapi.ts is not of this server: npm run generate:sdk\n');
  process.exitCode = 1;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
