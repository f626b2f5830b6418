import { invalidJson } from './errors.ts';

export const MAX_DEPTH = 16;
export const MAX_MEMBERS = 200;

const FORBIDDEN_MEMBERS = new Set(['__proto__', 'constructor']);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * What every body passes before anything else touches it (C11): UTF-8, one JSON value and nothing after it, no member twice, at most 16
 * levels and 200 members, no member that could reach a prototype. Depth comes before parsing, so that nothing downstream can overflow.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  if (text.trim() === '') throw invalidJson('The body is empty. Send a JSON object.');
  const { plain, hasInexactNumbers } = scan(text);
  try {
    return hasInexactNumbers ? JSON.parse(plain, markInexact) : JSON.parse(plain);
  } catch (error) {
    throw invalidJson(`The body is not JSON${whereOf((error as Error).message)}.`);
  }
}

/** The sentence of an unexpected token quotes the body and does not say where: of that one, nothing is taken. */
function whereOf(message: string): string {
  if (message === 'Unexpected end of JSON input') return ': it ends too early';
  const position = /^[^"]* JSON at position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : `: see character ${Number(position) + 1}`;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidJson('The body is not UTF-8.');
  }
}

/**
 * One pass over the text, before parsing; what is not JSON at all is left for the parser to refuse. Tells of numbers that need care, and
 * writes names out that are spelled with escapes: V8 may misread one that follows another (nodejs/node#63785).
 */
function scan(text: string): { plain: string; hasInexactNumbers: boolean } {
  // One set of member names for each object that is open, null for an array.
  const open: (Set<string> | null)[] = [];
  let members = 0;
  let hasInexactNumbers = false;
  let plain = '';
  let copied = 0;
  // A string is a member's name where an object has just opened or a comma in it has just passed.
  let expectsName = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      const end = endOfString(text, i);
      const names = open.at(-1);
      if (expectsName && names) {
        if (++members > MAX_MEMBERS) throw invalidJson(`The body has more than ${MAX_MEMBERS} members.`);
        const literal = text.slice(i, end + 1);
        const name = literal.includes('\\') ? decodeName(literal) : literal.slice(1, -1);
        admitName(names, name);
        if (name.length !== literal.length - 2) {
          plain += text.slice(copied, i) + JSON.stringify(name);
          copied = end + 1;
        }
        expectsName = false;
      }
      i = end;
    } else if (unit === 0x7b || unit === 0x5b) {
      if (open.push(unit === 0x7b ? new Set() : null) > MAX_DEPTH) throw invalidJson(`The body is nested deeper than ${MAX_DEPTH} levels.`);
      expectsName = unit === 0x7b;
    } else if (unit === 0x7d || unit === 0x5d) {
      open.pop();
      expectsName = false;
    } else if (unit === COMMA) {
      expectsName = open.at(-1) instanceof Set;
    } else if (unit >= 0x30 && unit <= 0x39) {
      const end = endOfNumber(text, i);
      hasInexactNumbers ||= /[.eE]/.test(text.slice(i, end));
      i = end - 1;
    }
  }
  return { plain: plain + text.slice(copied), hasInexactNumbers };
}

function admitName(names: Set<string>, name: string): void {
  if (FORBIDDEN_MEMBERS.has(name)) throw invalidJson('The body has a member named __proto__ or constructor.');
  if (names.has(name)) throw invalidJson('The body has an object with the same member twice.');
  names.add(name);
}

/** A name that is not a JSON string stays as it is, for the parser to refuse. */
function decodeName(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal.slice(1, -1);
  }
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === BACKSLASH) i++;
    else if (unit === QUOTE) return i;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let end = start;
  while (end < text.length && '0123456789.eE+-'.includes(text.charAt(end))) end++;
  return end;
}

/** A number whose text is not what JavaScript would make of it, such as 9007199254740991.4, becomes NaN: no reader of numbers takes that. */
function markInexact(_name: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || context?.source === undefined) return value;
  return isExactly(context.source, value) ? value : Number.NaN;
}

/** Whether a number's text, in any of JSON's forms (100, 1e2, 100.0), means exactly this integer. */
function isExactly(source: string, value: number): boolean {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return value === 0;
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length);
  return scale >= 0 && scale <= 16 && Number(`${sign}${significant}${'0'.repeat(scale)}`) === value && significant.length + scale <= 16;
}

/** A loop, because /0+$/ takes quadratic time: a quarter of a megabyte of zeros would hold the server for a minute. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
