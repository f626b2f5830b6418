import { ParleyWebhookError, type WebhookProblem } from './errors.ts';
import type { Event } from './resources/events.ts';

/** A request that claims to be a webhook of Parley's. */
export interface WebhookDelivery {
  /** The body, exactly as it came: parsed and written again it is another. */
  payload: string | Uint8Array | ArrayBuffer;
  /** The request's headers, as `Headers` or as Node's object. */
  headers: { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** `whsec_...`. Several while one is being replaced by another. */
  secret: string | readonly string[];
  /** How far the time in it may be from now, because an old delivery may be a replayed one. */
  toleranceSeconds?: number | undefined;
}

const STANDARD_TOLERANCE_SECONDS = 300;

/**
 * The event of a delivery whose signature and time are good (Standard Webhooks: https://www.standardwebhooks.com).
 * Deliveries may come twice: the header `webhook-id` is then the same.
 *
 * @throws {ParleyWebhookError} Do not believe it; answer 400. `code` says why.
 * @throws {TypeError} A secret cannot be one, or the payload is not as it came.
 */
export async function verifyWebhook<T = Event>({ payload, headers, secret, toleranceSeconds }: WebhookDelivery): Promise<T> {
  const id = readHeader(headers, 'webhook-id');
  const timestamp = readHeader(headers, 'webhook-timestamp');
  if (!/^\d{1,12}$/.test(timestamp)) throw refusal('WEBHOOK_HEADERS_INVALID', 'The header webhook-timestamp is not a time in seconds.');
  const body = toBytes(payload);
  const signatures = readHeader(headers, 'webhook-signature').split(' ').flatMap(readSignature);
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const keys = await Promise.all([secret].flat().map(importSecret));
  const matches = await Promise.all(
    // In constant time, which is the platform's promise for `verify`.
    keys.flatMap((key) => signatures.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed))),
  );
  if (!matches.includes(true)) throw refusal('WEBHOOK_SIGNATURE_INVALID', 'No signature is of a secret given.');
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > (toleranceSeconds ?? STANDARD_TOLERANCE_SECONDS)) {
    throw refusal('WEBHOOK_TIME_UNACCEPTABLE', 'The delivery is too old, or from the future: it may be a replay, or a clock may be wrong.');
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as T;
  } catch (cause) {
    throw refusal('WEBHOOK_BODY_INVALID', 'The signature is good, and the body is not JSON.', cause);
  }
}

function readHeader(headers: WebhookDelivery['headers'], name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : findByName(headers, name);
  if (typeof value === 'string' && value !== '') return value;
  throw refusal('WEBHOOK_HEADERS_INVALID', `The header ${name} is missing.`);
}

function findByName(headers: object, name: string): unknown {
  const value = Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1];
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** `v1,<base64>`. Others are of ways to sign that are not ours. */
function readSignature(text: string): Uint8Array<ArrayBuffer>[] {
  const [version, encoded = ''] = text.split(',', 2);
  const bytes = version === 'v1' ? decodeBase64(encoded) : undefined;
  return bytes === undefined ? [] : [bytes];
}

function importSecret(secret: string): ReturnType<typeof crypto.subtle.importKey> {
  const bytes = typeof secret === 'string' ? decodeBase64(secret.replace(/^whsec_/, '')) : undefined;
  if (bytes === undefined || bytes.length === 0) throw new TypeError('A secret of a webhook is whsec_ and base64.');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function toBytes(payload: WebhookDelivery['payload']): Uint8Array {
  if (typeof payload === 'string') return new TextEncoder().encode(payload);
  if (payload instanceof Uint8Array) return payload;
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload);
  throw new TypeError('The payload must be the body as it came, as text or bytes, and not parsed.');
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}

function refusal(code: WebhookProblem, message: string, cause?: unknown): ParleyWebhookError {
  return new ParleyWebhookError(message, { code, isRetryable: false, cause });
}
