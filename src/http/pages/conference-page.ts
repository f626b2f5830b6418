import { CATALOGUES, textsIn } from '../../texts/texts.ts';
import { BuiltPage } from '../built-page.ts';
import { pageHeaders } from '../page-headers.ts';
import type { InvitationNumber } from '../../domain/invitation.ts';
import type { HubVisit } from './hub-page.ts';
import { renderNumbers } from './numbers.ts';
import { escapeHtml, renderPage } from './page.ts';

export const CONFERENCE_ASSETS = '/conference-page/assets/';

/** Nothing from elsewhere, no inline script, no frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const CONFERENCE_HEADERS = {
  ...pageHeaders(CONTENT_SECURITY_POLICY),
  'permissions-policy': 'microphone=(self), camera=(self), display-capture=(self), screen-wake-lock=(self)',
};

/** Read once, and not for each visitor. */
export class ConferencePage {
  readonly built = new BuiltPage('conference', CONFERENCE_ASSETS);
  readonly #scripts: readonly string[];

  constructor() {
    this.#scripts = [...(this.built.html ?? '').matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => path as string);
  }

  /** For the page on which the code is typed: the script is there by the time that the code was looked at. */
  get preload(): string {
    return this.#scripts.map((path) => `<${path}>; rel=modulepreload`).join(', ');
  }

  render({ base, hub, language }: HubVisit, numbers: readonly InvitationNumber[]): string {
    const say = textsIn(language);
    if (this.built.html === undefined)
      return renderPage({
        title: say('conference.title'),
        language,
        content: `<h1>${escapeHtml(say('conference.notBuilt'))}</h1>\n<p class="quiet">npm run build:pages</p>`,
      });
    const texts = Object.fromEntries(Object.entries(CATALOGUES[language]).filter(([key]) => key.startsWith('conference.')));
    const data = JSON.stringify({
      base,
      company: hub.companyName,
      numbers: numbers.map(({ number, shown }) => ({ number, shown })),
      texts,
    }).replaceAll('<', String.raw`\u003c`);
    return this.built.html
      .replaceAll('__LANGUAGE__', language)
      .replaceAll('__TITLE__', () => escapeHtml(say('conference.title')))
      .replaceAll(
        '__NOSCRIPT__',
        () => `<h1>${escapeHtml(hub.companyName)}</h1><p>${escapeHtml(say('conference.noScript'))}</p>${renderNumbers(numbers, language)}`,
      )
      .replaceAll('__DATA__', () => data);
  }
}

let page: ConferencePage | undefined;

/** The same for all hubs. */
export function conferencePage(): ConferencePage {
  return (page ??= new ConferencePage());
}
