import type { FastifyRequest } from 'fastify';
import { unauthorized } from '../../domain/errors.ts';
import { Secret } from '../../domain/secret.ts';

const BEARER = /^Bearer +([^ ]+)$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+=*)$/i;
const MAX_CHARACTERS = 256;

/** One credential in one place: a header, the password of HTTP Basic (the user's name is not looked at), or a part of the path. Several are refused. */
export function readCredential({ headers, params }: FastifyRequest): Secret {
  const own = headers['x-auth-token'];
  const { token } = params as { token?: string };
  const given = [own, headers.authorization && fromAuthorization(headers.authorization), token].filter((one) => one !== undefined);
  const [only] = given;
  if (given.length !== 1 || typeof only !== 'string' || only === '' || only.length > MAX_CHARACTERS) throw unauthorized();
  return new Secret(only);
}

/** Undefined where it is of another kind: an engine's own signature, say, beside a credential in the path. */
function fromAuthorization(authorization: string): string | undefined {
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const basic = Buffer.from(encoded, 'base64').toString('utf8');
  return basic.includes(':') ? basic.slice(basic.indexOf(':') + 1) : '';
}
