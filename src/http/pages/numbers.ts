import { type InvitationNumber } from '../../domain/invitation.ts';
import { placeOf } from '../../operations/hub/invitation.ts';
import type { Language } from '../../texts/texts.ts';
import { escapeHtml } from './page.ts';

/** Numbers to dial, each of which a telephone dials when it is touched: with its code behind it where it has one. Empty where there are none. */
export function renderNumbers(numbers: readonly InvitationNumber[], language: Language, { withCode = false } = {}): string {
  if (numbers.length === 0) return '';
  const doors = numbers.map((number) => {
    const place = placeOf(number, language);
    const note = place === undefined ? '' : `<span>${escapeHtml(place)}</span>`;
    const link = withCode ? number.oneTap : `tel:${number.number}`;
    return `<li><a href="${escapeHtml(link)}">${escapeHtml(number.shown)}${note}</a></li>`;
  });
  return `<ul class="doors">\n${doors.join('\n')}\n</ul>`;
}
