import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sourceOf } from '../domain/bridge.ts';
import { invalidJson, overloaded, pathNotFound, ProvisioningError, stopping } from '../domain/errors.ts';
import { authenticate } from './auth.ts';
import { registerDocs } from './docs.ts';
import { PROBLEM_TYPE, renderError, toProvisioningError } from './errors.ts';
import { hook } from './hook.ts';
import { isObject, parseJson } from '../domain/json-gate.ts';
import { leaveTogether } from './leave-together.ts';
import * as limits from './limits.ts';
import { answerParserError } from './parser-errors.ts';
import { refuseAmbiguous, refuseExpectation, treatBodyAsJson } from './request-checks.ts';
import { CONTRACT_ROUTES } from './routes.ts';
import { Sandbox } from './sandbox.ts';
import { registerProbes } from './probes.ts';
import { addRuleKeyword } from './schemas/problems.ts';
import type { ServerParts } from './server-parts.ts';
import { admissionMethodsAt, registerAdmission } from './admission/register-admission.ts';
import { registerConsole } from './console/register-console.ts';
import { renderForPrograms, renderLost } from './pages/lost-page.ts';
import { PAGE_HEADERS, wantsPage } from './pages/page.ts';
import { registerPages } from './pages/register-pages.ts';
import { isV1, methodsAt, registerV1 } from './v1/register.ts';

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: parts.trustedProxies.length > 0 && [...parts.trustedProxies],
    genReqId: requestIdOf,
    bodyLimit: limits.MAX_BODY_BYTES,
    requestTimeout: limits.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: limits.KEEP_ALIVE_TIMEOUT_MS,
    return503OnClosing: false,
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: true },
    http: {
      headersTimeout: limits.HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: limits.MAX_HEADER_BYTES,
      // Node's own answer to a missing Host is empty: refuseAmbiguous says it in ours.
      requireHostHeader: false,
    },
    clientErrorHandler: (error, socket) => answerParserError(error, socket, parts),
    frameworkErrors: (error, request, reply) => {
      watch(request, reply, parts);
      sendError(error, request, reply, parts);
    },
    // Answers are sent as the JSON they are: the compiler of faster ones is not even loaded.
    schemaController: { compilersFactory: { buildSerializer: () => () => JSON.stringify } },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: true,
        verbose: true,
        allowUnionTypes: true,
        // Not at every start: the schemas are constants of ours, and the tests check them.
        meta: false,
        validateSchema: false,
        code: { optimize: false },
      },
      plugins: [addRuleKeyword as never],
    },
  });
  app.server.maxConnections = limits.MAX_CONNECTIONS;
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
  app.decorateRequest('caller', undefined);
  app.decorateRequest('bridge', undefined);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, parts));
  app.setNotFoundHandler((request, reply) => sendError(notFound(request, reply), request, reply, parts));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => parseBody(body));

  app.addHook(
    'onRequest',
    hook(() => parts.opening.wait()),
  );
  app.addHook(
    'onRequest',
    hook((request, reply) => {
      watch(request, reply, parts);
      if (parts.load.isStopping) throw closing(reply, stopping());
      if (parts.load.isFull) throw overloaded();
      refuseAmbiguous(request.raw);
      refuseExpectation(request.raw);
      // Before its body is read: whatever that holds, the path or the method is what is wrong.
      if (request.is404) throw notFound(request, reply);
    }),
  );

  await app.register(rateLimit, {
    global: false,
    max: parts.rateLimit,
    timeWindow: 60_000,
    enableDraftSpec: true,
    keyGenerator: ({ bridge, caller }) => (bridge === undefined ? String(caller?.tokenId) : sourceOf(bridge)),
    errorResponseBuilder: (_request, { ttl }) => rateLimited(Math.max(1, Math.ceil(ttl / 1000))),
  });
  await registerDocs(app);
  registerProbes(app, parts);
  const sandbox = new Sandbox(app, parts.store);
  registerContract(app, parts, sandbox);
  registerV1(app, parts, sandbox);
  await app.register(async (scope) => registerPages(scope, parts));
  await registerConsole(app);
  await registerAdmission(app, parts);
  await app.ready();
  return app;
}

