import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openDesk as openPlainDesk, type Desk as PlainDesk } from '../support/desk.ts';
import { type Finished, runParley, startParley } from '../support/process.ts';

export interface Desk extends PlainDesk {
  run: (...args: string[]) => Promise<Finished>;
  start: (...args: string[]) => ReturnType<typeof startParley>;
  write: (name: string, content: string | Uint8Array) => string;
}

/** A desk with files on it. */
export async function openDesk(t: TestContext): Promise<Desk> {
  const desk = await openPlainDesk(t);
  const { home, settings } = desk;
  return {
    ...desk,
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
