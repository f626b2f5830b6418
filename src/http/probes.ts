import type { FastifyInstance } from 'fastify';
import type { ServerParts } from './server-parts.ts';

/** For load balancers and Prometheus: no token, and nothing of any tenant. */
export function registerProbes(app: FastifyInstance, { isReady, load, metrics }: ServerParts): void {
  const hidden = { schema: { hide: true } };

  app.get('/healthz', hidden, async () => ({ status: 'ok' }));

  app.get('/readyz', hidden, async (_request, reply) => {
    const ready = !load.isStopping && (await isReady());
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });

  app.get('/metrics', hidden, async (_request, reply) => {
    return reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
