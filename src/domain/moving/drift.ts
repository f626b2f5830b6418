import { findCountry } from '../country.ts';

/** What a list says of a client, by field; what it does not say is not compared. */
export type Said = Readonly<Record<string, string | number | boolean>>;

export interface Difference {
  field: string;
  /** On the caller's list. */
  theirs: string | number | boolean | null;
  /** On record. */
  ours: string | number | boolean | null;
}

/** What finds the client, what nobody can read, and what first and last say already. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['client.externalId', 'client.password', 'client.name']);

/** How a client on record differs from what a list says of it. Blanks at the ends, and the spelling of a country, are no difference. */
export function findDifferences(said: Said, recorded: Readonly<Record<string, string | number | boolean | null>>): Difference[] {
  return Object.entries(said)
    .filter(([field, theirs]) => !NOT_COMPARED.has(field) && field in recorded && !isSame(field, theirs, recorded[field] ?? null))
    .map(([field, theirs]) => ({ field, theirs, ours: recorded[field] ?? null }));
}

function isSame(field: string, theirs: string | number | boolean, ours: string | number | boolean | null): boolean {
  if (field === 'contact.country') return findCountry(String(theirs)) === ours;
  return typeof theirs === 'string' ? theirs.trim() === (ours ?? '') : theirs === ours;
}
