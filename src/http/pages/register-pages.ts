import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathNotFound } from '../../domain/errors.ts';
import { findHub, listDiallable } from '../../operations/companies/find-hub.ts';
import { redeemSignOn } from '../../operations/clients/sign-on.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Guides } from './guides.ts';
import { renderHub, renderNoHub } from './hub-page.ts';
import { renderLost } from './lost-page.ts';
import { isForJson, PAGE_HEADERS, wantsPage } from './page.ts';
import { renderServer } from './server-page.ts';
import { renderHost, renderRefusal } from './sign-on-page.ts';

const PICTURES = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const hidden = { schema: { hide: true }, exposeHeadRoute: false };

/** Pages for people, by no script and without a token. */
export async function registerPages(app: FastifyInstance, parts: ServerParts): Promise<void> {
  const { store, platform, baseDomain, isReady } = parts;

  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (isForJson(request.headers.accept)) throw pathNotFound();
    const host = hostOf(request.hostname);
    const hub = await findHub(store, host);
    // Below the domain of hubs there is nothing else; any other name may be one that the operator has given this server.
    if (hub === undefined && host.endsWith(`.${baseDomain}`)) return sendNoHub(request, reply);
    const page = hub === undefined ? renderServer({ isWell: await isReady().catch(() => false) }) : renderHub(hub);
    return reply.headers(PAGE_HEADERS).send(page);
  });

  app.get('/hub/:slug', { schema: { hide: true } }, async (request, reply) => {
    const slug = hostOf((request.params as { slug: string }).slug);
    const hub = await findHub(store, slug.includes('.') ? slug : `${slug}.${baseDomain}`);
    return hub === undefined ? sendNoHub(request, reply) : reply.headers(PAGE_HEADERS).send(renderHub(hub));
  });

  app.get('/signon', hidden, async (request, reply) => {
    void reply.headers(PAGE_HEADERS);
    const { token } = request.query as { token?: unknown };
    // A browser that looks ahead must not use up what its user has yet to follow.
    const isLookingAhead = String(request.headers['sec-purpose'] ?? request.headers.purpose ?? '').includes('prefetch');
    if (isLookingAhead) return reply.code(503).header('retry-after', '0').send(renderRefusal());
    const visit = { token: typeof token === 'string' ? token : '', host: hostOf(request.hostname), requestId: request.id };
    const signedOn = await redeemSignOn(platform, visit);
    if (signedOn === undefined) return reply.code(403).send(renderRefusal());
    return reply.send(renderHost(signedOn, await listDiallable(store, signedOn.tenantId)));
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

function sendNoHub({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!wantsPage(headers.accept)) throw pathNotFound();
  return reply.code(404).headers(PAGE_HEADERS).send(renderNoHub());
}

/** Names are the same in any case, and with the dot at the end that stands for the root. */
function hostOf(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
