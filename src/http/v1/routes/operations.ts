import { Type } from 'typebox';
import type { Operation } from '../../../domain/operation.ts';
import { discardOperation, listOperations, listOrphans, retryOperation } from '../../../operations/platform/operations.ts';
import { callerOf } from '../../auth.ts';
import { id, limitUpTo, oneOf, readParams, readQuery } from '../query.ts';
import { Next } from '../record-json.ts';
import { defineV1 } from '../route.ts';

const Time = Type.String({ format: 'date-time' });

const OperationJson = Type.Object({
  operationId: Type.Integer(),
  externalId: Type.Integer({ description: "The client's, the caller's own id." }),
  wanted: Type.Array(Type.String({ enum: ['provision', 'active', 'inactive', 'terminated', 'erased'] })),
  state: Type.Unsafe<string>({
    type: 'string',
    enum: ['pending', 'stuck', 'needs-operator'],
    description: 'Stuck: it takes longer than it should, and is still tried.',
  }),
  attempts: Type.Integer(),
  since: Time,
  nextAttemptAt: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Null where it waits for an operator.' }),
  lastError: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  advice: Type.String({ description: 'What to do about it.' }),
});

const query = {
  state: oneOf(['stuck'], 'Only those that take too long or wait for an operator.'),
  after: id('The `next` of the page before.'),
  limit: limitUpTo(200, 50),
};

export const listOperationsRoute = defineV1({
  method: 'GET',
  path: '/v1/operations',
  operationId: 'listOperations',
  tag: 'platform',
  summary: 'What is yet to be done at the remote platform',
  description:
    'Each is carried on with by itself, on whichever node, until the platform has confirmed it. With the built-in platform there are none.',
  query,
  answer: Type.Object({ items: Type.Array(OperationJson), next: Next }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    const { state, after = 0, limit = 50 } = readQuery(request.query, query);
    const found = await listOperations(store, callerOf(request), { after: after, stuckOnly: state === 'stuck', limit: limit + 1 }, now());
    const items = found.slice(0, limit);
    return { items: items.map((one) => toOperation(one, now())), next: found.length > limit ? items.at(-1)?.operationId : null };
  },
});

const params = { operationId: id('From the list.') };

export const retryOperationRoute = defineV1({
  method: 'POST',
  path: '/v1/operations/:operationId/retry',
  operationId: 'retryOperation',
  tag: 'platform',
  summary: 'Carry on with an operation now',
  description:
    'Of one that waits for an operator this says that somebody has looked, and that it may be sent to the platform. A repeat is a success. Needs the scope `admin`.',
  params,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['OPERATION_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    await retryOperation(store, callerOf(request), readParams(request.params, params).operationId, now());
    return { status: 'success' };
  },
});

export const discardOperationRoute = defineV1({
  method: 'POST',
  path: '/v1/operations/:operationId/discard',
  operationId: 'discardOperation',
  tag: 'platform',
  summary: 'Give an operation up',
  description: 'The record stays as it is. What the platform has done already stays done there: look at it. Needs the scope `admin`.',
  params,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['OPERATION_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    await discardOperation(store, callerOf(request), readParams(request.params, params).operationId, now());
    return { status: 'success' };
  },
});

const orphanQuery = { after: query.after, limit: query.limit };

export const listOrphansRoute = defineV1({
  method: 'GET',
  path: '/v1/orphans',
  operationId: 'listOrphans',
  tag: 'platform',
  summary: 'What the remote platform has and nobody asked for',
  description: "As far as it was seen. Nothing is ever done to it: look at it, and end it at the platform if it is nobody else's.",
  query: orphanQuery,
  answer: Type.Object({
    items: Type.Array(Type.Object({ orphanId: Type.Integer(), externalId: Type.Integer(), vendorClientId: Type.Integer(), foundAt: Time })),
    next: Next,
  }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    const { after = 0, limit = 50 } = readQuery(request.query, orphanQuery);
    const found = await listOrphans(store, callerOf(request), { after: after, limit: limit + 1 });
    const items = found.slice(0, limit).map((orphan) => ({ ...orphan, foundAt: new Date(orphan.foundAt).toISOString() }));
    return { items, next: found.length > limit ? items.at(-1)?.orphanId : null };
  },
});

function toOperation(operation: Operation, now: number): object {
  const { operationId, externalId, request, status, attempts, createdAt, nextInMs, lastError, isParked, stuckAt } = operation;
  const state = isParked ? 'needs-operator' : stuckAt === undefined ? 'pending' : 'stuck';
  return {
    operationId,
    externalId,
    wanted: [...(request ? ['provision'] : []), ...(status ? [status.wanted] : [])],
    state,
    attempts,
    since: new Date(createdAt).toISOString(),
    nextAttemptAt: isParked ? null : new Date(now + nextInMs).toISOString(),
    lastError: lastError ?? null,
    advice: ADVICE[state],
  };
}

const ADVICE = {
  pending: 'Nothing: it is being carried out.',
  stuck:
    'Look at lastError and at the platform. It is tried again and again until it succeeds; discard it only if it is not wanted any more.',
  'needs-operator':
    'The platform may have made this client already, and making it again could make two. Look for it there. If it is not there, retry; if it is, end it there and then retry, or discard.',
} as const;
