import type { Host } from '../../operations/hub/host.ts';
import { type Language, textsIn } from '../../texts/texts.ts';
import { type HubVisit, renderFoot } from './hub-page.ts';
import { escapeHtml, renderPage } from './page.ts';

export type SignInProblem = 'signIn.wrong' | 'signIn.expired' | 'signIn.elsewhere';

/** For hosts. What was typed into the first field stands there again; a password never does. */
export function renderSignIn(
  { hub, base, language }: HubVisit,
  { login = '', problem }: { login?: string; problem?: SignInProblem } = {},
): string {
  const say = textsIn(language);
  const wrong = problem === undefined ? '' : `\n<p class="wrong" role="alert" id="wrong">${escapeHtml(say(problem))}</p>`;
  const described = problem === undefined ? '' : ' aria-describedby="wrong"';
  return renderPage({
    title: say('signIn.title'),
    language,
    content: `<h1>${escapeHtml(say('signIn.title'))}</h1>
<p class="quiet">${escapeHtml(hub.companyName)}</p>${wrong}
<form method="post" action="${base}/sign-in">
<label>${escapeHtml(say('signIn.login'))}<input name="login" value="${escapeHtml(login)}" required maxlength="255" autocomplete="username" autocapitalize="none" spellcheck="false" autofocus${described}></label>
<label>${escapeHtml(say('signIn.password'))}<input name="password" type="password" required maxlength="128" autocomplete="current-password"${described}></label>
<button>${escapeHtml(say('signIn.action'))}</button>
</form>
${renderFoot({ language }, `<a href="${base}/">${escapeHtml(say('signIn.back'))}</a>`)}`,
  });
}

/** For somebody whose address and password are those of several clients. */
export function renderChoice({ hub, base, language }: HubVisit, choice: string, hosts: readonly Pick<Host, 'clientId' | 'name'>[]): string {
  const say = textsIn(language);
  const buttons = hosts.map(
    ({ clientId, name }) => `<button name="clientId" value="${clientId}">${escapeHtml(name)} (${clientId})</button>`,
  );
  return renderPage({
    title: say('signIn.which.heading'),
    language,
    content: `<h1>${escapeHtml(say('signIn.which.heading'))}</h1>
<p class="quiet">${escapeHtml(hub.companyName)}</p>
<p class="block">${escapeHtml(say('signIn.which.what'))}</p>
<form method="post" action="${base}/sign-in">
<input type="hidden" name="choice" value="${escapeHtml(choice)}">
${buttons.join('\n')}
</form>
<footer><a href="${base}/sign-in">${escapeHtml(say('signIn.back'))}</a></footer>`,
  });
}

/** The same for every link that opens nothing. */
export function renderRefusal(language: Language): string {
  const say = textsIn(language);
  return renderPage({
    title: say('signOn.over.title'),
    language,
    content: `<h1>${escapeHtml(say('signOn.over.heading'))}</h1>
<p>${escapeHtml(say('signOn.over.what'))}</p>`,
  });
}
