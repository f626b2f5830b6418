import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserOfFile, type Guest, heardBy, sayName, watchPeers, withJanusAndBrowser } from '../support/conference.ts';
import { environmentWith } from '../support/process.ts';
import { makeDataDir } from '../support/server.ts';
import { until } from '../support/until.ts';

const DEMO = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url));

withJanusAndBrowser('npm run demo prints links by which two people hear each other, and leaves nothing behind', async (t) => {
  const folder = makeDataDir();
  const demo = spawn(process.execPath, [DEMO], { env: { ...environmentWith({}), TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => demo.kill('SIGKILL'));
  let printed = '';
  demo.stdout.on('data', (chunk) => (printed += String(chunk)));
  const ended = new Promise<number | null>((resolve) => demo.once('close', resolve));
  await until('the links are printed', () => printed.includes('ctrl-C'), { withinMs: 60_000 });
  const linkOf = (whose: string): string => new RegExp(`The ${whose} +(\\S+)`).exec(printed)?.[1] ?? '';
  const enter = async (whose: string, name: string): Promise<Guest> => {
    const context = await (await browserOfFile()).newContext({ locale: 'en' });
    t.after(() => context.close());
    const page = await context.newPage();
    await watchPeers(page);
    await page.goto(linkOf(whose));
    await page.getByRole('button', { name: 'Join in this browser' }).click();
    await sayName({ page, context }, name);
    return { page, context };
  };
  const [host, guest] = [await enter('host', 'Ada'), await enter('guest', 'Grace')];
  await host.page.getByRole('button', { name: 'Remove Grace' }).waitFor();
  for (const one of [host, guest]) await until('the other is heard', async () => (await heardBy(one)).energy > 0.0001);
  demo.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.deepEqual(readdirSync(folder), []);
});
