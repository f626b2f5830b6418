import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { pageHeaders } from '../page-headers.ts';

/** What `npm run build:console` made. The package is three folders up, of the sources and of what is built from them alike. */
const BUILT = fileURLToPath(new URL('../../../dist/console/', import.meta.url));
/** Where the page has its nonces, after console/vite.config.ts. */
const NONCE = /__NONCE__/g;

/** Nothing from elsewhere, no inline script, no frame around it; styles that the page writes itself carry the nonce of this answer. */
const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** The web console: one page at every path under /console, and its assets. It calls the API with the token that its user gives it. */
export async function registerConsole(app: FastifyInstance): Promise<void> {
  const page = existsSync(`${BUILT}index.html`) ? readFileSync(`${BUILT}index.html`, 'utf8') : undefined;
  if (page !== undefined) {
    await app.register(fastifyStatic, {
      root: `${BUILT}assets`,
      prefix: '/console/assets/',
      decorateReply: false,
      index: false,
      // A name has a digest of what it names.
      immutable: true,
      maxAge: '365d',
      setHeaders: (reply) => void reply.header('x-content-type-options', 'nosniff'),
      preCompressed: true,
    });
  }
  for (const path of ['/console', '/console/*']) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const nonce = randomBytes(18).toString('base64url');
      void reply.headers(pageHeaders(contentSecurityPolicy(nonce)));
      if (page === undefined) return reply.code(404).send(MISSING);
      return reply.send(page.replace(NONCE, nonce));
    });
  }
}

const MISSING = `<!doctype html>
<html lang="en">
<title>No console here</title>
<p>The console was not built with this server. Run <code>npm run build:console</code>, and start the server again.</p>
</html>
`;
