/** What went wrong, as a stable code: callers branch on it, http/errors.ts gives each its status. */
export type ErrorCode =
  | 'INVALID_REQUEST'
  | 'INVALID_JSON'
  | 'UNAUTHORIZED'
  | 'SCOPE_REQUIRED'
  | 'PATH_NOT_FOUND'
  | 'CLIENT_NOT_FOUND'
  | 'COMPANY_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'CLIENT_EXISTS'
  | 'CLIENT_COMPANY_MISMATCH'
  | 'COMPANY_ENTERPRISE_MISMATCH'
  | 'CLIENT_TERMINATED'
  | 'CLIENT_INACTIVE'
  | 'DETAILS_DIFFER'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNSUPPORTED_ENCODING'
  | 'EXPECTATION_FAILED'
  | 'HEADERS_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'INTERNAL'
  | 'PLATFORM_REFUSED'
  | 'PLATFORM_UNAVAILABLE'
  | 'PLATFORM_ANSWER_WRONG'
  | 'PLATFORM_UNSUPPORTED'
  | 'IN_PROGRESS'
  | 'NEEDS_OPERATOR'
  | 'OPERATION_NOT_FOUND'
  | 'WEBHOOK_NOT_FOUND'
  | 'DELIVERY_NOT_FOUND'
  | 'WEBHOOK_LIMIT'
  | 'OPERATOR_REQUIRED'
  | 'TENANT_NOT_FOUND'
  | 'TENANT_EXISTS'
  | 'TOKEN_NOT_FOUND'
  | 'BRIDGE_NOT_FOUND'
  | 'BRIDGE_EXISTS'
  | 'ACCESS_NUMBER_NOT_FOUND'
  | 'ACCESS_NUMBER_TAKEN'
  | 'STORE_UNAVAILABLE'
  | 'ENGINE_UNAVAILABLE'
  | 'OVERLOADED'
  | 'STOPPING'
  | FieldCode
  | 'FIELDS_INVALID';

/** What may be wrong with one field. Several different ones together are FIELDS_INVALID. */
export type FieldCode =
  | 'FIELD_REQUIRED'
  | 'FIELD_INVALID'
  | 'STATE_REQUIRED'
  | 'COUNTRY_UNKNOWN'
  | 'PASSWORD_UNACCEPTABLE'
  | 'EMAIL_INVALID';

export interface FieldProblem {
  /** The path a caller knows it by: `contact.state`, or a header's name. */
  field: string;
  code: FieldCode;
  /** A sentence that says what to do; never the value. */
  message: string;
}

/** A failure with a public sentence. Whatever must stay inside travels as `cause`. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError';
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    more: { fields?: Record<string, string>; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.fields = more.fields ?? {};
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export function fieldsInvalid(problems: readonly FieldProblem[]): ProvisioningError {
  const codes = new Set(problems.map((problem) => problem.code));
  const [only] = codes;
  const fields = Object.fromEntries(problems.map((problem) => [problem.field, problem.message]));
  const names = problems.map((problem) => problem.field).join(', ');
  return new ProvisioningError(codes.size === 1 && only ? only : 'FIELDS_INVALID', `Correct and send again: ${names}.`, { fields });
}

/** Nobody is turned away by this for good: the same call may be asked about again. The reason is for the log. */
export function engineUnavailable(reason?: string): ProvisioningError {
  const message = 'The caller may come in, and the engine cannot take anybody now. Ask again in a moment.';
  return new ProvisioningError('ENGINE_UNAVAILABLE', message, {
    retryAfterSeconds: 2,
    ...(reason !== undefined && { cause: new Error(reason) }),
  });
}

export function invalidRequest(message: string): ProvisioningError {
  return new ProvisioningError('INVALID_REQUEST', message);
}

export function invalidJson(message: string): ProvisioningError {
  return new ProvisioningError('INVALID_JSON', message);
}

