import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authenticate } from '../auth.ts';
import { hook } from '../hook.ts';
import { LINES_TYPE, treatBodyAsJson } from '../request-checks.ts';
import type { Sandbox } from '../sandbox.ts';
import type { ServerParts } from '../server-parts.ts';
import { readQuery } from './query.ts';
import { V1_ROUTES } from './routes.ts';

export function registerV1(app: FastifyInstance, parts: ServerParts, sandbox: Sandbox): void {
  app.addContentTypeParser(LINES_TYPE, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => body);
  for (const route of V1_ROUTES) {
    const hasBody = route.body !== undefined && route.lines === undefined;
    app.route({
      method: route.method,
      url: route.path,
      schema: { ...(hasBody && { body: route.body }) },
      exposeHeadRoute: false,
      ...(route.lines && { bodyLimit: route.lines.maxBytes }),
      onRequest: [
        hook((request) => authenticate(request, parts.authenticator)),
        app.rateLimit(),
        hook((request) => {
          if (hasBodyOn(request.raw)) treatBodyAsJson(request.raw, route.lines && LINES_TYPE);
        }),
      ],
      // A body that is left out is one without members: then what is missing is told by name.
      ...(hasBody && {
        preValidation: hook((request) => {
          request.body ??= {};
        }),
      }),
      preHandler: hook(sandbox.before),
      // A stream has no one moment at which it is answered.
      ...(route.answer !== undefined && { onSend: sandbox.after }),
      handler: async (request, reply) => {
        if (route.query === undefined) readQuery(request.query, {});
        const answer = await route.handle(request, reply, parts);
        if (reply.sent || answer === reply) return reply;
        return reply
          .header('content-type', 'application/json; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(JSON.stringify(answer));
      },
    });
  }
}

function hasBodyOn({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The methods by which this path can be asked, none where there is nothing at it. */
export function methodsAt(path: string): string[] {
  return [...new Set(V1_ROUTES.filter((route) => patternOf(route.path).test(path)).map(({ method }) => method))];
}

export function isV1(url: string): boolean {
  return url.startsWith('/v1/');
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
}
