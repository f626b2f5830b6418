#!/usr/bin/env node
// Finds a Node that is new enough (the one that came with the dependencies, where there is one) and hands over to src/cli/main.ts.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src/cli/main.ts');
// A clone runs its sources; the published package holds what was built from them.
const entry = existsSync(source) ? source : join(root, 'dist/src/cli/main.js');

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  // What was compiled once is read the next time, as long as its source is the same: beside the code, where only those who may change that may write.
  const cache = join(root, 'node_modules/.cache/parley');
  module.enableCompileCache(cache);
  // For the writer's thread, which else loads the compiler of TypeScript for itself.
  process.env.NODE_COMPILE_CACHE ??= cache;
  await import(entry);
} else {
  const bundled = findBundledNode();
  if (bundled === undefined) {
    console.error(
      `Parley needs Node.js ${NEEDED} or later and this is ${process.version}. Install it from nodejs.org or your package manager.`,
    );
    process.exit(1);
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function findBundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    const node = join(dirname(manifest), 'bin/node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