/** One answer for a token that is missing, doubled, malformed, unknown, revoked or expired. */
export function unauthorized(): ProvisioningError {
  return new ProvisioningError('UNAUTHORIZED', 'Send one valid API token in the X-AUTH-TOKEN header.');
}

export function scopeRequired(scope: string): ProvisioningError {
  return new ProvisioningError('SCOPE_REQUIRED', `This token lacks the scope "${scope}". Ask the operator for one that has it.`);
}

export function pathNotFound(): ProvisioningError {
  return new ProvisioningError('PATH_NOT_FOUND', 'There is nothing at this path. See /docs for what there is.');
}

/** Of what is not for a tenant to say. */
export function operatorRequired(what = 'concerns all tenants'): ProvisioningError {
  const message = `This ${what}: it takes a token of the operator's tenant, which is the first one, or the command line.`;
  return new ProvisioningError('OPERATOR_REQUIRED', message);
}

export function tenantNotFound(): ProvisioningError {
  return new ProvisioningError('TENANT_NOT_FOUND', 'No such tenant, or not yours. GET /v1/tenants lists those that you may see.');
}

export function tenantExists(name: string): ProvisioningError {
  return new ProvisioningError('TENANT_EXISTS', `There is a tenant "${name}" already. Choose another name.`);
}

/** Says the same of a token that never was and of another tenant's. */
export function tokenNotFound(): ProvisioningError {
  return new ProvisioningError('TOKEN_NOT_FOUND', 'No such token of yours. GET /v1/tokens lists those there are.');
}

/** Says the same of a bridge that never was and of another tenant's. */
export function bridgeNotFound(): ProvisioningError {
  return new ProvisioningError('BRIDGE_NOT_FOUND', 'No such bridge of yours. GET /v1/bridges lists those there are.');
}

export function bridgeExists(name: string): ProvisioningError {
  return new ProvisioningError('BRIDGE_EXISTS', `There is a bridge "${name}" already. Choose another name.`);
}

/** Says the same of a number that is in service nowhere and of another tenant's. */
export function accessNumberNotFound(number: string): ProvisioningError {
  return new ProvisioningError(
    'ACCESS_NUMBER_NOT_FOUND',
    `${number} is not in service for you. List the numbers that are: GET /v1/access-numbers, or parley access-number list.`,
  );
}

export function accessNumberTaken(number: string): ProvisioningError {
  return new ProvisioningError(
    'ACCESS_NUMBER_TAKEN',
    `${number} is in service for others. It has to be taken out of service there first: parley access-number remove ${number}`,
  );
}

/** Says the same of a client that never was and of another tenant's. */
export function clientNotFound(): ProvisioningError {
  return new ProvisioningError('CLIENT_NOT_FOUND', 'No such client. Provision it first, or check the clientId.', {
    fields: { clientId: 'is not the clientId of any client of yours' },
  });
}

export function companyNotFound(): ProvisioningError {
  return new ProvisioningError('COMPANY_NOT_FOUND', 'No such company of yours. It is made by the first provision that names it.');
}

export function clientExists(): ProvisioningError {
  return new ProvisioningError('CLIENT_EXISTS', 'This client exists already. Leave out If-None-Match to get its record.', {
    fields: { 'client.externalId': 'is provisioned already' },
  });
}

export function clientCompanyMismatch(): ProvisioningError {
  return new ProvisioningError('CLIENT_COMPANY_MISMATCH', 'This client belongs to another company of yours, and a client never moves.', {
    fields: { 'company.externalId': 'is not the company that this client was provisioned under' },
  });
}

export function companyEnterpriseMismatch(): ProvisioningError {
  return new ProvisioningError('COMPANY_ENTERPRISE_MISMATCH', 'This company belongs to another enterprise, and a company never moves.', {
    fields: { 'company.enterpriseId': 'is not the enterprise that this company was provisioned under' },
  });
}

export function clientTerminated(): ProvisioningError {
  return new ProvisioningError('CLIENT_TERMINATED', 'This client was terminated, which is final. Provision a new client.externalId.');
}

