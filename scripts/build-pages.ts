import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

/**
 * `npm run build:pages` builds the console and the conference page into `dist/`, where the server finds them; `npm ci` does this in a clone. Without the development
 * tools (`npm ci --omit=dev`) it says so and leaves things as they are.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Of each page, what it is made of. */
const PAGES = { console: ['console', 'sdk/src'], conference: ['conference'] } as const;
type PageName = keyof typeof PAGES;

/** What Vite has of the module, so that this file can be read where Vite is not installed. */
async function loadVite(): Promise<typeof import('vite') | undefined> {
  try {
    return await import('vite');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}

async function build(name: PageName): Promise<void> {
  const vite = await loadVite();
  if (vite === undefined) {
    process.stderr.write(`The page "${name}" is not built: its tools are development dependencies, and were left out.\n`);
    return;
  }
  await vite.build({ configFile: `${ROOT}${name}/vite.config.ts`, logLevel: 'warn' });
  const assets = `${ROOT}dist/${name}/assets`;
  // Once, here, and not for each reader.
  for (const file of readdirSync(assets)) writeFileSync(`${assets}/${file}.br`, brotliCompressSync(readFileSync(`${assets}/${file}`)));
}

/** Where a source is newer than what was built: for tests, which look at what is there. */
export async function buildIfOlder(name: PageName): Promise<void> {
  const builtAt = modifiedAt(`${ROOT}dist/${name}/index.html`) ?? 0;
  const newest = Math.max(...PAGES[name].flatMap(listFiles).map((path) => modifiedAt(path) ?? 0));
  if (newest > builtAt) await build(name);
}

function listFiles(folder: string): string[] {
  return (readdirSync(`${ROOT}${folder}`, { recursive: true }) as string[])
    .filter((name) => !name.includes('node_modules'))
    .map((name) => `${ROOT}${folder}/${name}`);
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

if (import.meta.main) for (const name of Object.keys(PAGES) as PageName[]) await build(name);
