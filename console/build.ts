import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

/**
 * `node console/build.ts` builds the console into `dist/console`, where the server finds it; `npm ci` does this in a clone. Without the development
 * tools (`npm ci --omit=dev`) it says so and leaves things as they are.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILT = `${ROOT}dist/console`;
const SOURCES = ['console', 'sdk/src'];

/** What Vite has of the module, so that this file can be read where Vite is not installed. */
async function loadVite(): Promise<typeof import('vite') | undefined> {
  try {
    return await import('vite');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}

async function buildConsole(): Promise<void> {
  const vite = await loadVite();
  if (vite === undefined) {
    process.stderr.write('The console is not built: its tools are development dependencies, and were left out.\n');
    return;
  }
  await vite.build({ configFile: `${ROOT}console/vite.config.ts`, logLevel: 'warn' });
  // Once, here, and not for each reader.
  for (const name of readdirSync(`${BUILT}/assets`)) {
    writeFileSync(`${BUILT}/assets/${name}.br`, brotliCompressSync(readFileSync(`${BUILT}/assets/${name}`)));
  }
}

/** Where a source is newer than what was built: for tests, which look at what is there. */
export async function buildConsoleIfOlder(): Promise<void> {
  const builtAt = modifiedAt(`${BUILT}/index.html`) ?? 0;
  const newest = Math.max(...SOURCES.flatMap(listFiles).map((path) => modifiedAt(path) ?? 0));
  if (newest > builtAt) await buildConsole();
}

function listFiles(folder: string): string[] {
  return (readdirSync(`${ROOT}${folder}`, { recursive: true }) as string[])
    .filter((name) => !name.includes('node_modules'))
    .map((name) => `${ROOT}${folder}/${name}`);
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

if (import.meta.main) await buildConsole();
