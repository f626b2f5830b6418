import type { AdmissionAnswer, Call } from '../../../domain/admission.ts';
import { fieldsInvalid, type FieldProblem, invalidJson } from '../../../domain/errors.ts';
import { isObject, parseJson } from '../../../domain/json-gate.ts';
import type { LegReport } from '../../../domain/leg.ts';
import { findCharacterProblem, readTime, TEXT_MAX_CHARACTERS } from '../../../domain/text.ts';
import type { AdmissionDialect, EngineRequest, Rendered } from '../dialect.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
export const SUCCESS = '{"status":"success"}';
const MAX_REPORTS = 100;

/** For bridges that are told what to say: docs/bridges/json.md. */
export const jsonDialect: AdmissionDialect = {
  name: 'json',
  routes: [
    { kind: 'admission', methods: ['POST'], path: '', read: readCall, render: renderAnswer },
    { kind: 'report', methods: ['POST'], path: '/events', read: readReports, render: () => json(SUCCESS) },
  ],
};

export function readCall({ body }: EngineRequest): Call {
  const fields = new Fields(readObject(body));
  const call = {
    callId: fields.required('callId'),
    accessNumber: fields.optional('accessNumber'),
    digits: fields.optional('digits'),
    caller: fields.optional('caller'),
  };
  fields.throwProblems();
  return call;
}

/** Nothing of it is null: what there is no limit for is left out. */
function renderAnswer(answer: AdmissionAnswer): Rendered {
  return json(JSON.stringify(answer));
}

export function readReports({ body }: EngineRequest): LegReport[] {
  const { events } = readObject(body) as { events?: unknown };
  if (!Array.isArray(events) || events.length === 0 || events.length > MAX_REPORTS) {
    throw fieldsInvalid([{ field: 'events', code: 'FIELD_INVALID', message: `must be a list of 1 to ${MAX_REPORTS} events` }]);
  }
  return events.map((event, i) => readReport(event, `events.${i}.`));
}

function readReport(event: unknown, place: string): LegReport {
  const fields = new Fields(isObject(event) ? event : {}, place);
  const at = fields.optional('at');
  const kind = fields.required('type');
  const report = {
    conference: fields.required('conference'),
    callId: fields.required('callId'),
    at: at === undefined ? undefined : readTime(at),
  };
  if (kind !== 'joined' && kind !== 'left') fields.blame('type', 'must be joined or left');
  if (at !== undefined && report.at === undefined) fields.blame('at', 'must be a time such as 2026-01-31T12:00:00Z');
  fields.throwProblems();
  return { kind: kind as LegReport['kind'], ...report };
}

function readObject(body: Buffer): object {
  const parsed = parseJson(body);
  if (!isObject(parsed)) throw invalidJson('The body is not an object. Send a JSON object.');
  return parsed;
}

/** Texts, or whole numbers as some bridges send digits. Every one that offends is told at once. */
class Fields {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #place: string;
  readonly #problems: FieldProblem[] = [];

  constructor(given: object, place = '') {
    this.#given = given as Readonly<Record<string, unknown>>;
    this.#place = place;
  }

  optional(name: string): string | undefined {
    const value = this.#given[name] ?? undefined;
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    if (text === undefined) return undefined;
    const problem = typeof text === 'string' ? findCharacterProblem(text) : `must be a text of at most ${TEXT_MAX_CHARACTERS} characters`;
    if (problem === undefined) return text as string;
    this.blame(name, problem);
    return undefined;
  }

  required(name: string): string {
    const text = this.optional(name);
    if (!text && this.#problems.every(({ field }) => field !== `${this.#place}${name}`)) this.blame(name, 'is required', 'FIELD_REQUIRED');
    return text ?? '';
  }

  blame(name: string, message: string, code: FieldProblem['code'] = 'FIELD_INVALID'): void {
    this.#problems.push({ field: `${this.#place}${name}`, code, message });
  }

  throwProblems(): void {
    if (this.#problems.length > 0) throw fieldsInvalid(this.#problems);
  }
}

export function json(body: string): Rendered {
  return { status: 200, contentType: JSON_TYPE, body };
}
