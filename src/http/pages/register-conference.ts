import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_FRAME_BYTES, SUBPROTOCOL } from '../../conference/frames.ts';
import { Hall } from '../../conference/hall.ts';
import { callerAtAddress } from '../../domain/web-visitor.ts';
import { hubBridge } from '../../operations/hub/hub-bridge.ts';
import { isSeatId, openSeat, type Seat, SEAT_MS, sealSeat, type SeatWish, takeSeat } from '../../operations/hub/seat.ts';
import type { ServerParts } from '../server-parts.ts';
import { CONFERENCE_HEADERS, conferencePage } from './conference-page.ts';
import type { HubVisit, JoinProblem } from './hub-page.ts';
import { HIDDEN, hostOf, isFromElsewhere, KEPT_BY_BROWSER, listNumbers, readForm, sendHub, sendNoHub, visitOf } from './hub-visit.ts';

const VISITOR_COOKIE = '__Host-parley-visitor';
const YEAR_SECONDS = 365 * 24 * 3600;
const seatCookie = (seatId: string): string => `__Host-seat-${seatId}`;

/** For the WebSockets of conferences, once for all hubs. */
export async function registerSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    },
  });
}

/** Conferences in the browser: in with a code, or as the host who is signed in. */
export function registerConferenceAt(app: FastifyInstance, base: string, parts: ServerParts, hall: Hall): void {
  app.post(`${base}/join`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    const { code = '' } = readForm(request);
    const refuse = (problem: JoinProblem): Promise<FastifyReply> => sendHub(reply.code(403), visit, parts, { code, problem });
    if (isFromElsewhere(request)) return refuse('join.elsewhere');
    const taken = await takeSeat(parts.desk, { ...wishOf(request, visit), passCode: code });
    if (taken.kind === 'taken') return sit(reply, visit, taken.seat, parts);
    const isFull = taken.answer.action === 'reject' && taken.answer.reason === 'conference_full';
    return refuse(isFull ? 'join.full' : 'join.wrong');
  });

  app.post(`${base}/host/start`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    const host = isFromElsewhere(request) ? undefined : await hostOf(request, visit, parts);
    if (host === undefined) return reply.redirect(`${visit.base}/sign-in`, 303);
    const taken = await takeSeat(parts.desk, { ...wishOf(request, visit), passCode: host.moderatorPassCode.reveal() });
    return taken.kind === 'taken' ? sit(reply, visit, taken.seat, parts) : sendHub(reply.code(403), visit, parts, { problem: 'join.full' });
  });

  app.get(`${base}/conference/:seat`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    if (seatOf(request, visit, parts) === undefined) return reply.redirect(`${visit.base}/`, 303);
    return reply.headers(CONFERENCE_HEADERS).send(conferencePage().render(visit, await listNumbers(parts.store, visit.hub)));
  });

  app.route({
    method: 'GET',
    url: `${base}/conference/:seat/socket`,
    ...HIDDEN,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      // A browser says truly which page opened it, and no page can keep it from that.
      if (request.headers.origin === undefined || isFromElsewhere(request))
        return reply.code(403).send('Open the conference from its own hub.\n');
      return undefined;
    },
    handler: async (request, reply) => {
      const visit = await visitOf(request, reply, parts);
      return visit === undefined ? sendNoHub(request, reply) : reply.code(426).header('upgrade', 'websocket').send();
    },
    wsHandler: async (socket, request) => {
      // What the browser says before it is known who sits there is heard afterwards.
      socket.pause();
      const visit = await visitOf(request, undefined, parts);
      const seat = visit && seatOf(request, visit, parts);
      if (visit === undefined || seat === undefined) {
        socket.resume();
        return Hall.refuse(socket);
      }
      const bridge = await hubBridge(parts.store, visit.hub);
      hall.enter(socket, { seat, bridge, caller: callerAtAddress(request.ip) });
      socket.resume();
    },
  });
}

function wishOf(request: FastifyRequest, { hub }: HubVisit): Omit<SeatWish, 'passCode'> {
  return { hub, address: request.ip, visitor: request.cookies[VISITOR_COOKIE] };
}

function sit(reply: FastifyReply, { base }: HubVisit, seat: Seat, { desk }: ServerParts): FastifyReply {
  return reply
    .setCookie(VISITOR_COOKIE, seat.visitor, { ...KEPT_BY_BROWSER, maxAge: YEAR_SECONDS })
    .setCookie(seatCookie(seat.seatId), sealSeat(desk.vault, seat), { ...KEPT_BY_BROWSER, maxAge: SEAT_MS / 1000 })
    .redirect(`${base}/conference/${seat.seatId}`, 303);
}

function seatOf(request: FastifyRequest, { hub }: HubVisit, { desk, now }: ServerParts): Seat | undefined {
  const { seat: seatId = '' } = request.params as { seat?: string };
  if (!isSeatId(seatId)) return undefined;
  return openSeat(desk.vault, request.cookies[seatCookie(seatId)], { seatId, hubUrl: hub.hubUrl, at: now() });
}
