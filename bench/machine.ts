import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './statistics.ts';

const FSYNCS = 200;
const PAGE_BYTES = 4096;

/** What the figures were printed on. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  const { node, sqlite } = process.versions;
  const date = new Date().toISOString().slice(0, 10);
  return [
    `${date}, ${cpus().length} x ${cpu?.model.trim()}, ${memoryGib} GiB, ${process.platform} ${release()}, Node.js ${node}, SQLite ${sqlite}`,
    `Server and load on this one machine. Log level info, log to /dev/null. An fsync of one page takes ${measureFsyncMs().toFixed(2)} ms.`,
  ].join('\n');
}

/** What one transaction for each request would wait for: how much groups can gain depends on it. */
function measureFsyncMs(): number {
  const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const file = openSync(join(directory, 'page'), 'w');
  const page = Buffer.alloc(PAGE_BYTES);
  const elapsedMs = Array.from({ length: FSYNCS }, () => {
    writeSync(file, page);
    const startedAt = performance.now();
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(directory, { recursive: true });
  return median(elapsedMs);
}
