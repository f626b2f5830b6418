import { ParleyApiError, type ParleyErrorCode } from './errors.ts';

/** What an error is told with besides what the answer has. */
export interface Asked {
  requestId: string;
  isRepeatable: boolean;
}

const TRANSIENT = new Set([408, 429]);

/** An answer that is no success, as an error. It may be a problem (RFC 9457), JSend, or a proxy's page. */
export function toApiError({ status, headers }: Response, text: string, { requestId, isRepeatable }: Asked): ParleyApiError {
  const { code, message, fields } = readFailure(text) ?? { ...unreadable(status), fields: {} };
  return new ParleyApiError(message, {
    code,
    status,
    fields,
    requestId: headers.get('x-request-id') ?? requestId,
    isRetryable: isRepeatable && (status >= 500 || TRANSIENT.has(status)),
    retryAfterSeconds: readRetryAfter(headers.get('retry-after')),
  });
}

/** The body of a success. */
export function readJson<T>({ status }: Response, text: string, { requestId }: Asked): T {
  const body = parseObject(text);
  if (body === undefined)
    throw new ParleyApiError(unreadable(status).message, { code: 'ANSWER_UNREADABLE', status, requestId, isRetryable: false });
  return body as T;
}

interface Failure {
  code: ParleyErrorCode;
  message: string;
  fields: Record<string, string>;
}

function readFailure(text: string): Failure | undefined {
  const { code, detail, message = detail, errors, data } = (parseObject(text) ?? {}) as Record<string, any>;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const pairs = Array.isArray(errors) ? errors.map((error) => [error?.field, error?.detail]) : Object.entries(data ?? {});
  return { code, message, fields: Object.fromEntries(pairs) };
}

function unreadable(status: number): { code: ParleyErrorCode; message: string } {
  const what =
    status === 0 || (status >= 300 && status < 400)
      ? 'a redirect, which is not followed because the token would go along'
      : "not one of Parley's";
  return { code: 'ANSWER_UNREADABLE', message: `The answer${status === 0 ? '' : ` with status ${status}`} is ${what}. Is the url right?` };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds, or a date (RFC 9110). */
function readRetryAfter(given: string | null): number | undefined {
  if (given === null) return undefined;
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
