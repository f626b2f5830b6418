import type { ErrorCode } from './openapi.ts';

/** What a delivery of a webhook may be refused for. */
export type WebhookProblem = 'WEBHOOK_HEADERS_INVALID' | 'WEBHOOK_TIME_UNACCEPTABLE' | 'WEBHOOK_SIGNATURE_INVALID' | 'WEBHOOK_BODY_INVALID';

/** The server's codes, and those of this library. A newer server may have more. */
export type ParleyErrorCode =
  | ErrorCode
  | 'PATH_NOT_FOUND'
  | 'CONNECTION_FAILED'
  | 'TIMEOUT'
  | 'ANSWER_UNREADABLE'
  | WebhookProblem
  // Keeps the names above in an editor's suggestions.
  | (string & {});

interface Facts {
  code: ParleyErrorCode;
  isRetryable: boolean;
  status?: number | undefined;
  fields?: Readonly<Record<string, string>> | undefined;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/** Whatever a call may fail with, but for an aborted signal: then it fails with the signal's own reason. */
export class ParleyError extends Error {
  override readonly name: string = 'ParleyError';
  /** Stable: branch on it. */
  readonly code: ParleyErrorCode;
  /** The status of the answer, where there was one. */
  readonly status: number | undefined;
  /** What is wrong, by the path of the field: `contact.state`. For a person to read. */
  readonly fields: Readonly<Record<string, string>>;
  /** Finds the call in the server's log and in its events; all attempts of a call have the same. */
  readonly requestId: string | undefined;
  /** Whether the same call may well succeed later, and is safe to repeat. */
  readonly isRetryable: boolean;
  /** How long the server asked to be left alone. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { code, isRetryable, status, fields = {}, requestId, retryAfterSeconds, cause }: Facts) {
    super(
      `${message} (${[code, requestId && `request ${requestId}`].filter(Boolean).join(', ')})`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.requestId = requestId;
    this.isRetryable = isRetryable;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server, or something before it, answered that it will not or cannot. A 4xx other than 408 and 429 changed nothing. */
export class ParleyApiError extends ParleyError {
  override readonly name: string = 'ParleyApiError';
  declare readonly status: number;
}

/** There was no answer: nobody knows whether the call took effect. */
export class ParleyConnectionError extends ParleyError {
  override readonly name: string = 'ParleyConnectionError';
}

/** There was no answer in time. */
export class ParleyTimeoutError extends ParleyConnectionError {
  override readonly name: string = 'ParleyTimeoutError';
}

/** A delivery that must not be believed. */
export class ParleyWebhookError extends ParleyError {
  override readonly name: string = 'ParleyWebhookError';
  declare readonly code: WebhookProblem;
}
