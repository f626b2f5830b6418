import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { PACKAGE_ROOT } from '../package-root.ts';

/** What `npm run build:pages` made. */
const DIST = fileURLToPath(new URL('dist/', PACKAGE_ROOT));

/** A page that is built from a workspace of its own. `html` is undefined where it was not built with this server. */
export class BuiltPage {
  readonly html: string | undefined;
  readonly #name: string;
  readonly #prefix: string;

  /** `prefix`: where its assets are, after the page's vite.config.ts. */
  constructor(name: string, prefix: string) {
    this.#name = name;
    this.#prefix = prefix;
    const path = `${DIST}${name}/index.html`;
    this.html = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  async registerAssets(app: FastifyInstance): Promise<void> {
    if (this.html === undefined) return;
    await app.register(fastifyStatic, {
      root: `${DIST}${this.#name}/assets`,
      prefix: this.#prefix,
      decorateReply: false,
      index: false,
      // A name has a digest of what it names.
      immutable: true,
      maxAge: '365d',
      setHeaders: (reply) => void reply.header('x-content-type-options', 'nosniff'),
      preCompressed: true,
    });
  }
}
