import { renderPage } from './page.ts';

/** For whoever opens a path that is not there in a browser. */
export function renderLost(): string {
  return renderPage({
    title: 'Nothing here',
    content: `<h1>There is nothing at this address</h1>
<p>A letter may be missing or wrong. You may also start from <a href="/">the first page</a>.</p>`,
  });
}

/** For whoever opens a path in a browser that is there for programs. */
export function renderForPrograms(methods: readonly string[]): string {
  return renderPage({
    title: 'For programs',
    content: `<h1>This address is for programs</h1>
<p>It answers ${methods.join(' and ')}. <a href="/docs">The API's reference</a> says what to send, and lets you try it.</p>`,
  });
}
