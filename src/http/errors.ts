import { type ErrorCode, invalidRequest, ProvisioningError } from '../domain/errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { readSchemaProblems, type SchemaFailure } from './schemas/problems.ts';
import { STATUS_CODES } from './status-phrases.ts';

/** The one place that gives a code its status: a code without one does not compile. */
export const STATUS = {
  INVALID_REQUEST: 400,
  INVALID_JSON: 400,
  UNAUTHORIZED: 401,
  SCOPE_REQUIRED: 403,
  OPERATOR_REQUIRED: 403,
  PATH_NOT_FOUND: 404,
  CLIENT_NOT_FOUND: 404,
  COMPANY_NOT_FOUND: 404,
  OPERATION_NOT_FOUND: 404,
  WEBHOOK_NOT_FOUND: 404,
  DELIVERY_NOT_FOUND: 404,
  TENANT_NOT_FOUND: 404,
  TOKEN_NOT_FOUND: 404,
  BRIDGE_NOT_FOUND: 404,
  ACCESS_NUMBER_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  CLIENT_EXISTS: 409,
  CLIENT_COMPANY_MISMATCH: 409,
  COMPANY_ENTERPRISE_MISMATCH: 409,
  CLIENT_TERMINATED: 409,
  CLIENT_INACTIVE: 409,
  DETAILS_DIFFER: 409,
  WEBHOOK_LIMIT: 409,
  TENANT_EXISTS: 409,
  BRIDGE_EXISTS: 409,
  ACCESS_NUMBER_TAKEN: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNSUPPORTED_ENCODING: 415,
  EXPECTATION_FAILED: 417,
  PLATFORM_UNSUPPORTED: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  FIELD_REQUIRED: 422,
  FIELD_INVALID: 422,
  STATE_REQUIRED: 422,
  COUNTRY_UNKNOWN: 422,
  PASSWORD_UNACCEPTABLE: 422,
  EMAIL_INVALID: 422,
  FIELDS_INVALID: 422,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  PLATFORM_REFUSED: 502,
  PLATFORM_UNAVAILABLE: 503,
  PLATFORM_ANSWER_WRONG: 503,
  IN_PROGRESS: 503,
  NEEDS_OPERATOR: 503,
  STORE_UNAVAILABLE: 503,
  ENGINE_UNAVAILABLE: 503,
  OVERLOADED: 503,
  STOPPING: 503,
} as const satisfies Record<ErrorCode, number>;

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What was refused unread, or read differently by others, cannot be skipped over to find the next request; after a 417 a body may come or not. */
const CLOSING: ReadonlySet<ErrorCode> = new Set([
  'INVALID_REQUEST',
  'REQUEST_TIMEOUT',
  'BODY_TOO_LARGE',
  'EXPECTATION_FAILED',
  'HEADERS_TOO_LARGE',
]);

export const PROBLEM_TYPE = 'application/problem+json';

/** JSend, extended; or RFC 9457 to a caller that asks for it. The same facts in both, and no fact that must stay inside. */
export function renderError(error: ProvisioningError, accept: string | undefined): ErrorAnswer {
  const status = STATUS[error.code];
  const isProblem = accept?.includes(PROBLEM_TYPE) ?? false;
  const headers: Record<string, string> = { 'content-type': `${isProblem ? PROBLEM_TYPE : 'application/json'}; charset=utf-8` };
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(error.retryAfterSeconds);
  if (status === 401) headers['www-authenticate'] = 'X-AUTH-TOKEN realm="parley"';
  if (CLOSING.has(error.code)) headers.connection = 'close';
  return { status, headers, body: JSON.stringify(isProblem ? toProblem(error, status) : toJSend(error, status)) };
}

function toJSend(error: ProvisioningError, status: number): object {
  const { code, message, fields } = error;
  return status >= 500 ? { status: 'error', code, message } : { status: 'fail', code, message, data: fields };
}

function toProblem(error: ProvisioningError, status: number): object {
  const { code, message, fields } = error;
  const errors = Object.entries(fields).map(([field, detail]) => ({ field, detail }));
  return {
    type: `urn:parley:error:${code}`,
    title: STATUS_CODES[status],
    status,
    detail: message,
    code,
    ...(errors.length > 0 && { errors }),
  };
}

/** Whatever was thrown, as a failure that may be shown. */
export function toProvisioningError(error: unknown, bodyLimit = MAX_BODY_BYTES): ProvisioningError {
  if (error instanceof ProvisioningError) return error;
  const { code, validation, statusCode } = error as { code?: string; validation?: SchemaFailure[]; statusCode?: number };
  if (validation !== undefined) return readSchemaProblems(validation);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge(bodyLimit);
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return invalidRequest('The body is not as long as Content-Length says.');
  if (statusCode !== undefined && statusCode < 500) return invalidRequest('The request cannot be read.');
  return new ProvisioningError(
    'INTERNAL',
    'Something went wrong here. Repeat the request: repeating is safe. The request id finds it in the log.',
    {
      cause: error,
    },
  );
}

/** What Node's HTTP parser refuses before there is a request. */
export function fromClientError(error: NodeJS.ErrnoException): ProvisioningError {
  if (error.code === 'HPE_HEADER_OVERFLOW') return headersTooLarge();
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProvisioningError('REQUEST_TIMEOUT', 'The request did not arrive in time: headers have 10 seconds, the whole has 20.');
  }
  return invalidRequest('This is not a valid HTTP/1.1 request.');
}

export function headersTooLarge(): ProvisioningError {
  return new ProvisioningError('HEADERS_TOO_LARGE', 'Send at most 100 headers and 16 KiB of them.');
}

function bodyTooLarge(limit: number): ProvisioningError {
  return new ProvisioningError('BODY_TOO_LARGE', `Send at most ${limit} bytes.`);
}