export function clientInactive(): ProvisioningError {
  return new ProvisioningError('CLIENT_INACTIVE', 'The client is deactivated. Reactivate it first.');
}

export function detailsDiffer(changed: readonly string[]): ProvisioningError {
  const fields = Object.fromEntries(changed.map((field) => [field, 'differs from the record']));
  return new ProvisioningError('DETAILS_DIFFER', 'The record differs, and this tenant refuses changes by provision.', { fields });
}

export function idempotencyKeyReused(): ProvisioningError {
  return new ProvisioningError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key came with another request before. Use a new key for a new request.',
    {
      fields: { 'Idempotency-Key': 'was used for another request in the last 24 hours' },
    },
  );
}

export function storeUnavailable(cause: unknown): ProvisioningError {
  const message = 'The store cannot take this now. Repeat the same request: repeating is safe.';
  return new ProvisioningError('STORE_UNAVAILABLE', message, { retryAfterSeconds: 2, cause });
}

/** It said no for a reason that the contract does not know. */
export function platformRefused(): ProvisioningError {
  return new ProvisioningError(
    'PLATFORM_REFUSED',
    'The platform refuses this request, and nothing was changed. The operator finds its answer in the log.',
  );
}

export function platformUnavailable(retryAfterSeconds: number): ProvisioningError {
  const message = 'The platform cannot be reached. The request is on record and will be carried out; repeat it to get its answer.';
  return new ProvisioningError('PLATFORM_UNAVAILABLE', message, { retryAfterSeconds });
}

/** `reason` names what is wrong with the answer, and nothing that is in it. */
export function platformAnswerWrong(reason: string, retryAfterSeconds: number): ProvisioningError {
  const message = `The platform was reached, but its answer cannot be used: ${reason}. Nothing of it was recorded. The request is repeated there by itself; repeat it to get its answer, and tell the operator if this stays so.`;
  return new ProvisioningError('PLATFORM_ANSWER_WRONG', message, { retryAfterSeconds });
}

export function inProgress(): ProvisioningError {
  const message = 'This is under way. Repeat the same request to get its answer: repeating is safe.';
  return new ProvisioningError('IN_PROGRESS', message, { retryAfterSeconds: 2 });
}

export function needsOperator(): ProvisioningError {
  const message =
    'The platform may or may not have carried this out, and repeating it there is not safe. It waits for the operator (GET /v1/operations).';
  return new ProvisioningError('NEEDS_OPERATOR', message, { retryAfterSeconds: 300 });
}

export function platformUnsupported(message: string): ProvisioningError {
  return new ProvisioningError('PLATFORM_UNSUPPORTED', message);
}

export function operationNotFound(): ProvisioningError {
  return new ProvisioningError(
    'OPERATION_NOT_FOUND',
    'No such operation: it was finished, or never was. GET /v1/operations lists those there are.',
  );
}

/** Says the same of an endpoint that never was and of another tenant's. */
export function webhookNotFound(): ProvisioningError {
  return new ProvisioningError('WEBHOOK_NOT_FOUND', 'No such endpoint of yours. GET /v1/webhooks lists those there are.');
}

export function deliveryNotFound(): ProvisioningError {
  return new ProvisioningError(
    'DELIVERY_NOT_FOUND',
    'No such delivery of yours: it is long past, its endpoint was deleted, or it never was.',
  );
}

export function webhookLimit(message: string): ProvisioningError {
  return new ProvisioningError('WEBHOOK_LIMIT', message);
}

export function overloaded(): ProvisioningError {
  return new ProvisioningError('OVERLOADED', 'Too much at once. Repeat the same request a little later.', { retryAfterSeconds: 1 });
}

export function stopping(): ProvisioningError {
  return new ProvisioningError('STOPPING', 'This server is stopping. Repeat the same request.', { retryAfterSeconds: 1 });
}

/** A sentence for the operator at start or on the command line: what is wrong, and what to do about it. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
