import type { FastifyRequest } from 'fastify';
import { type Caller, type Identity, SCOPES } from '../domain/caller.ts';
import { unauthorized } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import type { Authenticator } from '../operations/access/authenticate-caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Identity | undefined;
  }
}

/** The scheme as OpenAPI tells it. */
export const SECURITY_SCHEME = {
  type: 'apiKey',
  in: 'header',
  name: 'X-AUTH-TOKEN',
  description: `An API token of one tenant, without a scheme prefix. Scopes: ${SCOPES.join(', ')}.`,
} as const;

const BEARER = /^Bearer +([^ ]+)$/i;

/** The contract has its own header; the resources also take the usual one. */
function tokenOf({ headers, url }: FastifyRequest): string | undefined {
  const own = headers['x-auth-token'];
  const { authorization } = headers;
  if (authorization === undefined || !url.startsWith('/v1/')) return typeof own === 'string' ? own : undefined;
  return own === undefined ? BEARER.exec(authorization)?.[1] : undefined;
}

/** Two headers reach us joined by ", ", which no token contains: they are refused as any malformed token is (C10). */
export function authenticate(request: FastifyRequest, authenticator: Authenticator): void | Promise<void> {
  const token = tokenOf(request);
  if (token === undefined || token === '') throw unauthorized();
  const admit = (caller: Identity): void => {
    request.caller = caller;
  };
  const caller = authenticator.authenticate(new Secret(token));
  return caller instanceof Promise ? caller.then(admit) : admit(caller);
}

export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw unauthorized();
  return { ...request.caller, requestId: request.id };
}

/** For what goes on longer than a request: whether the token that it began with still opens. */
export async function reauthenticate(request: FastifyRequest, authenticator: Authenticator): Promise<boolean> {
  try {
    await authenticator.authenticate(new Secret(tokenOf(request) ?? ''));
    return true;
  } catch {
    return false;
  }
}
