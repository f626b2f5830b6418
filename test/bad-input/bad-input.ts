import type { Socket } from 'node:net';
import type { ErrorCode } from '../../src/domain/errors.ts';
import { PROVISION, provisionBody } from '../support/bodies.ts';
import { TEST_TOKEN } from '../support/server.ts';

/** Sent as an unknown member's name and value and inside passwords and tokens: no answer and no log line may hold it. */
export const MARKER = 'zqvx';

/** Over fetch. A header given as undefined is left out. */
export interface HttpSend {
  method?: string;
  path?: string;
  headers?: Record<string, string | undefined>;
  body?: string | Uint8Array;
}

/** As bytes on a bare socket: what no HTTP client would send. */
export interface RawSend {
  lines: string[];
  payload?: string | Uint8Array;
  after?: (socket: Socket) => void;
}

/** A request whose headers never end. */
export interface OpenSend {
  opening: string;
  after: (socket: Socket) => void;
}

export interface BadInput {
  name: string;
  send: HttpSend | RawSend | OpenSend;
  status: number;
  code: ErrorCode;
  message: string;
  data?: Record<string, string>;
  headers?: Record<string, string>;
  /** Refused by the parser before it had read the headers, so nobody knows what the caller accepts. */
  isUnread?: true;
}

export type Expected = Pick<BadInput, 'status' | 'code' | 'message' | 'data' | 'headers'>;

const BASE = provisionBody({ client: { password: `${MARKER}-Passw0rd` } });

/** The contract's example with an unknown member and a given password. Members given as undefined are left out. */
export function body(changes: { company?: unknown; client?: unknown; contact?: unknown } = {}): string {
  const merged = Object.entries(BASE).map(([name, details]) => {
    const change = changes[name as keyof typeof changes];
    const isPartial = typeof change === 'object' && change !== null && !Array.isArray(change);
    return [name, isPartial ? { ...details, ...change } : name in changes ? change : details];
  });
  return JSON.stringify({ [`${MARKER}-member`]: `${MARKER}-value`, ...Object.fromEntries(merged) });
}

/** The same with one more member, written as it stands. */
export function bodyWith(member: string): string {
  return `${body().slice(0, -1)},${member}}`;
}

/** The same with `client.externalId` written as it stands. */
export function bodyWithId(literal: string): string {
  return body().replace('"externalId":100', `"externalId":${literal}`);
}

/** 422 for these fields; the sentence names them in this order. */
export function refused(data: Record<string, string>, code: ErrorCode = 'FIELD_INVALID'): Expected {
  return { status: 422, code, message: `Correct and send again: ${Object.keys(data).join(', ')}.`, data };
}

export function invalidJson(message: string): Expected {
  return { status: 400, code: 'INVALID_JSON', message };
}

export function invalidRequest(message: string): Expected {
  return { status: 400, code: 'INVALID_REQUEST', message, headers: { connection: 'close' } };
}

export const POST_LINE = `POST ${PROVISION} HTTP/1.1`;
export const HOST = 'Host: parley.test';
export const TOKEN = `X-AUTH-TOKEN: ${TEST_TOKEN}`;
