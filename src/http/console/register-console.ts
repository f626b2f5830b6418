import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { BuiltPage } from '../built-page.ts';
import { pageHeaders } from '../page-headers.ts';

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
  const built = new BuiltPage('console', '/console/assets/');
  await built.registerAssets(app);
  const page = built.html;
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
<p>The console was not built with this server. Run <code>npm run build:pages</code>, and start the server again.</p>
</html>
`;
