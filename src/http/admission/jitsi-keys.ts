import type { FastifyInstance } from 'fastify';
import { pathNotFound } from '../../domain/errors.ts';
import type { ServerParts } from '../server-parts.ts';

/** The public keys of what Parley signs for Prosody, by the names under which that asks for them. They are for anybody. */
export function registerJitsiKeys(app: FastifyInstance, { bridges }: ServerParts): void {
  app.get('/admission/jitsi/keys/:file', { schema: { hide: true } }, async (request, reply) => {
    const pem = await bridges.findPublicKey((request.params as { file: string }).file);
    if (pem === undefined) throw pathNotFound();
    return reply.header('content-type', 'application/x-pem-file').header('cache-control', 'max-age=60').send(pem);
  });
}
