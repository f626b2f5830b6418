import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { AdmissionDesk } from '../../admission/desk.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Authenticator } from '../../operations/access/authenticate-caller.ts';
import type { JournalWatch } from '../../operations/journal/watch-journal.ts';
import type { SearchKeeper } from '../../operations/clients/keep-search.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Store } from '../../store/store.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import type { Load } from '../load.ts';
import type { Parameters } from './query.ts';

export interface V1Context {
  desk: AdmissionDesk;
  store: Store;
  platform: Platform;
  authenticator: Authenticator;
  webhooks: Webhooks;
  search: SearchKeeper;
  journalWatch: JournalWatch;
  load: Load;
  now: () => number;
}

/** A resource route is a value, as the contract's are: parse, call one operation, wrap. Its errors are problems (RFC 9457). */
export interface V1Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With Fastify's `:name` for what varies. */
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  description: string;
  params?: Parameters;
  query?: Parameters;
  body?: TSchema;
  /** The body is NDJSON: each line is read by itself and has a body's form. The handler gets the bytes. */
  lines?: { maxBytes: number };
  /** Undefined where the answer is not JSON. */
  answer: TSchema | undefined;
  requestHeaders?: Readonly<Record<string, string>>;
  errors: readonly ErrorCode[];
  /** A remote platform may have to carry it out, and may be away. */
  asksPlatform?: boolean;
  handle(request: FastifyRequest, reply: FastifyReply, context: V1Context): Promise<unknown>;
}

export function defineV1(route: V1Route): V1Route {
  return route;
}
