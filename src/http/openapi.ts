import { type ErrorCode, fieldsInvalid, ProvisioningError } from '../domain/errors.ts';
import { SECURITY_SCHEME } from './auth.ts';
import { renderError, STATUS } from './errors.ts';
import { SANDBOX_HEADERS } from './sandbox-header.ts';
import { LINES_TYPE } from './request-checks.ts';
import type { ContractRoute } from './routes/route.ts';
import type { Parameters } from './v1/query.ts';
import type { V1Route } from './v1/route.ts';

/** What any authenticated request may be answered. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'INVALID_JSON',
  'UNAUTHORIZED',
  'SCOPE_REQUIRED',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNSUPPORTED_ENCODING',
  'EXPECTATION_FAILED',
  'RATE_LIMITED',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'STORE_UNAVAILABLE',
  'OVERLOADED',
  'STOPPING',
];

const MEANING: Readonly<Record<number, string>> = {
  400: 'Not a request that can be read. It changed nothing.',
  401: 'The token is missing, doubled, malformed, unknown, revoked or expired.',
  403: 'The token lacks the scope.',
  404: "No such record: never made, or another tenant's.",
  405: 'Use the method that `Allow` names.',
  408: 'The request did not arrive in time. Repeating is safe.',
  409: 'In conflict with the record. It changed nothing.',
  413: 'The body is larger than 256 KiB, or than what the call allows.',
  415: 'XML, multipart or an encoded body. Send plain JSON.',
  417: 'Only `Expect: 100-continue` is understood.',
  422: 'A field breaks a rule; `data` names every one that does. It changed nothing.',
  429: 'Too many requests with this token. `Retry-After` says when to repeat.',
  431: 'Too many headers.',
  500: 'A fault here. The outcome is unknown; repeating is safe.',
  502: 'The remote platform refuses this. It changed nothing.',
  503: 'Away, full or stopping. The outcome is unknown; repeat after `Retry-After`, which is safe.',
};

export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Parley',
    version: '1',
    description:
      'The conferencing provisioning contract: four calls, exact and idempotent. Every answer has an `X-Request-Id`; a caller may choose it. ' +
      'Errors are JSend, or RFC 9457 to a caller that accepts `application/problem+json`. A 4xx other than 408 and 429 changed nothing; ' +
      'after a 5xx or a broken connection repeat the same request: that is always safe.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  // Relative to where this document is: whoever has it, has the server.
  servers: [{ url: '/', description: 'The server that this document comes from.' }],
  tags: [
    { name: 'contract', description: 'The four calls.' },
    { name: 'clients', description: 'Look-up, search, and what a provision would do.' },
    { name: 'companies', description: 'Companies and their hubs.' },
    { name: 'admission', description: 'Conferences: on which terms callers are let in, who is in, and who was.' },
    { name: 'events', description: 'What happened to the records, for those who follow them.' },
    { name: 'webhooks', description: 'Events, sent to where you want them.' },
    { name: 'audit', description: 'Who did what.' },
    { name: 'platform', description: 'What is under way at a remote platform.' },
    { name: 'statistics', description: 'Counts.' },
    { name: 'token', description: 'Who is asking.' },
    { name: 'administration', description: 'Bridges, access numbers, tokens and tenants.' },
  ],
  security: [{ token: [] }],
  components: {
    securitySchemes: { token: SECURITY_SCHEME },
    schemas: {
      Fail: {
        type: 'object',
        required: ['status', 'code', 'message', 'data'],
        properties: {
          status: { const: 'fail' },
          code: { type: 'string' },
          message: { type: 'string' },
          data: { type: 'object', additionalProperties: { type: 'string' }, description: 'What is wrong, by path of the field.' },
        },
      },
      Error: {
        type: 'object',
        required: ['status', 'code', 'message'],
        properties: { status: { const: 'error' }, code: { type: 'string' }, message: { type: 'string' } },
      },
      Problem: {
        type: 'object',
        description: 'RFC 9457.',
        required: ['type', 'title', 'status', 'detail', 'code'],
        properties: {
          type: { type: 'string', format: 'uri' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          code: { type: 'string' },
          errors: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, detail: { type: 'string' } } } },
        },
      },
    },
  },
} as const;

/** What the document shows of a call. Its body is the very value that Fastify validates with. */
export function schemaOf(route: ContractRoute): object {
  return {
    tags: ['contract'],
    operationId: route.operationId,
    summary: route.summary,
    description: route.description,
    body: route.body,
    headers: { type: 'object', properties: textsOf({ ...route.requestHeaders, ...SANDBOX_HEADERS }) },
    response: { 200: successOf(route), ...failuresOf([...COMMON_ERRORS, ...route.errors, ...platformErrorsOf(route)]) },
  };
}

