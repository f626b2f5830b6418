import { after, type test, type TestContext } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildIfOlder } from '../../scripts/build-pages.ts';
import { openBrowser } from './browser.ts';
import { startJanus, type TestJanus } from './janus.ts';
import { findChromium, findJanus } from './programs.ts';
import { patch } from './resources.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from './server.ts';
import { testsWith } from './tests-with.ts';
import { until } from './until.ts';

export const withJanusAndBrowser = testsWith('Janus and Chromium', () => {
  findJanus();
  return findChromium();
});

let janus: Promise<TestJanus> | undefined;
let browser: Promise<Browser> | undefined;
after(async () => {
  await (await browser)?.close();
  await (await janus)?.remove();
});

/** One of each for all tests of a file. */
export function janusOfFile(): Promise<TestJanus> {
  return (janus ??= startJanus());
}

export async function browserOfFile(): Promise<Browser> {
  return (browser ??= openBrowser({ withDevices: true }));
}

export interface TestHub {
  server: TestServer;
  clientId: number;
  companyId: number;
  /** Below which path of the server the hub is. */
  path: string;
  moderatorPassCode: string;
  participantPassCode: string;
  /** Where a browser sees it: `__Host-` cookies are kept at localhost. */
  address: string;
}

export async function startHub(
  t: TestContext,
  {
    settings = {},
    hasVideo = false,
    rails,
    password = '',
  }: { settings?: Record<string, string>; hasVideo?: boolean; rails?: Record<string, unknown>; password?: string } = {},
): Promise<TestHub> {
  await buildIfOlder('conference');
  const { browserSettings } = await janusOfFile();
  const server = await startTestServer(t, { ...browserSettings, ...settings });
  const { data } = await server.provision({ company: { isWebConfEnabled: hasVideo }, client: { password } });
  if (rails !== undefined) await patch(server, `/v1/companies/${data.companyId}/admission`, rails, { 'X-AUTH-TOKEN': TEST_TOKEN });
  return { server, ...data, ...data.passCodes, ...placeOf(server, data.hub.hubUrl) };
}

function placeOf({ url }: Pick<TestServer, 'url'>, hubUrl: string): { path: string; address: string } {
  const path = `/hub/${hubUrl.split('.')[0]}`;
  return { path, address: `http://localhost:${new URL(url).port}${path}` };
}

export interface Guest {
  page: Page;
  context: BrowserContext;
}

/** Somebody with a browser of his own, who has typed the code. */
export async function typeCode(
  t: test.TestContext,
  { address, browser: inside = browserOfFile() }: { address: string; browser?: Promise<Browser> },
  code: string,
): Promise<Guest> {
  const context = await (await inside).newContext({ locale: 'en-GB' });
  t.after(() => context.close());
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await watchPeers(page);
  await page.goto(address);
  await page.getByLabel('Code of the conference').fill(code);
  await page.getByRole('button', { name: 'Join in this browser' }).click();
  return { page, context };
}

/** And has said his name, and is in. */
export async function joinAs(t: test.TestContext, hub: Parameters<typeof typeCode>[1], name: string, code: string): Promise<Guest> {
  const guest = await typeCode(t, hub, code);
  await sayName(guest, name);
  await guest.page.getByRole('heading', { name: /^People here/ }).waitFor();
  return guest;
}

export async function sayName({ page }: Guest, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
}

/** Statistics are those of the page's own connections, which it keeps to itself. */
export const WATCH_PEERS = `(() => {
  const Peer = RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Peer { constructor(...given) { super(...given); window.peers.push(this); } };
})()`;

export async function watchPeers(page: Page): Promise<void> {
  await page.addInitScript(WATCH_PEERS);
}

export interface Heard {
  bytes: number;
  /** What was heard since the page was opened: square of the level times seconds (https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-totalaudioenergy). */
  energy: number;
  frames: number;
}

/** What has arrived at the page's living connections so far. */
const HEARD = `(async () => {
  const heard = { bytes: 0, energy: 0, frames: 0 };
  for (const peer of window.peers.filter((one) => one.connectionState !== 'closed'))
    for (const report of (await peer.getStats()).values())
      if (report.type === 'inbound-rtp') {
        if (report.kind === 'audio') heard.bytes += report.bytesReceived;
        heard.energy += report.totalAudioEnergy ?? 0;
        heard.frames += report.framesDecoded ?? 0;
      }
  return heard;
})()`;

/** Whatever can be asked what a page has: a browser of Playwright's, or another. */
interface Asked {
  page: { evaluate(expression: string): Promise<any> };
}

export function heardBy({ page }: Asked): Promise<Heard> {
  return page.evaluate(HEARD);
}

/** Waits until somebody is heard from now on. */
export async function hears(guest: Asked): Promise<void> {
  const before = await heardBy(guest);
  await until('somebody is heard', async () => {
    const { bytes, energy } = await heardBy(guest);
    return bytes > before.bytes && energy > before.energy + 0.0001;
  });
}
