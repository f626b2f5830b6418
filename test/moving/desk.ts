import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Finished, runParley, startParley } from '../support/process.ts';
import { makeDataDir, startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';

export interface Desk {
  server: TestServer;
  home: string;
  settings: Record<string, string>;
  run: (...args: string[]) => Promise<Finished>;
  start: (...args: string[]) => ReturnType<typeof startParley>;
  write: (name: string, content: string | Uint8Array) => string;
}

/** A caller at a shell, with a server, a token and a directory for files. */
export async function openDesk(t: TestContext): Promise<Desk> {
  const server = await startTestServer(t);
  const home = makeDataDir();
  const settings = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), PARLEY_URL: server.url, PARLEY_TOKEN: TEST_TOKEN };
  return {
    server,
    home,
    settings,
    run: (...args) => runParley(args, settings, home),
    start: (...args) => startParley(args, settings, home),
    write: (name, content) => {
      writeFileSync(join(home, name), content);
      return name;
    },
  };
}

export const HEADINGS = 'Customer ID,Enterprise ID,Company,Plan ID,First Name,Last Name,E-Mail,City,State,Country,Active';

export function line(
  plan: number | string,
  { email = `${plan}@example.com`, active = 'yes', last = 'Lovelace', state = 'Quebec', country = 'Canada' } = {},
): string {
  return `50,799,Company Name,${plan},Ada,${last},${email},Montreal,${state},${country},${active}`;
}

export function csv(...lines: string[]): string {
  return `${[HEADINGS, ...lines].join('\n')}\n`;
}
