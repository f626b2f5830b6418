import type { operations } from './openapi.ts';

type Operation = keyof operations;

/** What an operation answers with 200, by its `operationId`. */
export type Answer<Name extends Operation> = operations[Name]['responses'] extends {
  200: { content: { 'application/json': infer Content } };
}
  ? Content
  : never;

/** What an operation takes as its body. */
export type Body<Name extends Operation> = operations[Name] extends { requestBody: { content: { 'application/json': infer Content } } }
  ? Content
  : never;

/** One line of what an operation takes line by line. */
export type BodyLine<Name extends Operation> = operations[Name] extends { requestBody: { content: { 'application/x-ndjson': infer Line } } }
  ? Line
  : never;

type Given<Parameters> = { [Name in keyof Parameters]: Parameters[Name] | undefined };

/** What an operation takes in its query string. What is undefined is left out. */
export type Query<Name extends Operation> = Given<NonNullable<operations[Name]['parameters']['query']>>;