function registerContract(app: FastifyInstance, parts: ServerParts, sandbox: Sandbox): void {
  const onSend = [sandbox.after, leaveTogether()];
  for (const route of CONTRACT_ROUTES) {
    app.route({
      method: 'POST',
      url: route.path,
      schema: { body: route.body },
      onRequest: [
        hook((request) => authenticate(request, parts.authenticator)),
        app.rateLimit(),
        hook((request) => treatBodyAsJson(request.raw)),
      ],
      preHandler: hook(sandbox.before),
      onSend,
      handler: (request, reply) => route.handle(request, reply, parts),
    });
  }
}

/** A caller's own request id is kept if it is sane. */
function requestIdOf({ headers }: { headers: IncomingMessage['headers'] }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function parseBody(bytes: Buffer): object {
  const body = parseJson(bytes);
  if (!isObject(body)) throw invalidJson('The body is not an object. Send a JSON object.');
  return body;
}

/** One log line, one count and one latency for each request, however it ends. */
function watch(request: FastifyRequest, reply: FastifyReply, { load, log, metrics }: ServerParts): void {
  const startedAt = performance.now();
  load.enter();
  reply.raw.setHeader('x-request-id', request.id);
  reply.raw.once('close', () => {
    load.leave();
    const route = request.routeOptions.url ?? 'unmatched';
    const status = reply.raw.writableFinished ? reply.statusCode : 'aborted';
    const elapsedMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    metrics.requests.inc({ route, status });
    metrics.latency.observe({ route }, elapsedMs / 1000);
    const { caller, bridge } = request;
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status,
        elapsedMs,
        tenantId: caller?.tenant.tenantId,
        tokenId: caller?.tokenId,
        bridgeId: bridge?.bridgeId,
      },
      'request',
    );
  });
}

function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply, { log, metrics }: ServerParts): void {
  const error = toProvisioningError(thrown, request.routeOptions?.bodyLimit);
  const { status, headers, body } = renderError(error, isV1(request.raw.url ?? '') ? PROBLEM_TYPE : request.headers.accept);
  metrics.failures.inc({ code: error.code });
  if (status >= 500 && error.cause !== undefined)
    log.error({ requestId: request.id, code: error.code, err: error.cause }, 'request failed');
  if (isLost(request)) {
    const allowed = reply.getHeader('allow');
    const page = allowed === undefined ? renderLost() : renderForPrograms(String(allowed).split(', '));
    void reply.code(status).headers(PAGE_HEADERS).send(page);
    return;
  }
  void reply.code(status).headers(headers).send(body);
}

/** Somebody who has opened in a browser what is not there, or what is not for people. */
function isLost({ is404, method, headers }: FastifyRequest): boolean {
  return is404 && method === 'GET' && wantsPage(headers.accept);
}

function notFound(request: FastifyRequest, reply: FastifyReply): ProvisioningError {
  const path = (request.raw.url ?? '').split('?', 1)[0]?.replace(/\/$/, '');
  const methods = CONTRACT_ROUTES.some((route) => route.path === path)
    ? ['POST']
    : [...methodsAt(path ?? ''), ...admissionMethodsAt(path ?? '')];
  if (methods.length === 0) return pathNotFound();
  void reply.header('allow', methods.join(', '));
  return new ProvisioningError('METHOD_NOT_ALLOWED', `Use ${methods.join(' or ')}.`);
}

function rateLimited(retryAfterSeconds: number): ProvisioningError {
  return new ProvisioningError('RATE_LIMITED', 'Too many requests with this token. Repeat after the time in Retry-After.', {
    retryAfterSeconds,
  });
}

function closing(reply: FastifyReply, error: ProvisioningError): ProvisioningError {
  void reply.header('connection', 'close');
  return error;
}
