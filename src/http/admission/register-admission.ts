import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '../../domain/admission.ts';
import type { Bridge, DialectName } from '../../domain/bridge.ts';
import { unauthorized } from '../../domain/errors.ts';
import { listDiallable } from '../../operations/companies/find-hub.ts';
import { admitCaller } from '../../operations/admission/admit-caller.ts';
import { checkConference } from '../../operations/admission/check-conference.ts';
import { admitToRoom } from '../../operations/admission/admit-to-room.ts';
import { endCall, reportLeg, withdrawLeg } from '../../operations/admission/report-leg.ts';
import { hook } from '../hook.ts';
import { leaveTogether } from '../leave-together.ts';
import type { ServerParts } from '../server-parts.ts';
import { readCredential } from './credential.ts';
import type { AdmissionRoute, Aside, DialectRoute, EngineRequest, Rendered } from './dialect.ts';
import { ADMISSION_DIALECTS } from './dialects.ts';
import { registerJitsiKeys } from './jitsi-keys.ts';

declare module 'fastify' {
  interface FastifyRequest {
    bridge: Bridge | undefined;
  }
}

const PREFIX = '/admission';
const NO_BODY = Buffer.alloc(0);

interface Placed {
  dialect: DialectName;
  path: string;
  route: DialectRoute;
}

/** Each route of each dialect, by its own path and by the one that carries the credential. */
const PLACED: readonly Placed[] = Object.values(ADMISSION_DIALECTS).flatMap(({ name, routes }) =>
  routes.flatMap((route) =>
    [`${PREFIX}/${name}`, `${PREFIX}/${name}/k/:token`].map((root) => ({ dialect: name, path: `${root}${route.path}`, route })),
  ),
);

/** The bridges' door. Bodies come as they are: an engine sends forms, JSON or nothing. */
export async function registerAdmission(app: FastifyInstance, parts: ServerParts): Promise<void> {
  registerJitsiKeys(app, parts);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => body);
    const onSend = leaveTogether();
    for (const { dialect, path, route } of PLACED) {
      scope.route({
        method: [...route.methods],
        url: path,
        schema: { hide: true },
        exposeHeadRoute: false,
        onRequest: [hook((request) => identify(request, dialect, parts)), app.rateLimit()],
        onSend,
        handler: (request, reply) => answer(route, request, reply, parts),
      });
    }
  });
}

/** The methods by which this path can be asked, none where there is nothing at it. */
export function admissionMethodsAt(path: string): string[] {
  const pattern = (of: string): RegExp => new RegExp(`^${of.replace(/:\w+/g, '[^/]+')}$`);
  return [...new Set(PLACED.filter((placed) => pattern(placed.path).test(path)).flatMap(({ route }) => route.methods))];
}

function identify(request: FastifyRequest, dialect: DialectName, { bridges }: ServerParts): void | Promise<void> {
  const found = bridges.identify(readCredential(request), dialect);
  const keep = (bridge: Bridge): void => {
    request.bridge = bridge;
  };
  return found instanceof Promise ? found.then(keep) : keep(found);
}

async function answer(route: DialectRoute, request: FastifyRequest, reply: FastifyReply, parts: ServerParts): Promise<FastifyReply> {
  const { bridge } = request;
  if (bridge === undefined) throw unauthorized();
  const asked = readRequest(request);
  await route.authenticate?.(asked, bridge, parts.now());
  // An engine that has waited long enough closes the connection, and does not learn what is answered then.
  return send(reply, await ask(route, asked, { bridge, parts, isGone: () => request.raw.socket.destroyed }));
}

async function ask(route: DialectRoute, asked: EngineRequest, { bridge, parts, isGone }: Asking): Promise<Rendered> {
  const { desk } = parts;
  switch (route.kind) {
    case 'admission': {
      const read = route.read(asked, bridge);
      if (isCall(read)) return admitAt(route, read, asked, { bridge, parts, isGone });
      for (const report of read.reports)
        await (report.kind === 'call_ended' ? endCall(desk, bridge, report) : reportLeg(desk, bridge, report));
      return read.answer;
    }
    case 'room':
      return route.render(await admitToRoom(parts, bridge, route.read(asked, bridge)));
    case 'report':
      for (const report of route.read(asked, bridge)) await reportLeg(desk, bridge, report);
      return route.render(asked);
    case 'numbers':
      return route.render(await listDiallable(desk.store, bridge.tenantId), bridge);
    case 'conference':
      return route.render(await checkConference(desk, bridge, route.read(asked)), asked, parts.now());
  }
}

interface Asking {
  bridge: Bridge;
  parts: ServerParts;
  isGone: () => boolean;
}

async function admitAt(route: AdmissionRoute, call: Call, asked: EngineRequest, { bridge, parts, isGone }: Asking): Promise<Rendered> {
  const { desk, engines, now } = parts;
  const admission = await admitCaller(desk, bridge, call);
  if (route.joinsAtOnce && admission.action === 'accept') {
    await reportLeg(desk, bridge, { kind: 'joined', conference: admission.conference, callId: call.callId, at: undefined });
  }
  try {
    const rendered = await route.render(admission, asked, bridge, { engines, now: now(), callId: call.callId });
    if (route.joinsAtOnce && admission.action === 'accept' && isGone()) await withdrawLeg(desk, bridge, { ...call, ...admission });
    return rendered;
  } catch (error) {
    if (admission.action === 'accept') await withdrawLeg(desk, bridge, { ...call, ...admission });
    throw error;
  }
}

function isCall(read: Call | Aside): read is Call {
  return 'callId' in read;
}

function readRequest({ method, url, query, params, headers, body }: FastifyRequest): EngineRequest {
  return {
    method,
    url,
    query: query as EngineRequest['query'],
    params: params as EngineRequest['params'],
    headers,
    body: body instanceof Buffer ? body : NO_BODY,
  };
}

function send(reply: FastifyReply, { status, contentType, headers = {}, body }: Rendered): FastifyReply {
  return reply.code(status).headers(headers).header('content-type', contentType).header('cache-control', 'no-store').send(body);
}
