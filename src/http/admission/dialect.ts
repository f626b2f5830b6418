import type { FastifyRequest } from 'fastify';
import type { EngineHttp } from '../../engine/engine-http.ts';
import type { AdmissionAnswer, Call } from '../../domain/admission.ts';
import type { Bridge, DialectName } from '../../domain/bridge.ts';
import type { CallEnd, LegReport } from '../../domain/leg.ts';
import type { HeldConference } from '../../operations/admission/check-conference.ts';
import type { RoomAnswer } from '../../operations/admission/admit-to-room.ts';

/**
 * How one kind of engine speaks: it reads a request into a call, and writes the answer in the engine's own words. Nothing else: who may ask is checked
 * before, and what is answered is decided by one operation (src/operations/admission/admit-caller.ts), or by reportLeg for what has happened.
 */
export interface AdmissionDialect {
  name: DialectName;
  routes: readonly DialectRoute[];
}

export type DialectRoute = AdmissionRoute | RoomRoute | ReportRoute | NumbersRoute | ConferenceRoute;

interface Route {
  methods: readonly ('GET' | 'POST' | 'DELETE')[];
  /** After `/admission/<name>`, and after `/k/<credential>` where an engine can send it nowhere else. May have Fastify's `:name`. */
  path: string;
  /** Beyond the credential: a signature over the request, say. Throws UNAUTHORIZED. */
  authenticate?: (asked: EngineRequest, bridge: Bridge, now: number) => void | Promise<void>;
}

export interface AdmissionRoute extends Route {
  kind: 'admission';
  /** Who is let in is in: this engine does not tell of joins. Who is gone when the answer leaves is not. */
  joinsAtOnce?: boolean;
  read: (asked: EngineRequest, bridge: Bridge) => Call | Aside;
  render: (answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge, at: RenderTools) => Rendered | Promise<Rendered>;
}

/** What an engine sends to where it asks, and is no question: what it tells of legs, and what it wants to hear. */
export interface Aside {
  reports: readonly (LegReport | CallEnd)[];
  answer: Rendered;
}

export interface RenderTools {
  /** For engines that have to be told before a caller can be sent there. */
  engines: EngineHttp;
  now: number;
  /** Of the call that was read. */
  callId: string;
}

/** As an admission, and who is let in is told an engine's room. */
export interface RoomRoute extends Route {
  kind: 'room';
  read: (asked: EngineRequest, bridge: Bridge) => Call;
  render: (answer: RoomAnswer) => Rendered;
}

export interface ReportRoute extends Route {
  kind: 'report';
  read: (asked: EngineRequest, bridge: Bridge) => readonly LegReport[];
  render: (asked: EngineRequest) => Rendered;
}

/** Where an engine shows which numbers can be dialled. */
export interface NumbersRoute extends Route {
  kind: 'numbers';
  render: (numbers: readonly string[], bridge: Bridge) => Rendered;
}

/** Where an engine asks whether a conference may be held, whoever wants in. */
export interface ConferenceRoute extends Route {
  kind: 'conference';
  read: (asked: EngineRequest) => { conference: string } | { reservationId: number };
  render: (held: HeldConference | undefined, asked: EngineRequest, now: number) => Rendered;
}

export interface EngineRequest {
  method: string;
  /** As it came: for signatures, behind the bridge's own public address. */
  url: string;
  query: Readonly<Record<string, string>>;
  params: Readonly<Record<string, string>>;
  headers: FastifyRequest['headers'];
  /** Complete, whatever its type. */
  body: Buffer;
}

export interface Rendered {
  status: number;
  contentType: string;
  headers?: Readonly<Record<string, string>>;
  body: string;
}
