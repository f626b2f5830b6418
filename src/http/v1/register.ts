import type { FastifyInstance } from 'fastify';
import { authenticate } from '../auth.ts';
import { hook } from '../hook.ts';
import { v1SchemaOf } from '../openapi.ts';
import { treatBodyAsJson } from '../request-checks.ts';
import type { ServerParts } from '../server-parts.ts';
import { readQuery } from './query.ts';
import { V1_ROUTES } from './routes.ts';

/** Query strings and path parameters are read by the routes themselves: there they are texts, which a schema can only refuse without a reason. */
const accept = () => () => true;

export function registerV1(app: FastifyInstance, parts: ServerParts): void {
  for (const route of V1_ROUTES) {
    const hasBody = route.body !== undefined;
    app.route({
      method: route.method,
      url: route.path,
      schema: v1SchemaOf(route),
      exposeHeadRoute: false,
      ...(!hasBody && { validatorCompiler: accept }),
      onRequest: [
        hook((request) => authenticate(request, parts.authenticator)),
        app.rateLimit(),
        ...(hasBody ? [hook((request) => treatBodyAsJson(request.raw))] : []),
      ],
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
