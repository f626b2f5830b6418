import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { fieldsInvalid } from '../../domain/errors.ts';

export const IDEMPOTENCY_HEADER = {
  'Idempotency-Key':
    'Any text of your own, such as a UUID, of 1 to 255 characters. A repeat with the same key and the same request gets the same answer for 24 hours and does nothing more.',
};

/** In quotes (a structured string, as the IETF draft has it) or without. */
const KEY = /^"?([\x21\x23-\x7e]{1,255})"?$/;

/** draft-ietf-httpapi-idempotency-key-header. The digest is over what the key stands for: method, path and body. */
export function readIdempotency({ headers, method, url, body }: FastifyRequest): { key: string; fingerprint: Uint8Array } | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = typeof given === 'string' ? KEY.exec(given)?.[1] : undefined;
  if (key === undefined) {
    const message = 'must be one text of 1 to 255 printable ASCII characters without spaces';
    throw fieldsInvalid([{ field: 'Idempotency-Key', code: 'FIELD_INVALID', message }]);
  }
  const request = JSON.stringify([method, url.split('?', 1)[0], body]);
  return { key, fingerprint: new Uint8Array(createHash('sha256').update(request).digest()) };
}
