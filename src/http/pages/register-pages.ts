import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { pathNotFound } from '../../domain/errors.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Guides } from './guides.ts';
import { renderLost } from './lost-page.ts';
import { isForJson, PAGE_HEADERS } from './page.ts';
import { attemptOf, hostNameOf, sendHub, sendNoHub, visitOf } from './hub-visit.ts';
import { registerHub } from './register-hub.ts';
import { renderServer } from './server-page.ts';

const PICTURES = fileURLToPath(new URL('docs/pictures/', PACKAGE_ROOT));

/** Pages for people, by no script and without a token. */
export async function registerPages(app: FastifyInstance, parts: ServerParts): Promise<void> {
  await registerHub(app, parts);
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (isForJson(request.headers.accept)) throw pathNotFound();
    const visit = await visitOf(request, reply, parts);
    if (visit !== undefined) return sendHub(reply, visit, parts, attemptOf(request));
    // Below the domain of hubs there is nothing else; any other name may be one that the operator has given this server.
    if (hostNameOf(request.hostname).endsWith(`.${parts.baseDomain}`)) return sendNoHub(request, reply);
    return reply.headers(PAGE_HEADERS).send(renderServer({ isWell: await parts.isReady().catch(() => false) }));
  });

  let loaded: Promise<Guides> | undefined;
  const guides = (): Promise<Guides> => (loaded ??= import('./guides.ts').then(({ Guides: All }) => new All()));
  app.get('/guides', { schema: { hide: true } }, async (_request, reply) => {
    return reply.headers(PAGE_HEADERS).send((await guides()).renderList());
  });
  app.get('/guides/*', { schema: { hide: true } }, async (request, reply) => {
    const page = (await guides()).render((request.params as { '*': string })['*']);
    return reply
      .headers(PAGE_HEADERS)
      .code(page === undefined ? 404 : 200)
      .send(page ?? renderLost());
  });
  await app.register(fastifyStatic, { root: PICTURES, prefix: '/guides/pictures/', decorateReply: false, index: false });
}
