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

export type JoinProblem = 'join.wrong' | 'join.full' | 'join.elsewhere';

/** What was typed stands there again. */
export interface JoinAttempt {
  code?: string;
  problem?: JoinProblem;
}

/** What a guest sees who opens a company's hub. Nothing of it says who its people are. `attempt` is undefined where nobody joins in a browser. */
export function renderHub(
  { hub, base, language }: HubVisit,
  numbers: readonly InvitationNumber[],
  attempt: JoinAttempt | undefined,
): string {
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
<p class="quiet">${escapeHtml(say(attempt === undefined ? 'hub.kind' : 'hub.kind.web'))}</p>
${attempt === undefined ? '' : renderJoin(base, language, attempt)}${how}
${renderFoot({ language }, `<span>${escapeHtml(say('hub.hostsOnly'))} <a href="${base}/sign-in">${escapeHtml(say('signIn.action'))}</a></span>`)}`,
  });
}

function renderJoin(base: string, language: Language, { code = '', problem }: JoinAttempt): string {
  const say = textsIn(language);
  const wrong = problem === undefined ? '' : `<p class="wrong" role="alert" id="wrong">${escapeHtml(say(problem))}</p>\n`;
  const described = problem === undefined ? '' : ' aria-invalid="true" aria-describedby="wrong"';
  return `${wrong}<form method="post" action="${base}/join">
<label>${escapeHtml(say('join.code'))}<input name="code" value="${escapeHtml(code)}" required maxlength="40" inputmode="numeric" autocomplete="off" spellcheck="false" autofocus${described}></label>
<button>${escapeHtml(say('join.action'))}</button>
</form>
`;
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
