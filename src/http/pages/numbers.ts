import { countryNameOf } from '../../domain/country.ts';
import { describeNumber } from '../../domain/phone-number.ts';
import { escapeHtml } from './page.ts';

/** Numbers to dial, each of which a telephone dials when it is touched. Empty where there are none. */
export function renderNumbers(numbers: readonly string[]): string {
  if (numbers.length === 0) return '';
  const doors = numbers.map((number) => {
    const { country, isTollFree, international } = describeNumber(number);
    // A toll-free number of North America is no one country's.
    const where = isTollFree ? 'toll-free' : country && countryNameOf(country);
    const note = where === undefined ? '' : `<span>${escapeHtml(where)}</span>`;
    return `<li><a href="tel:${escapeHtml(number)}">${escapeHtml(international)}${note}</a></li>`;
  });
  return `<ul class="doors">\n${doors.join('\n')}\n</ul>`;
}
