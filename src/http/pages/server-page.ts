import { VERSION } from '../../version.ts';
import { renderPage } from './page.ts';

const DOORS = [
  { path: '/console', name: 'The console', what: 'look a customer up; it asks for a token' },
  { path: '/docs', name: "The API's reference", what: 'every call with its fields and errors, to try out' },
  { path: '/guides', name: 'The guides', what: 'integrate, connect a bridge, run it' },
];

/** About this server: for whoever opens its address. Nothing of any tenant. */
export function renderServer({ isWell }: { isWell: boolean }): string {
  const state = isWell ? 'It is well.' : 'It cannot answer now: its database is away.';
  const doors = DOORS.map(({ path, name, what }) => `<li><a href="${path}">${name}<span>${what}</span></a></li>`);
  return renderPage({
    title: 'Parley',
    content: `<h1>Parley</h1>
<p class="quiet">Conferencing provisioning, version ${VERSION}. ${state}</p>
<p>A billing system calls this server to give a customer a conference. A conferencing bridge asks it whose pass code was keyed in.</p>
<ul class="doors">
${doors.join('\n')}
</ul>
<p class="quiet">Were you invited to a conference? Open the address that your host gave you, or dial the number.</p>`,
  });
}
