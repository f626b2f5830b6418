import { fieldsInvalid, type FieldProblem } from '../../domain/errors.ts';
import { readPositiveId } from '../../domain/ids.ts';
import { findCharacterProblem, readTime, TEXT_MAX_CHARACTERS } from '../../domain/text.ts';

/** One parameter of a query string: how it is told, and how it is read. `read` answers undefined for what it does not understand. */
export interface Parameter<T> {
  description: string;
  schema: Readonly<Record<string, unknown>>;
  expects: string;
  read: (text: string) => T | undefined;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
type Read<P extends Parameters> = { [Name in keyof P]?: P[Name] extends Parameter<infer T> ? T : never };

/** What varies in the path. All of it is there, or the path would be another. */
export function readParams<P extends Parameters>(given: unknown, parameters: P): Required<Read<P>> {
  return readQuery(given, parameters) as Required<Read<P>>;
}

/** Every parameter that offends, at once. One that nobody knows is an error: a filter that is misspelt must not answer with everything. */
export function readQuery<P extends Parameters>(given: unknown, parameters: P): Read<P> {
  const problems: FieldProblem[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given as Record<string, string | string[]>)) {
    const parameter = parameters[name];
    const understood = parameter !== undefined && typeof value === 'string' ? parameter.read(value) : undefined;
    if (understood === undefined) problems.push({ field: name, code: 'FIELD_INVALID', message: parameter?.expects ?? unknown(parameters) });
    else read[name] = understood;
  }
  if (problems.length > 0) throw fieldsInvalid(problems);
  return read as Read<P>;
}

function unknown(parameters: Parameters): string {
  const names = Object.keys(parameters);
  return names.length === 0
    ? 'is not a parameter of this path, which has none'
    : `is not a parameter of this path: there are ${names.join(', ')}`;
}

export function limitUpTo(max: number, standard: number): Parameter<number> {
  return {
    description: `How many at most, 1 to ${max}.`,
    schema: { type: 'integer', minimum: 1, maximum: max, default: standard },
    expects: `must be a whole number from 1 to ${max}`,
    read: (given) => {
      const number = readPositiveId(given);
      return number !== undefined && number <= max ? number : undefined;
    },
  };
}

export function oneOf<T extends string>(values: readonly T[], description: string): Parameter<T> {
  return {
    description,
    schema: { type: 'string', enum: values },
    expects: `must be one of ${values.join(', ')}`,
    read: (given) => values.find((value) => value === given),
  };
}

/** Of what has a place in time. */
export const ORDER = oneOf(['asc', 'desc'], 'The oldest first, which is so where this is left out, or the latest.');

export function text(description: string): Parameter<string> {
  return {
    description,
    schema: { type: 'string', minLength: 1, maxLength: TEXT_MAX_CHARACTERS },
    expects: `must be a text of 1 to ${TEXT_MAX_CHARACTERS} characters`,
    // Not findTextProblem: what is only looked for may hold what no record holds.
    read: (given) => (findCharacterProblem(given) === undefined ? given.trim() || undefined : undefined),
  };
}

export function listOf<T extends string>(values: readonly T[], description: string): Parameter<readonly T[]> {
  return {
    description: `${description} With commas between.`,
    schema: { type: 'string', examples: [values.slice(0, 2).join(',')] },
    expects: `must be one or more of ${values.join(', ')}, with commas between`,
    read: (given) => {
      const names = given.split(',');
      const known = names.map((name) => values.find((value) => value === name));
      return known.includes(undefined) ? undefined : (known as T[]);
    },
  };
}

/** Milliseconds since 1970. */
export function time(description: string): Parameter<number> {
  return {
    description: `${description} RFC 3339, such as 2026-01-31T12:00:00Z, or a day (UTC).`,
    schema: { type: 'string', format: 'date-time' },
    expects: 'must be a time such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31',
    read: readTime,
  };
}

export function id<T extends number>(description: string): Parameter<T> {
  return {
    description,
    schema: { type: 'integer', minimum: 1 },
    expects: 'must be a whole number from 1 to 9007199254740991',
    read: (given) => readPositiveId(given) as T | undefined,
  };
}
