import type { InvitationNumber } from '../../domain/invitation.ts';
import type { HubRecord } from '../../store/records.ts';
import { type Language, LANGUAGES, textsIn } from '../../texts/texts.ts';
import { renderNumbers } from './numbers.ts';
import { escapeHtml, renderPage } from './page.ts';

/** Of a visit to a hub: in which language, and below which path it is seen (none at its own host name). */
export interface HubVisit {
  hub: HubRecord;
  base: string;
  language: Language;
}

/** What a guest sees who opens a company's hub. Nothing of it says who its people are. */
export function renderHub({ hub, base, language }: HubVisit, numbers: readonly InvitationNumber[]): string {
  const say = textsIn(language);
  const how =
    numbers.length === 0
      ? `<p class="block">${escapeHtml(say('hub.askHow'))}</p>`
      : `<p class="block">${escapeHtml(say('hub.dial'))}</p>
${renderNumbers(numbers, language)}
<p class="quiet">${escapeHtml(say('hub.askForCode'))}</p>`;
  return renderPage({
    title: say('hub.title', { company: hub.companyName }),
    language,
    content: `<h1>${escapeHtml(hub.companyName)}</h1>
<p class="quiet">${escapeHtml(say('hub.kind'))}</p>
${how}
${renderFoot({ language }, `<span>${escapeHtml(say('hub.hostsOnly'))} <a href="${base}/sign-in">${escapeHtml(say('signIn.action'))}</a></span>`)}`,
  });
}

export function renderNoHub(language: Language): string {
  const say = textsIn(language);
  return renderPage({
    title: say('hub.none.title'),
    language,
    content: `<h1>${escapeHtml(say('hub.none.heading'))}</h1>
<p>${escapeHtml(say('hub.none.what'))}</p>`,
  });
}

/** What leads on, and the same page in the other languages. */
export function renderFoot({ language }: Pick<HubVisit, 'language'>, left: string): string {
  const others = LANGUAGES.filter((other) => other !== language).map(
    (other) => `<a href="?lang=${other}" lang="${other}" hreflang="${other}">${escapeHtml(textsIn(other)('language.name'))}</a>`,
  );
  return `<footer>${left}<span>${others.join(' ')}</span></footer>`;
}