/** Of calls that a remote platform may have to carry out. */
const PLATFORM_ERRORS: readonly ErrorCode[] = [
  'PLATFORM_UNSUPPORTED',
  'PLATFORM_REFUSED',
  'PLATFORM_UNAVAILABLE',
  'PLATFORM_ANSWER_WRONG',
  'IN_PROGRESS',
  'NEEDS_OPERATOR',
];

/** Without a body there is nothing in it to be wrong. */
const ERRORS_OF_BODIES: ReadonlySet<ErrorCode> = new Set([
  'INVALID_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNSUPPORTED_ENCODING',
]);

export function v1SchemaOf(route: V1Route): object {
  const common = COMMON_ERRORS.filter((code) => route.body !== undefined || !ERRORS_OF_BODIES.has(code));
  const success = { description: 'Done.', headers: { 'X-Request-Id': { type: 'string', description: 'Finds this request in the log.' } } };
  const content =
    route.answer === undefined ? { 'text/event-stream': { schema: { type: 'string' } } } : { 'application/json': { schema: route.answer } };
  return {
    tags: [route.tag],
    operationId: route.operationId,
    summary: route.summary,
    description: route.description,
    ...(route.body && { body: route.body }),
    ...(route.lines && { consumes: [LINES_TYPE] }),
    ...(route.requestHeaders && { headers: { type: 'object', properties: textsOf(route.requestHeaders) } }),
    ...(route.params && { params: describe(route.params) }),
    ...(route.query && { querystring: describe(route.query) }),
    response: { 200: { ...success, content }, ...failuresOf([...common, ...route.errors, ...platformErrorsOf(route)], 'problem') },
  };
}

function platformErrorsOf({ asksPlatform }: { asksPlatform?: boolean }): readonly ErrorCode[] {
  return asksPlatform ? PLATFORM_ERRORS : [];
}

/** Headers, by what they say. */
function textsOf(described: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(described).map(([name, description]) => [name, { type: 'string', description }]));
}

function describe(parameters: Parameters): object {
  const properties = Object.entries(parameters).map(([name, { description, schema }]) => [name, { description, ...schema }]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function successOf({ answer, answerHeaders = {} }: ContractRoute): object {
  const headers = textsOf({ 'X-Request-Id': 'Finds this request in the log.', ...answerHeaders });
  return { description: 'Done.', headers, content: { 'application/json': { schema: answer } } };
}

function failuresOf(codes: readonly ErrorCode[], dialect: 'both' | 'problem' = 'both'): Record<number, object> {
  const byStatus = Map.groupBy(codes, (code) => STATUS[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const schema = { $ref: `#/components/schemas/${status >= 500 ? 'Error' : 'Fail'}` };
      const problem = { $ref: '#/components/schemas/Problem' };
      return [
        status,
        {
          description: `${MEANING[status]} Codes: ${group.map((code) => `\`${code}\``).join(', ')}.`,
          content: {
            ...(dialect === 'both' && { 'application/json': { schema, examples: examplesOf(group, undefined) } }),
            'application/problem+json': { schema: problem, examples: examplesOf(group, 'application/problem+json') },
          },
        },
      ];
    }),
  );
}

function examplesOf(codes: readonly ErrorCode[], accept: string | undefined): object {
  return Object.fromEntries(codes.map((code) => [code, { value: JSON.parse(renderError(exampleOf(code), accept).body) }]));
}

function exampleOf(code: ErrorCode): ProvisioningError {
  if (code === 'STATE_REQUIRED') {
    return fieldsInvalid([{ field: 'contact.state', code, message: 'is required when contact.country is the United States' }]);
  }
  return new ProvisioningError(code, MEANING[STATUS[code]] ?? '');
}
