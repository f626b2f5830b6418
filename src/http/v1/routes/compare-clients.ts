import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { COMPARISON_OUTCOMES, WANTED_STATUSES, type WantedStatus } from '../../../domain/comparison.ts';
import { fieldsInvalid, invalidRequest, ProvisioningError } from '../../../domain/errors.ts';
import { isObject, parseJson } from '../../../domain/json-gate.ts';
import { compareClient } from '../../../operations/clients/compare-client.ts';
import { callerOf } from '../../auth.ts';
import { readProvision } from '../../read-provision.ts';
import { ProvisionBody } from '../../schemas/contract.ts';
import { readSchemaProblems, type SchemaFailure } from '../../schemas/problems.ts';
import { defineV1, type V1Context } from '../route.ts';

const MAX_LINES = 1_000;
const MAX_BYTES = 1024 * 1024;
/** Asked of the store at once. Between two groups other requests have their turn. */
const GROUP = 16;
const LINE_FEED = 0x0a;

const Line = Type.Object({
  record: ProvisionBody,
  status: Type.Optional(
    Type.Unsafe<WantedStatus | null>({
      type: ['string', 'null'],
      enum: [...WANTED_STATUSES, null],
      description: 'The state that is wanted. Left out: whichever it is.',
      examples: ['active'],
    }),
  ),
});

const Value = Type.Unsafe<string | boolean | null>({ type: ['string', 'boolean', 'null'] });
const Item = Type.Object({
  line: Type.Integer({ description: 'From 1 on.' }),
  outcome: Type.Unsafe<(typeof COMPARISON_OUTCOMES)[number]>({ type: 'string', enum: COMPARISON_OUTCOMES }),
  clientId: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'Null where there is no client yet.' }),
  changes: Type.Array(Type.Object({ field: Type.String({ examples: ['client.email'] }), from: Value, to: Value }), {
    description: 'What would change, the state among it. A password is `***`.',
  }),
  basis: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'A digest of what is on record. Another one: the record has changed.',
  }),
  code: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Of a conflict or of what is invalid.' }),
  message: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  problems: Type.Record(Type.String(), Type.String(), { description: 'What is wrong, by path of the field.' }),
});

export const compareClientsRoute = defineV1({
  method: 'POST',
  path: '/v1/clients/compare',
  operationId: 'compareClients',
  tag: 'clients',
  summary: 'What would these provisions do?',
  description: `Takes lines of JSON (NDJSON), ${MAX_LINES} and 1 MiB at most, each with a record and the state that is wanted. Answers for each by the rules of a provision, and writes nothing. A line that is wrong is told and leaves the others as they are.`,
  body: Line,
  lines: { maxBytes: MAX_BYTES },
  answer: Type.Object({ items: Type.Array(Item) }),
  errors: [],
  async handle(request, _reply, context) {
    const lines = splitLines(request.body);
    const items: object[] = [];
    for (let at = 0; at < lines.length; at += GROUP) {
      const group = lines.slice(at, at + GROUP).map((line, index) => compareLine(request, context, line, at + index + 1));
      items.push(...(await Promise.all(group)));
      await nextTurn();
    }
    return { items };
  },
});

function splitLines(body: unknown): Buffer[] {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    if (lines.length > MAX_LINES) throw invalidRequest(`Send at most ${MAX_LINES} lines at once.`);
    start = end + 1;
  }
  if (lines.length === 0) throw invalidRequest('The body is empty. Send lines of JSON, each with a record.');
  return lines;
}

async function compareLine(request: FastifyRequest, context: V1Context, bytes: Buffer, line: number): Promise<object> {
  const nothing = { line, clientId: null, changes: [], basis: null, code: null, message: null, problems: {} };
  try {
    const { record, status } = readLine(request, bytes);
    const found = await compareClient(context, callerOf(request), readProvision(record, {}), status ?? undefined);
    const { outcome, clientId = null, changes, basis = null, conflict } = found;
    return { ...nothing, outcome, clientId, changes, basis, ...(conflict && tell(conflict)) };
  } catch (error) {
    const isOfLine = error instanceof ProvisioningError && OF_LINE.has(error.code);
    if (!isOfLine) throw error;
    return { ...nothing, outcome: 'invalid', ...tell(error) };
  }
}

const OF_LINE: ReadonlySet<string> = new Set([
  'INVALID_JSON',
  'FIELD_REQUIRED',
  'FIELD_INVALID',
  'STATE_REQUIRED',
  'COUNTRY_UNKNOWN',
  'PASSWORD_UNACCEPTABLE',
  'EMAIL_INVALID',
  'FIELDS_INVALID',
]);

function tell({ code, message, fields }: ProvisioningError): object {
  return { code, message, problems: fields };
}

function readLine(request: FastifyRequest, bytes: Buffer): { record: ProvisionBody; status?: WantedStatus | null } {
  const line = parseJson(bytes);
  if (!isObject(line))
    throw fieldsInvalid([
      { field: 'record', code: 'FIELD_REQUIRED', message: 'is required: a line is {"record":{...},"status":"active"}' },
    ]);
  const { record = {}, status } = line;
  const validate = request.compileValidationSchema(ProvisionBody) as unknown as { (value: unknown): boolean; errors?: SchemaFailure[] };
  if (!validate(record)) throw readSchemaProblems(validate.errors ?? []);
  if (status !== undefined && status !== null && !WANTED_STATUSES.includes(status as WantedStatus))
    throw fieldsInvalid([{ field: 'status', code: 'FIELD_INVALID', message: `must be one of ${WANTED_STATUSES.join(', ')}, or left out` }]);
  return { record: record as ProvisionBody, status: status as WantedStatus | null };
}
