import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { OPENAPI, schemaOf, v1SchemaOf } from './openapi.ts';
import { CONTRACT_ROUTES } from './routes.ts';
import { V1_ROUTES } from './v1/routes.ts';

/** The page's own bar is for loading other documents. */
const STYLE = '.swagger-ui .topbar { display: none }';

/** /openapi.json, and at /docs a page over it whose every asset comes from here. */
export async function registerDocs(app: FastifyInstance): Promise<void> {
  const described = new Map<string, () => object>([
    ...CONTRACT_ROUTES.map((route) => [`POST ${route.path}`, () => schemaOf(route)] as const),
    ...V1_ROUTES.map((route) => [`${route.method} ${route.path}`, () => v1SchemaOf(route)] as const),
  ]);
  await app.register(swagger, {
    openapi: OPENAPI as never,
    // Fastify is given bodies alone to validate: paths, queries and headers the routes read themselves, as texts, which a schema could only refuse
    // without a reason. The rest is for this document, and made when somebody asks for it.
    transform: ({ schema, url, route }) => ({ url, schema: described.get(`${String(route.method)} ${url}`)?.() ?? schema }),
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
