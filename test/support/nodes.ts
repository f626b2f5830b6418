import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type Calls, callsAt, makeDataDir, TEST_TOKEN } from './server.ts';
import { type ServerProcess, startServerProcess } from './process.ts';
import { until } from './until.ts';

/** One of several servers on one database, in a process of its own; `process` is another one after a kill. */
export interface Node {
  process: ServerProcess;
  calls: Calls;
  settings: Record<string, string>;
}

/** Starts them at once, each by its own way to the same database. They share nothing else but the master key. */
export async function startNodes(t: TestContext, databaseUrls: readonly string[], extra: Record<string, string> = {}): Promise<Node[]> {
  const masterKey = randomBytes(32).toString('base64');
  return Promise.all(
    databaseUrls.map((url) =>
      startNode(t, {
        PARLEY_DATA_DIR: makeDataDir(),
        PARLEY_DATABASE_URL: url,
        PARLEY_MASTER_KEY: masterKey,
        PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
        PARLEY_RATE_LIMIT: '100000000',
        PARLEY_MAX_IN_FLIGHT: '5000',
        ...extra,
      }),
    ),
  );
}

async function startNode(t: TestContext, settings: Record<string, string>): Promise<Node> {
  const process = await startServerProcess(t, settings);
  return { process, calls: callsAt(process.url), settings };
}

/** `kill -9`, and another process in its place. */
export async function killAndRestart(t: TestContext, node: Node): Promise<void> {
  await node.process.end('SIGKILL');
  Object.assign(node, await startNode(t, node.settings));
}

/** How long until each of the nodes provisions again, in milliseconds; that it does is asserted. */
export async function waitForService(nodes: readonly Node[]): Promise<number> {
  const from = performance.now();
  await Promise.all(
    nodes.map(({ calls }) =>
      until(`${calls.url} provisions again`, async () => {
        // Another record each time, so that it must be written: a repeat is answered from what is read.
        const answer = await calls
          .provision({ client: { externalId: 1_000_000 + Math.floor(Math.random() * 1e9) } })
          .catch(() => undefined);
        return answer?.status === 200;
      }),
    ),
  );
  return performance.now() - from;
}
