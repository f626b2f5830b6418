import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { makeDataDir, startTestServer, TEST_TOKEN, type TestServer } from './server.ts';

export interface Desk {
  server: TestServer;
  home: string;
  settings: Record<string, string>;
}

/** A caller at a shell: a directory of its own, and a server and a token in the environment. */
export async function openDesk(t: TestContext): Promise<Desk> {
  const server = await startTestServer(t);
  const home = makeDataDir();
  return {
    server,
    home,
    settings: { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), PARLEY_URL: server.url, PARLEY_TOKEN: TEST_TOKEN },
  };
}
