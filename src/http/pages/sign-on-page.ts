import type { Secret } from '../../domain/secret.ts';
import type { SignedOn } from '../../platform/platform.ts';
import { renderNumbers } from './numbers.ts';
import { escapeHtml, renderPage } from './page.ts';

/** What a host sees who has followed a sign-on link. */
export function renderHost({ name, companyName, moderatorPassCode, participantPassCode }: SignedOn, numbers: readonly string[]): string {
  const dial =
    numbers.length === 0
      ? '<p class="quiet">Ask whoever gave you this conference for the number to dial.</p>'
      : `<h2>Dial one of these numbers</h2>\n${renderNumbers(numbers)}`;
  return renderPage({
    title: 'Your conference',
    content: `<h1>Welcome, ${escapeHtml(name)}</h1>
<p class="quiet">Your conference at ${escapeHtml(companyName)}</p>
${dial}
<h2>Then key in the code</h2>
<dl>
<div><dt>You, as the moderator</dt><dd>${groupDigits(moderatorPassCode)}</dd></div>
<div><dt>Your guests</dt><dd>${groupDigits(participantPassCode)}</dd></div>
</dl>
<p class="quiet">Give your guests the second code only. Whoever has the first one can run your conference.</p>`,
  });
}

/** The same for every link that opens nothing. */
export function renderRefusal(): string {
  return renderPage({
    title: 'Sign in again',
    content: `<h1>This link does not work any more</h1>
<p>Links work once, and only for a minute. Go back to where you clicked it, and click again.</p>`,
  });
}

/** For the eye; copied, it is still only digits to a dialler. */
function groupDigits(code: Secret): string {
  return code.reveal().replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');
}
