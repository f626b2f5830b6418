import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { ErrorCode } from '../../domain/errors.ts';
import { type ClientId, readPositiveId } from '../../domain/ids.ts';
import type { Metrics } from '../../metrics.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ClientBody } from '../schemas/contract.ts';

export interface RouteContext {
  platform: Platform;
  metrics: Metrics;
}

/** A route is a value: parse, call one operation, wrap. All of the contract's are POST. */
export interface ContractRoute {
  path: string;
  operationId: string;
  summary: string;
  description: string;
  body: TSchema;
  answer: TSchema;
  requestHeaders?: Readonly<Record<string, string>>;
  answerHeaders?: Readonly<Record<string, string>>;
  /** Those of its own; every route also has the ones that any request may get. */
  errors: readonly ErrorCode[];
  /** A remote platform may have to carry it out, and may be away. */
  asksPlatform?: boolean;
  handle(request: FastifyRequest, reply: FastifyReply, context: RouteContext): Promise<FastifyReply>;
}

export function defineRoute(route: ContractRoute): ContractRoute {
  return route;
}

/** The schema has passed the body, so there is one. */
export function readClientId({ clientId }: ClientBody): ClientId {
  return readPositiveId<ClientId>(clientId) as ClientId;
}
