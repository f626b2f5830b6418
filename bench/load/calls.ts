import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import type { Request } from 'autocannon';
import { personOf } from './people.ts';
import { provisionBody } from './provision.ts';

/** What a connection sends, over and over: a look at any of the clients there are, new clients, clients that are there already, or pass codes. */
export type Call =
  | { kind: 'get'; clients: number; firstClientId?: number }
  | { kind: 'create'; firstExternalId: number }
  | { kind: 'repeat'; clients: number }
  /** What somebody types who looks for one of the clients there are. */
  | { kind: 'search'; clients: number; by: SearchedBy }
  /** Each a call of its own, with one of these pass codes. */
  | { kind: 'admit'; firstCall: number; codes: readonly string[] };

/** By what somebody looks for the client of a number. */
export const SEARCHED = {
  'first and last name': (nth: number): string => `${personOf(nth).first} ${personOf(nth).last}`,
  'a last name': (nth: number): string => personOf(nth).last,
  'the beginning of a last name': (nth: number): string => personOf(nth).last.slice(0, 4),
  'a part of an e-mail address': (nth: number): string => (personOf(nth).email.split('@')[0] as string).slice(2),
  "a company's name": (nth: number): string => provisionBody(nth).company.name,
  'a word of a tenth of all': (nth: number): string => provisionBody(nth).company.name.split(' ')[1] as string,
  'a name that nobody has': (nth: number): string => `Xyl${personOf(nth).last}qq`,
  'an id': String,
} as const satisfies Record<string, (nth: number) => string>;
export type SearchedBy = keyof typeof SEARCHED;

export const PATHS = {
  get: '/client/get',
  create: '/provisioning/client/provision',
  repeat: '/provisioning/client/provision',
  admit: '/admission/json',
  search: '/v1/clients',
} as const;

/** Different requests in all, made before the measurement so that making them costs none of it. */
const PREPARED = 4096;

/** The requests of one connection of several. */
export function requestsOf(call: Call, connections: number): Request[] {
  if (call.kind === 'create') {
    return [{ setupRequest: (request) => ({ ...request, body: JSON.stringify(provisionBody(call.firstExternalId++)) }) }];
  }
  if (call.kind === 'admit') return [{ setupRequest: (request) => ({ ...request, body: makeCall(call.firstCall++, call.codes) }) }];
  const prepared = { length: Math.ceil(PREPARED / connections) };
  if (call.kind === 'search')
    return Array.from(prepared, (): Request => ({
      method: 'GET',
      path: `${PATHS.search}?limit=20&q=${encodeURIComponent(pickWords(call))}`,
    }));
  return Array.from(prepared, () => ({ body: JSON.stringify(pickBody(call)) }));
}

function pickWords({ clients, by }: Extract<Call, { kind: 'search' }>): string {
  return SEARCHED[by](1 + Math.floor(Math.random() * clients));
}

function pickBody(call: Extract<Call, { kind: 'get' | 'repeat' }>): object {
  const nth = Math.floor(Math.random() * call.clients);
  return call.kind === 'get' ? { clientId: (call.firstClientId ?? FIRST_CLIENT_ID) + nth } : provisionBody(1 + nth);
}

/** Callers come back: the same code is keyed by the same few numbers. */
export function makeCall(nth: number, codes: readonly string[]): string {
  const which = nth % codes.length;
  return `{"callId":"call-${nth}","accessNumber":"+15145550100","digits":"${codes[which]}","caller":"+1416555${1000 + which}"}`;
}
