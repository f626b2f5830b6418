import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './programs.ts';

/** Nothing that a fresh profile would look up elsewhere, and no sandbox of its own, which root cannot have. */
const QUIETLY = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A microphone that beeps each second and cameras that count (the second of which has depths instead of pictures), which the page may use without asking anybody. */
const WITH_DEVICES = [
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--autoplay-policy=no-user-gesture-required',
];

export async function openBrowser({ withDevices = false } = {}): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...QUIETLY, ...(withDevices ? WITH_DEVICES : [])] });
}

export interface Visit {
  page: Page;
  /** What the page complained of: exceptions, errors in its log, and what its own policy kept out. */
  complaints: string[];
}

/** A window of its own, with nothing kept from another. */
export async function openPage(browser: Browser, options: { colorScheme?: 'light' | 'dark'; width?: number } = {}): Promise<Visit> {
  const { colorScheme = 'light', width = 1280 } = options;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 860 }, locale: 'en-GB', timezoneId: 'UTC' });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Chromium also tells of each refusal that the page expects and deals with.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return { page, complaints };
}
