import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { escapeHtml, renderPage } from './page.ts';

const DOCS = fileURLToPath(new URL('docs/', PACKAGE_ROOT));

/** In the order in which somebody needs them; what is in none of these is about one kind of bridge. */
const GROUPS: readonly [title: string, names: readonly string[]][] = [
  ['Integrate', ['integrate', 'contract', 'resources', 'command-line', 'sdk', 'webhooks', 'sandbox']],
  ['Run it', ['configuration', 'deploy', 'operate', 'console', 'gateway', 'performance', 'admission']],
];

interface Guide {
  title: string;
  markdown: string;
}

/** The files of `docs/`, as pages: the same words, on the server itself. */
export class Guides {
  readonly #guides = new Map<string, Guide>();

  constructor() {
    const files = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
    for (const file of files.filter((path) => /^(bridges\/)?[a-z0-9-]+\.md$/.test(path)).toSorted()) {
      const markdown = readFileSync(`${DOCS}${file}`, 'utf8');
      this.#guides.set(file.replace(/\.md$/, ''), { title: /^# (.+)$/m.exec(markdown)?.[1] ?? file, markdown });
    }
  }

  renderList(): string {
    const named = new Set(GROUPS.flatMap(([, names]) => names));
    const others = [...this.#guides.keys()].filter((name) => !named.has(name));
    const groups = [...GROUPS, ['Connect a bridge', others] as const];
    const sections = groups.map(([title, names]) => `<h2>${title}</h2>\n<ul>\n${names.map((name) => this.#entry(name)).join('\n')}\n</ul>`);
    return renderPage({ title: 'Guides', className: 'wide guide', content: `<h1>Guides</h1>\n${sections.join('\n')}` });
  }

  /** Undefined where there is no such guide. */
  render(name: string): string | undefined {
    const guide = this.#guides.get(name);
    if (guide === undefined) return undefined;
    const resolve = (href: string): string | undefined => this.#resolve(name, href);
    const marked = new Marked({
      gfm: true,
      renderer: {
        heading({ tokens, depth, text }) {
          return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
        },
        link({ href, tokens }) {
          const target = resolve(href);
          const text = this.parser.parseInline(tokens);
          return target === undefined ? text : `<a href="${escapeHtml(target)}">${text}</a>`;
        },
      },
    });
    const content = `<p><a href="/guides">All guides</a></p>\n${marked.parse(guide.markdown, { async: false })}`;
    return renderPage({ title: guide.title, className: 'wide guide', content });
  }

  #entry(name: string): string {
    return `<li><a href="/guides/${name}">${escapeHtml(this.#guides.get(name)?.title ?? name)}</a></li>`;
  }

  /** Where a link of a guide leads from here. What is in the repository alone leads nowhere. */
  #resolve(name: string, href: string): string | undefined {
    if (/^(https?:|#)/.test(href)) return href;
    const [path = '', fragment] = href.split('#', 2);
    const target = posix.join(posix.dirname(name), path).replace(/\.md$/, '');
    if (!this.#guides.has(target)) return undefined;
    return `/guides/${target}${fragment === undefined ? '' : `#${fragment}`}`;
  }
}

/** As GitHub makes them, so that the links of the files hold here too. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
