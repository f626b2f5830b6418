import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { OPENAPI, parametersOf } from './openapi.ts';
import { V1_ROUTES } from './v1/routes.ts';

/** The page's own bar is for loading other documents. */
const STYLE = '.swagger-ui .topbar { display: none }';

/** /openapi.json, and at /docs a page over it whose every asset comes from here. */
export async function registerDocs(app: FastifyInstance): Promise<void> {
  const routes = new Map(V1_ROUTES.map((route) => [`${route.method} ${route.path}`, route]));
  await app.register(swagger, {
    openapi: OPENAPI as never,
    // The routes read these themselves: as texts, which a schema could only refuse without a reason.
    transform: ({ schema, url, route }) => {
      const v1 = routes.get(`${String(route.method)} ${url}`);
      return { url, schema: { ...schema, ...(v1 && parametersOf(v1)) } };
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Parley API', css: [{ filename: 'parley.css', content: STYLE }] },
    uiConfig: { validatorUrl: null, deepLinking: true, docExpansion: 'list', tryItOutEnabled: true, persistAuthorization: false } as never,
  });
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(app.swagger()));
  });
}
