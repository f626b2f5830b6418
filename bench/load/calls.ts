import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import type { Request } from 'autocannon';
import { provisionBody } from './provision.ts';

/** What a connection sends, over and over: a look at any of the clients there are, new clients, clients that are there already, or pass codes. */
export type Call =
  | { kind: 'get'; clients: number }
  | { kind: 'create'; firstExternalId: number }
  | { kind: 'repeat'; clients: number }
  /** Each a call of its own, with one of these pass codes. */
  | { kind: 'admit'; firstCall: number; codes: readonly string[] };

export const PATHS = {
  get: '/client/get',
  create: '/provisioning/client/provision',
  repeat: '/provisioning/client/provision',
  admit: '/admission/json',
} as const;

/** Different requests in all, made before the measurement so that making them costs none of it. */
const PREPARED = 4096;

/** The requests of one connection of several. */
export function requestsOf(call: Call, connections: number): Request[] {
  if (call.kind === 'create') {
    return [{ setupRequest: (request) => ({ ...request, body: JSON.stringify(provisionBody(call.firstExternalId++)) }) }];
  }
  if (call.kind === 'admit') return [{ setupRequest: (request) => ({ ...request, body: makeCall(call.firstCall++, call.codes) }) }];
  return Array.from({ length: Math.ceil(PREPARED / connections) }, () => ({ body: JSON.stringify(pickBody(call)) }));
}

function pickBody(call: Exclude<Call, { kind: 'create' | 'admit' }>): object {
  const nth = Math.floor(Math.random() * call.clients);
  return call.kind === 'get' ? { clientId: FIRST_CLIENT_ID + nth } : provisionBody(1 + nth);
}

/** Callers come back: the same code is keyed by the same few numbers. */
export function makeCall(nth: number, codes: readonly string[]): string {
  const which = nth % codes.length;
  return `{"callId":"call-${nth}","accessNumber":"+15145550100","digits":"${codes[which]}","caller":"+1416555${1000 + which}"}`;
}
