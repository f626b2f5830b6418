import { createHash } from 'node:crypto';
import { pageHeaders } from '../page-headers.ts';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 22%, transparent); --quiet: light-dark(#565d6b, #a9b1c0); --link: light-dark(#1d4ed8, #93b4ff); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#f5f6f8, #14161a); color: light-dark(#1b1f27, #e8eaf0); }
main { width: 100%; max-width: 34rem; padding: 2rem; border: 1px solid var(--line); border-radius: .75rem; background: light-dark(#fff, #1c1f25); }
main.wide { max-width: 60rem; align-self: start; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.125rem; line-height: 1.3; }
p { margin: 0; overflow-wrap: anywhere; }
p + p, ul + p, dl + p { margin-top: 1rem; }
.quiet { color: var(--quiet); }
.block { margin-top: 1.5rem; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: .25rem; }
dl { margin: 1.5rem 0; display: grid; gap: .75rem; }
dl > div { padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
dt { font-size: .875rem; color: var(--quiet); }
dd { margin: 0; font: 600 clamp(1.125rem, 6vw, 1.5rem)/1.4 ui-monospace, monospace; letter-spacing: .04em; white-space: nowrap; user-select: all; }
ul.doors { list-style: none; margin: 1.5rem 0 0; padding: 0; display: grid; gap: .75rem; }
ul.doors a { display: block; padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem; font-weight: 600; text-decoration: none; }
ul.doors a:hover { border-color: var(--link); }
ul.doors span { display: block; font-size: .875rem; font-weight: 400; color: var(--quiet); }
form { margin: 1.5rem 0 0; display: grid; gap: 1rem; }
form.beside { display: block; margin: 0; }
label { display: grid; min-width: 0; gap: .25rem; font-size: .875rem; color: var(--quiet); }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem; }
input, textarea, button { font: inherit; min-width: 0; padding: .625rem .75rem; border: 1px solid color-mix(in srgb, currentColor 55%, transparent); border-radius: .5rem; width: 100%; background: light-dark(#fff, #14161a); color: light-dark(#1b1f27, #e8eaf0); }
textarea { min-height: 15rem; font: .875rem/1.5 ui-monospace, monospace; resize: vertical; }
button { border: 0; background: light-dark(#1d4ed8, #93b4ff); color: light-dark(#fff, #10131a); font-weight: 600; cursor: pointer; }
button.link { width: auto; padding: 0; border: 0; border-radius: .25rem; background: none; color: var(--link); font-weight: 400; text-decoration: underline; }
input:focus-visible, textarea:focus-visible, button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.wrong { margin-top: 1.5rem; padding: .75rem 1rem; border-left: .25rem solid light-dark(#b42318, #ff9a8f); color: light-dark(#8f1d13, #ffb4ab); background: light-dark(#fdf1f0, #2a1715); }
footer { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); display: flex; gap: 1rem; flex-wrap: wrap; justify-content: space-between; font-size: .875rem; }
details { margin-top: 1rem; }
details + p { margin-top: .75rem; }
summary { cursor: pointer; color: var(--link); }
@media (max-width: 25rem) { body { padding: .75rem; } main { padding: 1.25rem; } }
.guide p, .guide ul, .guide ol, .guide pre, .guide table { margin: .75rem 0; }
.guide h1 { margin-bottom: 1rem; }
.guide pre { padding: .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto; }
.guide code { font: .875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.guide pre code { overflow-wrap: normal; }
.guide table { display: block; overflow-x: auto; border-collapse: collapse; }
.guide th, .guide td { padding: .375rem .625rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
.guide img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: .5rem; }
`;

/** Nothing from elsewhere, no script, no frame; this style and no other. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "img-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const PAGE_HEADERS = pageHeaders(CONTENT_SECURITY_POLICY);

/** Of a page with a form that is sent to this server and, where it has one, this script. */
export function formHeaders(script?: string): Record<string, string> {
  const policy = CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'");
  if (script === undefined) return pageHeaders(policy);
  return pageHeaders(`${policy}; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
}

export interface Page {
  title: string;
  /** HTML: whatever came from elsewhere is escaped in it. */
  content: string;
  className?: string;
  language?: string;
  script?: string;
}

export function renderPage({ title, content, className, language = 'en', script }: Page): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main${className === undefined ? '' : ` class="${className}"`}>
${content}
</main>${script === undefined ? '' : `\n<script>${script}</script>`}
</body>
</html>
`;
}

/** A text as it stands between tags or in an attribute's quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const HTML = /^(text\/html|application\/xhtml\+xml)$/;
const JSON_TYPE = /[/+]json$/;

/** Whether somebody is looking: a browser names HTML, a program names JSON, anything, or nothing. */
export function wantsPage(accept: string | undefined): boolean {
  const html = qualityOf(accept, HTML);
  return html > 0 && html >= qualityOf(accept, JSON_TYPE);
}

/** Whether JSON is named, and no page would do. */
export function isForJson(accept: string | undefined): boolean {
  return qualityOf(accept, JSON_TYPE) > 0 && !wantsPage(accept);
}

/** RFC 9110, 12.4.2. */
function qualityOf(accept: string | undefined, types: RegExp): number {
  const qualities = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return types.test(type) ? Number(quality) || 0 : 0;
  });
  return Math.max(...qualities);
}
