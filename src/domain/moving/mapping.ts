import { type Field, FIELDS, isField } from './fields.ts';

/** How a file is to be read, as `--map` settles it and as it is saved: JSON. */
export interface Mapping {
  /** A field's column: its heading, or its place as `#3`. */
  columns: Partial<Record<Field, string>>;
  /** For a field without a column, and where its cell is empty. */
  values: Partial<Record<Field, string>>;
  /** Ids that are worked out of a text that tells one from the other (a UUID), because the file has no number: the heading of that text. */
  derived: Partial<Record<DerivedField, string>>;
  /** What the file's own words for a client's state mean, in small letters. They go before the common ones. */
  statuses: Readonly<Record<string, 'active' | 'inactive'>>;
  /** How many digits the pass codes have, where a spreadsheet has dropped zeros in front. */
  codeLength: number | undefined;
  /** Of a file that has no headings: what they would be. */
  headings: readonly string[] | undefined;
  /** Whether a column that is not named here is recognised by its heading. */
  guesses: boolean;
}

export const DERIVED_FIELDS = ['company.externalId', 'client.externalId'] as const;
export type DerivedField = (typeof DERIVED_FIELDS)[number];

export const NO_MAPPING: Mapping = {
  columns: {},
  values: {},
  derived: {},
  statuses: {},
  codeLength: undefined,
  headings: undefined,
  guesses: true,
};

export const SHORTEST_CODE = 4;
export const LONGEST_CODE = 12;

/** Reads a saved mapping. Answers with it, or with sentences that say what is wrong. */
export function readMapping(given: unknown): Mapping | { problems: string[] } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { problems: ['A mapping is a JSON object.'] };
  const {
    columns = {},
    values = {},
    derived = {},
    statuses = {},
    codeLength,
    headings,
    guesses = true,
    ...others
  } = given as Record<string, unknown>;
  const problems = Object.keys(others).map(
    (name) => `"${name}" means nothing in a mapping. Its members are columns, values, derived, statuses, codeLength, headings, guesses.`,
  );
  for (const [name, part] of Object.entries({ columns, values, derived })) {
    const isTexts = typeof part === 'object' && part !== null && Object.values(part).every((value) => typeof value === 'string');
    if (!isTexts) problems.push(`"${name}" must be an object of fields and texts.`);
    else for (const field of Object.keys(part)) problems.push(...fieldProblems(field, name === 'derived' ? DERIVED_FIELDS : FIELDS));
  }
  const states: unknown[] = typeof statuses === 'object' && statuses !== null ? Object.values(statuses) : [undefined];
  if (!states.every((state) => state === 'active' || state === 'inactive'))
    problems.push('"statuses" must be an object of words, each "active" or "inactive".');
  if (codeLength !== undefined && !isCodeLength(codeLength))
    problems.push(`"codeLength" must be a whole number from ${SHORTEST_CODE} to ${LONGEST_CODE}.`);
  if (headings !== undefined && !(Array.isArray(headings) && headings.every((heading) => typeof heading === 'string')))
    problems.push('"headings" must be an array of texts.');
  if (typeof guesses !== 'boolean') problems.push('"guesses" must be true or false.');
  if (problems.length > 0) return { problems };
  return { columns, values, derived, statuses, codeLength, headings, guesses } as Mapping;
}

export function isCodeLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= SHORTEST_CODE && (value as number) <= LONGEST_CODE;
}

/** The second goes before the first. */
export function mergeMappings(first: Mapping, second: Mapping): Mapping {
  return {
    columns: { ...first.columns, ...second.columns },
    values: { ...first.values, ...second.values },
    derived: { ...first.derived, ...second.derived },
    statuses: { ...first.statuses, ...second.statuses },
    codeLength: second.codeLength ?? first.codeLength,
    headings: second.headings ?? first.headings,
    guesses: first.guesses && second.guesses,
  };
}

function fieldProblems(field: string, allowed: readonly string[]): string[] {
  if (isField(field) && allowed.includes(field)) return [];
  return [`"${field}" is not a field. Fields are: ${allowed.join(', ')}.`];
}
