import type { Hub } from '../../operations/companies/find-hub.ts';
import { renderNumbers } from './numbers.ts';
import { escapeHtml, renderPage } from './page.ts';

/** What a guest sees who opens a company's hub. Nothing of it says who its people are. */
export function renderHub({ companyName, numbers }: Hub): string {
  const how =
    numbers.length === 0
      ? '<p class="block">Ask your host how to join, and for the code.</p>'
      : `<p class="block">To join a conference by telephone, dial one of these numbers and key in the code.</p>
${renderNumbers(numbers)}
<p class="quiet">Ask your host for the code.</p>`;
  return renderPage({
    title: `Conferences of ${companyName}`,
    content: `<h1>${escapeHtml(companyName)}</h1>
<p class="quiet">Telephone conferences</p>
${how}`,
  });
}

export function renderNoHub(): string {
  return renderPage({
    title: 'No conferences here',
    content: `<h1>There is no conference site at this address</h1>
<p>Look at the address that your host gave you: a letter may be missing or wrong. If it is right, ask your host for another one.</p>`,
  });
}
