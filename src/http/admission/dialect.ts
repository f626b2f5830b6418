import type { FastifyRequest } from 'fastify';
import type { AdmissionAnswer, Call } from '../../domain/admission.ts';
import type { Bridge, DialectName } from '../../domain/bridge.ts';
import type { LegReport } from '../../domain/leg.ts';
import type { RoomAnswer } from '../../operations/admit-to-room.ts';

/**
 * How one kind of engine speaks: it reads a request into a call, and writes the answer in the engine's own words. Nothing else: who may ask is checked
 * before, and what is answered is decided by one operation (src/operations/admit-caller.ts), or by reportLeg for what has happened.
 */
export interface AdmissionDialect {
  name: DialectName;
  routes: readonly DialectRoute[];
}

export type DialectRoute = AdmissionRoute | RoomRoute | ReportRoute;

interface Route {
  methods: readonly ('GET' | 'POST')[];
  /** After `/admission/<name>`, and after `/k/<credential>` where an engine can send it nowhere else. May have Fastify's `:name`. */
  path: string;
  /** Beyond the credential: a signature over the request, say. Throws UNAUTHORIZED. */
  authenticate?: (asked: EngineRequest, bridge: Bridge) => void;
}

export interface AdmissionRoute extends Route {
  kind: 'admission';
  read: (asked: EngineRequest, bridge: Bridge) => Call;
  render: (answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge) => Rendered;
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
  body: string;
}
