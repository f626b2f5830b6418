import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildIfOlder } from '../../scripts/build-pages.ts';
import { openBrowser } from '../support/browser.ts';
import { browserOfFile, type Guest, heardBy, hears, janusOfFile, joinAs, withJanusAndBrowser } from '../support/conference.ts';
import { startServerProcess } from '../support/process.ts';
import { get } from '../support/resources.ts';
import { callsAt, makeDataDir, TEST_TOKEN } from '../support/server.ts';

const PARTICIPANTS = 20;
/** Chromium opens sixteen microphones at a time and no more. */
const MOST_IN_ONE = 10;
const WATCHED_MS = 3_000;
/** What Linux counts processors' time in, on every machine: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MS = 10;

interface Cost {
  cpuMs: number;
  residentKb: number;
}

function costOf(pid: number): Cost {
  const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [userTicks = 0, systemTicks = 0] = afterName.split(' ').slice(11, 13).map(Number);
  const residentKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { cpuMs: (userTicks + systemTicks) * TICK_MS, residentKb };
}

withJanusAndBrowser('twenty browsers are in one room, each sees and hears the others, and the end comes to all of them', async (t) => {
  await buildIfOlder('conference');
  const { browserSettings } = await janusOfFile();
  const server = await startServerProcess(t, {
    ...browserSettings,
    PARLEY_DATA_DIR: makeDataDir(),
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
  });
  const { data } = await callsAt(server.url).provision();
  const address = `http://localhost:${new URL(server.url).port}/hub/${data.hub.hubUrl.split('.')[0]}`;
  const before = costOf(server.pid);
  const guests: Guest[] = [await joinAs(t, { address }, 'Ada', data.passCodes.moderatorPassCode)];
  const another = openBrowser({ withDevices: true });
  t.after(async () => (await another).close());
  while (guests.length < PARTICIPANTS) {
    const browser = guests.length < MOST_IN_ONE ? browserOfFile() : another;
    guests.push(await joinAs(t, { address, browser }, `Guest ${guests.length}`, data.passCodes.participantPassCode));
  }
  const joined = costOf(server.pid);

  for (const { page } of guests) await page.getByRole('heading', { name: `People here (${PARTICIPANTS})` }).waitFor();
  const { items } = (await get({ url: server.url }, '/v1/conferences', { 'X-AUTH-TOKEN': TEST_TOKEN })).json;
  assert.equal(items[0].participants.length, PARTICIPANTS);
  const [first, last] = [guests[0], guests.at(-1)] as [Guest, Guest];
  await Promise.all([hears(first), hears(last)]);

  const from = costOf(server.pid);
  const heard = await Promise.all(guests.map(heardBy));
  await first.page.waitForTimeout(WATCHED_MS);
  const until = costOf(server.pid);
  const heardSince = await Promise.all(guests.map(heardBy));
  heardSince.forEach(({ bytes }, i) => assert.ok(bytes > (heard[i]?.bytes ?? 0), `${i} hears nothing`));

  t.diagnostic(
    `${PARTICIPANTS} browsers in one room. Of Parley each took ${((joined.cpuMs - before.cpuMs) / PARTICIPANTS).toFixed(0)} ms of a processor to join, ` +
      `${((until.cpuMs - from.cpuMs) / (WATCHED_MS / 1000) / PARTICIPANTS).toFixed(2)} ms a second while all were talking, ` +
      `and ${((until.residentKb - before.residentKb) / PARTICIPANTS / 1024).toFixed(1)} MiB of memory.`,
  );

  await first.page.getByRole('button', { name: 'End for all' }).click();
  await first.page.getByRole('button', { name: 'Yes' }).click();
  for (const { page } of guests) await page.getByText('The moderator has ended the conference.').waitFor();
});
