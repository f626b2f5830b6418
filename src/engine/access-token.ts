import type { JWTPayload } from 'jose';
import type { Secret } from '../domain/secret.ts';

export interface AccessTokenTerms {
  issuer: string;
  secret: Secret;
  now: number;
  lastsSeconds: number;
}

/** What an engine lets somebody in with: HS256 (RFC 7518), for as short a time as it takes to come in. */
export async function signAccessToken(claims: JWTPayload, { issuer, secret, now, lastsSeconds }: AccessTokenTerms): Promise<string> {
  const { SignJWT } = await import('jose');
  const seconds = Math.floor(now / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setNotBefore(seconds - 10)
    .setExpirationTime(seconds + lastsSeconds)
    .sign(new TextEncoder().encode(secret.reveal()));
}
