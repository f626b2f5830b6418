import type { FastifyInstance } from 'fastify';
import type { JobState } from '../jobs/job.ts';
import type { ServerParts } from './server-parts.ts';

/** For load balancers and Prometheus: no token, and nothing of any tenant. */
export function registerProbes(app: FastifyInstance, { isReady, listJobs, load, metrics }: ServerParts): void {
  const hidden = { schema: { hide: true } };

  app.get('/healthz', hidden, async () => ({ status: 'ok' }));

  app.get('/readyz', hidden, async (request, reply) => {
    const ready = !load.isStopping && (await isReady());
    const isVerbose = Object.hasOwn(request.query as object, 'verbose');
    const status = ready ? 'ready' : 'not ready';
    return reply.code(ready ? 200 : 503).send({ status, ...(isVerbose && { jobs: listJobs().map(toJob) }) });
  });

  app.get('/metrics', hidden, async (_request, reply) => {
    return reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/** A job's failure does not make a server unready: what it does for callers goes on. */
function toJob({ name, everyMs, isRunning, lastRunAt, lastSuccessAt, lastDurationMs, failures, isLate }: JobState): object {
  const toTime = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
  return {
    name,
    everySeconds: everyMs / 1000,
    running: isRunning,
    lastRunAt: toTime(lastRunAt),
    lastSuccessAt: toTime(lastSuccessAt),
    lastDurationMs: lastDurationMs === undefined ? null : Math.round(lastDurationMs),
    failures,
    late: isLate,
  };
}
