import { findTextProblem } from './text.ts';

export interface DeclaredValue {
  /** For the operator. */
  description: string;
  isRequired: boolean;
  /** An address that this server calls itself: for the operator to set. */
  isCalled?: boolean;
  /** What is wrong with a value, or undefined. */
  find: (value: string) => string | undefined;
}

export interface DeclaredDialect {
  /** Plain: shown by `parley bridge list`. */
  settings: Readonly<Record<string, DeclaredValue>>;
  /** Sealed: an engine's own, such as what it signs its requests with. */
  secrets: Readonly<Record<string, DeclaredValue>>;
  /** Whether an API token with the scope `admission` opens it too. */
  takesTokens: boolean;
  /** What is wrong with values that are right alone: a whole sentence. */
  findTogether?: (given: DialectValues) => string | undefined;
  /** Secrets that are made where they are needed and were not given. */
  complete?: (given: DialectValues) => Promise<Readonly<Record<string, string>>>;
}

export interface DialectValues {
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
}

type Find = DeclaredValue['find'];

export function required(description: string, find: Find = findTextProblem): DeclaredValue {
  return { description, isRequired: true, find };
}

export function optional(description: string, find: Find = findTextProblem): DeclaredValue {
  return { description, isRequired: false, find };
}

export function called(value: DeclaredValue): DeclaredValue {
  return { ...value, isCalled: true };
}

export function oneOf(...names: string[]): Find {
  return (value) => (names.includes(value) ? undefined : `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);
}

export function matching(pattern: RegExp, what: string): Find {
  return (value) => (pattern.test(value) ? undefined : `must be ${what}`);
}

/** Values that are of use only together. */
export function findMissingOf(what: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  const missing = Object.keys(values).filter((name) => values[name] === undefined);
  if (missing.length === 0 || missing.length === Object.keys(values).length) return undefined;
  return `${what} takes all of ${Object.keys(values).join(', ')}: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing.`;
}

/** One that is put into a line, and must not begin another. */
export function findLineProblem(value: string): string | undefined {
  return /^\P{Cc}{1,255}$/u.test(value) ? undefined : 'must be 1 to 255 characters on one line';
}

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An address to which a path is added: no credentials, query or fragment in it; plain HTTP for this machine only. */
export function findAddressProblem(value: string): string | undefined {
  const url = URL.parse(value);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return 'must be an address such as https://bridge.example.com';
  if (url.protocol === 'http:' && !THIS_MACHINE.has(url.hostname)) return 'must begin with https:// (http:// is for this machine only)';
  const isBare = url.username === '' && url.password === '' && !/[?#\s]/.test(value) && !value.endsWith('/');
  return isBare ? undefined : 'must have no user, no query, no fragment and no slash at its end';
}
