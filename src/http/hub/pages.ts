import { createHash } from 'node:crypto';
import type { Secret } from '../../domain/secret.ts';
import type { SignedOn } from '../../platform/platform.ts';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 22%, transparent); --quiet: color-mix(in srgb, currentColor 72%, transparent); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#f5f6f8, #14161a); color: light-dark(#1b1f27, #e8eaf0); }
main { width: 100%; max-width: 34rem; padding: 2rem; border: 1px solid var(--line); border-radius: .75rem; background: light-dark(#fff, #1c1f25); }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
dl { margin: 1.5rem 0; display: grid; gap: .75rem; }
dl > div { padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
dt { font-size: .875rem; color: var(--quiet); }
dd { margin: 0; font: 600 1.5rem/1.4 ui-monospace, monospace; letter-spacing: .04em; user-select: all; }
`;

/** Nothing from elsewhere, no script, no frame; this style and no other. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function renderHost({ name, companyName, moderatorPassCode, participantPassCode }: SignedOn): string {
  return renderPage(
    'Your conference',
    `<h1>Welcome, ${escape(name)}</h1>
<p>Your conference at ${escape(companyName)}</p>
<dl>
<div><dt>You, as the moderator, dial</dt><dd>${groupDigits(moderatorPassCode)}</dd></div>
<div><dt>Your guests dial</dt><dd>${groupDigits(participantPassCode)}</dd></div>
</dl>
<p>Give your guests the second code only. Whoever has the first one can run your conference.</p>`,
  );
}

/** The same for every link that opens nothing. */
export function renderRefusal(): string {
  return renderPage(
    'Sign in again',
    `<h1>This link does not work any more</h1>
<p>Links work once, and only for a minute. Go back to where you clicked it, and click again.</p>`,
  );
}

function renderPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

/** For the eye; copied, it is still only digits to a dialler. */
function groupDigits(code: Secret): string {
  return code.reveal().replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
