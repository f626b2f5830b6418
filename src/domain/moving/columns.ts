import { type Field, FIELDS, isField } from './fields.ts';
import { guessField, plainHeading } from './column-names.ts';
import type { DerivedField, Mapping } from './mapping.ts';

export interface Column {
  /** From 0 on. */
  place: number;
  heading: string;
  field: Field | undefined;
}

export interface Columns {
  all: readonly Column[];
  places: ReadonlyMap<Field, number>;
  derived: ReadonlyMap<DerivedField, number>;
}

const ROWS_BEFORE_HEADINGS = 10;
/** `--map status=`: whatever the headings say, there is no such column. */
const NO_COLUMN = '';

/** Which of the first rows holds the headings: the one in which the most are recognised. Undefined where none is. */
export function findHeadings(rows: readonly { number: number; cells: readonly string[] }[], mapping: Mapping): number | undefined {
  const wanted = new Set([...Object.values(mapping.columns), ...Object.values(mapping.derived)].map(plainHeading));
  let best: { at: number; score: number } | undefined;
  for (const [at, { cells }] of rows.slice(0, ROWS_BEFORE_HEADINGS).entries()) {
    const score = cells.filter(
      (cell) => cell !== '' && (wanted.has(plainHeading(cell)) || guessField(cell) !== undefined || isField(cell)),
    ).length;
    if (score > (best?.score ?? 0)) best = { at, score };
  }
  return best?.at;
}

/** What each column means: what the mapping says, then what the heading says. Answers with sentences where that is not clear. */
export function findColumns(headings: readonly string[], mapping: Mapping): Columns | { problems: string[] } {
  const problems: string[] = [];
  const places = new Map<Field, number>();
  const derived = new Map<DerivedField, number>();
  const find = (field: string, reference: string): number | undefined => {
    const matches = findReferred(headings, reference);
    if (matches.length === 1) return matches[0];
    problems.push(
      matches.length === 0
        ? `There is no column "${reference}" for ${field}. The columns are: ${listHeadings(headings)}.`
        : `${countWord(matches.length)} columns are called "${reference}" (${matches.map((at) => `#${at + 1}`).join(', ')}). Say which is ${field}: --map ${field}=#${matches[0]! + 1}`,
    );
    return undefined;
  };
  for (const [field, reference] of Object.entries(mapping.columns)) {
    if (reference === NO_COLUMN) continue;
    const place = find(field, reference);
    if (place !== undefined) places.set(field as Field, place);
  }
  for (const [field, reference] of Object.entries(mapping.derived)) {
    const place = find(field, reference);
    if (place !== undefined) derived.set(field as DerivedField, place);
  }

  const taken = new Set(places.values());
  for (const field of mapping.guesses ? FIELDS : []) {
    if (mapping.columns[field] !== undefined || derived.has(field as DerivedField)) continue;
    const isFree = (at: number): boolean => !taken.has(at);
    const exact = [...headings.keys()].filter((at) => isFree(at) && headings[at] === field);
    const matches =
      exact.length > 0 ? exact : [...headings.keys()].filter((at) => isFree(at) && guessField(headings[at] as string) === field);
    if (matches.length > 1)
      problems.push(
        `${countWord(matches.length)} columns could be ${field}: ${matches.map((at) => `"${headings[at]}" (#${at + 1})`).join(', ')}. Say which: --map ${field}=#${matches[0]! + 1} (or none of them: --map ${field}=)`,
      );
    else if (matches[0] !== undefined) places.set(field, matches[0]);
  }
  if (problems.length > 0) return { problems };
  const fields = new Map([...places].map(([field, place]) => [place, field]));
  return { all: headings.map((heading, place) => ({ place, heading, field: fields.get(place) })), places, derived };
}

function findReferred(headings: readonly string[], reference: string): number[] {
  const place = /^#(\d{1,5})$/.exec(reference)?.[1];
  if (place !== undefined) return Number(place) >= 1 && Number(place) <= headings.length ? [Number(place) - 1] : [];
  const same = [...headings.keys()].filter((at) => headings[at] === reference.trim());
  return same.length > 0 ? same : [...headings.keys()].filter((at) => plainHeading(headings[at] as string) === plainHeading(reference));
}

function listHeadings(headings: readonly string[]): string {
  return (
    headings
      .filter((heading) => heading !== '')
      .map((heading) => `"${heading}"`)
      .join(', ') || 'none'
  );
}

function countWord(count: number): string {
  return count === 2 ? 'Two' : String(count);
}
