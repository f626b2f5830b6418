import type { FastifyInstance } from 'fastify';
import { redeemSignOn } from '../../operations/sign-on.ts';
import { pageHeaders } from '../page-headers.ts';
import type { ServerParts } from '../server-parts.ts';
import { CONTENT_SECURITY_POLICY, renderHost, renderRefusal } from './pages.ts';

const HEADERS = pageHeaders(CONTENT_SECURITY_POLICY);

/** Pages for people, at the host name of a company's hub. */
export function registerHub(app: FastifyInstance, { platform }: ServerParts): void {
  app.get('/signon', { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    void reply.headers(HEADERS);
    const { token } = request.query as { token?: unknown };
    // A browser that looks ahead must not use up what its user has yet to follow.
    const isLookingAhead = String(request.headers['sec-purpose'] ?? request.headers.purpose ?? '').includes('prefetch');
    if (isLookingAhead) return reply.code(503).header('retry-after', '0').send(renderRefusal());
    const visit = { token: typeof token === 'string' ? token : '', host: request.hostname, requestId: request.id };
    const signedOn = await redeemSignOn(platform, visit);
    return signedOn === undefined ? reply.code(403).send(renderRefusal()) : reply.send(renderHost(signedOn));
  });
}
