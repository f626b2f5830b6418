import { groupDigits, type Invitation, numberWithCode } from '../../domain/invitation.ts';
import type { Host } from '../../operations/hub/host.ts';
import { writeInvitation } from '../../operations/hub/invitation.ts';
import { type Language, LANGUAGES, textsIn } from '../../texts/texts.ts';
import { type HubVisit, renderFoot } from './hub-page.ts';
import { renderNumbers } from './numbers.ts';
import { escapeHtml, renderPage } from './page.ts';

/** Copies an invitation, and fills in what only the browser knows. The page works without it. */
export const HOST_SCRIPT = `
for (const button of document.querySelectorAll('button[data-copies]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copies);
    try { await navigator.clipboard.writeText(field.value); } catch { field.select(); document.execCommand('copy'); }
    document.getElementById('told').textContent = button.dataset.done;
  });
}
const zone = document.querySelector('input[name=zone]');
if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
const start = document.querySelector('input[name=start]');
if (start && !start.value) {
  const next = new Date(Date.now() + 3600000);
  next.setMinutes(0);
  start.value = new Date(next - next.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
`;

/** What a host wants next: to start, and to invite. */
export function renderHost({ base, language }: HubVisit, host: Host, invitation: Invitation, { canStart }: { canStart: boolean }): string {
  const say = textsIn(language);
  const moderator = host.moderatorPassCode.reveal();
  const mine = invitation.numbers.map(({ number }) => numberWithCode(number, moderator));
  const dial =
    mine.length === 0
      ? `<p class="block quiet">${escapeHtml(say('host.noNumbers'))}</p>`
      : `<h2>${escapeHtml(say(canStart ? 'host.dial.too' : 'host.dial'))}</h2>
<p class="quiet">${escapeHtml(say('host.dialWhat'))}</p>
${renderNumbers(mine, language, { withCode: true })}`;
  const start = `<form method="post" action="${base}/host/start"><button>${escapeHtml(say('host.start'))}</button></form>\n`;
  const signOut = `<form class="beside" method="post" action="${base}/sign-out"><button class="link">${escapeHtml(say('host.signOut'))}</button></form>`;
  return renderPage({
    title: say('host.title'),
    language,
    script: HOST_SCRIPT,
    content: `<h1>${escapeHtml(say('host.welcome', { name: host.name }))}</h1>
<p class="quiet">${escapeHtml(say('host.where', { company: host.companyName }))}</p>
${canStart ? start : ''}${dial}
<h2>${escapeHtml(say('host.codes'))}</h2>
<dl>
<div><dt>${escapeHtml(say('host.moderator'))}</dt><dd>${groupDigits(moderator)}</dd></div>
<div><dt>${escapeHtml(say('host.participant'))}</dt><dd>${groupDigits(invitation.passCode)}</dd></div>
</dl>
<p class="quiet">${escapeHtml(say('host.codesWarning'))}</p>
<h2>${escapeHtml(say('host.invite'))}</h2>
<p class="quiet">${escapeHtml(say('host.inviteWhat'))}</p>
${renderInvitation(invitation, language)}
${LANGUAGES.filter((other) => other !== language)
  .map(
    (other) =>
      `<details lang="${other}"><summary>${escapeHtml(textsIn(other)('language.name'))}</summary>${renderInvitation(invitation, other)}</details>`,
  )
  .join('\n')}
<p id="told" role="status" class="quiet"></p>
<h2>${escapeHtml(say('host.calendar'))}</h2>
<form method="get" action="${base}/host/invitation.ics">
<label>${escapeHtml(say('host.calendar.subject'))}<input name="subject" maxlength="255" value="${escapeHtml(writeInvitation(invitation, language).subject)}"></label>
<div class="fields">
<label>${escapeHtml(say('host.calendar.start'))}<input name="start" type="datetime-local" required></label>
<label>${escapeHtml(say('host.calendar.minutes'))}<input name="minutes" type="number" min="1" max="1440" value="60" required></label>
<label>${escapeHtml(say('host.calendar.zone'))}<input name="zone" value="UTC" required spellcheck="false"></label>
</div>
<button>${escapeHtml(say('host.calendar.action'))}</button>
</form>
${renderFoot({ language }, signOut)}`,
  });
}

function renderInvitation(invitation: Invitation, language: Language): string {
  const say = textsIn(language);
  const id = `invitation-${language}`;
  return `<form><label><span>${escapeHtml(writeInvitation(invitation, language).subject)}</span><textarea id="${id}" readonly>${escapeHtml(writeInvitation(invitation, language).text)}</textarea></label>
<button type="button" hidden data-copies="${id}" data-done="${escapeHtml(say('host.copied'))}">${escapeHtml(say('host.copy'))}</button></form>`;
}

/** Where a calendar file could not be made. */
export function renderCalendarProblem({ base, language }: HubVisit, problem: 'problem.start' | 'problem.minutes' | 'problem.zone'): string {
  const say = textsIn(language);
  return renderPage({
    title: say('problem.heading'),
    language,
    content: `<h1>${escapeHtml(say('problem.heading'))}</h1>
<p class="wrong" role="alert">${escapeHtml(say(problem))}</p>
<footer><a href="${base}/host">${escapeHtml(say('signIn.back'))}</a></footer>`,
  });
}
