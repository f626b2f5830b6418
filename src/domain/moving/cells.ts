import { findCountry } from '../country.ts';
import { LONGEST_CODE, SHORTEST_CODE } from './mapping.ts';

/** What a cell holds. A workbook knows kinds; in a text file everything is text. */
export type Cell = string | number | boolean | Date | null;

/** A value; or what is wrong, in words that go on from the column's name; and what was mended, where something was. */
export type Reading<T> = { value: T; mended?: string } | { problem: string };

const NONE = { value: undefined } as const;
/** How a database writes that there is nothing. */
const NOTHING = /^(?:null|\\n|\(null\)|nil|#n\/a|n\/a)$/i;
const ERROR_VALUE = /^#(?:REF|NAME|VALUE|VALEUR|DIV\/0|NUM|NOM|NULL|SPILL|WERT|BEZUG)[!?]?$/i;
/** `="00123"`: how zeros in front are kept in a CSV file. */
const QUOTED_FORMULA = /^="((?:[^"]|"")*)"$/;
const FORMULA = /^=\s*[\p{Letter}\d("$+@-]/u;
/** An apostrophe keeps a spreadsheet from reading a number or a formula. */
const APOSTROPHE = /^['’](?=[\d=+\-@])/;
const EXPONENT = /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i;
const MONTH = '(?:jan|feb|fev|fév|mar|mär|apr|avr|may|mai|jun|juin|jul|juil|aug|août|aou|sep|oct|okt|nov|dec|déc|dez)[a-zéû]*\\.?';
const DATE = new RegExp(
  `^(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}|\\d{1,2}[- ]${MONTH}(?:[- ]\\d{2,4})?|${MONTH}[- ]\\d{1,4})(?:[T ]\\d.*)?$`,
  'i',
);
/** Blanks that a spreadsheet or a web page puts between thousands. */
const THOUSANDS = /^\d{1,3}(?:[,'’\s]\d{3})+$/u;
const TRUE = /^(?:true|yes|y|on|1|x|oui|vrai|o|ja|wahr|si|sí|verdadero|enabled|active|✓|✔|✅)$/i;
const FALSE = /^(?:false|no|n|off|0|non|faux|nein|falsch|falso|disabled|inactive|✗|✘|❌)$/i;
const ACTIVE = /^(?:active|enabled|true|yes|y|1|on|live|open|current|ok|oui|vrai|actif|active|aktiv|ja|activo|activa|a)$/i;
const INACTIVE =
  /^(?:inactive|disabled|deactivated|suspended|cancelled|canceled|closed|blocked|banned|terminated|expired|locked|false|no|n|0|off|non|faux|inactif|désactivé|desactive|désactivée|suspendu|annulé|résilié|inaktiv|gesperrt|nein|inactivo|i)$/i;
const MAX_SPREADSHEET_DIGITS = 15;

/** The text of a cell without what spreadsheets and databases put around it; undefined where there is nothing. */
export function readText(cell: Cell | undefined): Reading<string | undefined> {
  if (cell === null || cell === undefined) return NONE;
  if (cell instanceof Date)
    return { problem: `is a date (${cell.toISOString().slice(0, 10)}): the spreadsheet has taken the text for one. Type it again as text` };
  if (typeof cell !== 'string') return { value: String(cell) };
  const text = cell.replace(/^[\s\u200B\uFEFF]+|[\s\u200B\uFEFF]+$/gu, '');
  if (text === '' || NOTHING.test(text)) return NONE;
  const quoted = QUOTED_FORMULA.exec(text)?.[1];
  if (quoted !== undefined) return { value: quoted.replaceAll('""', '"').trim() };
  if (APOSTROPHE.test(text)) return { value: text.slice(1).trim() };
  if (FORMULA.test(text)) return { problem: 'is a formula. Replace it with its value (in a spreadsheet: copy, then paste values only)' };
  if (ERROR_VALUE.test(text)) return { problem: `is an error of the spreadsheet (${text}). Mend the formula there, or type the value` };
  if (text.includes('\uFFFD')) return { problem: 'holds a letter that was lost when the file was written. Export it again as UTF-8' };
  return { value: text };
}

/** Words on several lines become one line. */
export function readLine(cell: Cell | undefined): Reading<string | undefined> {
  const read = readText(cell);
  if (!('value' in read) || read.value === undefined || !/[\r\n\t]/.test(read.value)) return read;
  return { value: read.value.replace(/\s*[\r\n]+\s*/g, ', ').replace(/\s*\t\s*/g, ' '), mended: 'several lines became one' };
}

/** A whole number from 1 on, as far as it is certain. */
export function readId(cell: Cell | undefined): Reading<number | undefined> {
  if (cell instanceof Date)
    return {
      problem: `is a date (${cell.toISOString().slice(0, 10)}): the spreadsheet has taken the number for one. Type the number again, in a column of the kind "text"`,
    };
  const read = readText(cell);
  if (!('value' in read) || read.value === undefined) return read as Reading<undefined>;
  const text = read.value;
  if (EXPONENT.test(text))
    return {
      problem: `is ${text}: the spreadsheet has cut the number short, and its other digits are lost. Export it from where it came, with the column as text`,
    };
  if (DATE.test(text))
    return {
      problem: `is a date (${text}): the spreadsheet has taken the number for one. Type the number again, in a column of the kind "text"`,
    };
  const isGrouped = THOUSANDS.test(text);
  const digits = isGrouped ? text.replace(/\D/g, '') : text.replace(/^(\d+)[.,]0+$/, '$1');
  if (!/^\d+$/.test(digits)) return { problem: 'must be a whole number from 1 on' };
  const isFromSpreadsheet = typeof cell === 'number';
  const number = Number(digits);
  if (isFromSpreadsheet && digits.length > MAX_SPREADSHEET_DIGITS)
    return { problem: `has more than ${MAX_SPREADSHEET_DIGITS} digits, and a spreadsheet keeps no more of a number. Export it as text` };
  if (!Number.isSafeInteger(number) || number < 1) return { problem: 'must be a whole number from 1 to 9007199254740991' };
  return digits === text ? { value: number } : { value: number, mended: `${text} was read as ${digits}` };
}

/** Digits alone. `length` is how many there are to be, where that is known; `common` how many nearly all others of the column have. */
export function readCode(
  cell: Cell | undefined,
  { length, common }: { length: number | undefined; common: number | undefined },
): Reading<string | undefined> {
  if (cell instanceof Date) return { problem: 'is a date: the spreadsheet has taken the code for one. Export the column as text' };
  const read = readText(cell);
  if (!('value' in read) || read.value === undefined) return read;
  const text = read.value;
  if (EXPONENT.test(text))
    return { problem: 'was cut short by the spreadsheet (such as 1.23E+09), and its other digits are lost. Export the column as text' };
  const digits = text.replace(/[\s\-–.]|#$/gu, '');
  if (!/^\d+$/.test(digits)) return { problem: 'must be digits alone. Leave the cell empty to have a code drawn' };
  if (length !== undefined && digits.length < length)
    return { value: digits.padStart(length, '0'), mended: `zeros in front were put back to make ${length} digits` };
  if (length !== undefined && digits.length > length)
    return { problem: `has ${digits.length} digits, and codes were said to have ${length}` };
  if (common !== undefined && digits.length < common)
    return {
      problem: `has ${digits.length} digits where the others have ${common}: a spreadsheet may have dropped zeros in front. Say --code-length ${common} to put them back, or correct the cell`,
    };
  if (digits.length < SHORTEST_CODE || digits.length > LONGEST_CODE)
    return { problem: `must have ${SHORTEST_CODE} to ${LONGEST_CODE} digits, not ${digits.length}` };
  return digits === text ? { value: digits } : { value: digits, mended: 'blanks and hyphens were left out' };
}

export function readFlag(cell: Cell | undefined): Reading<boolean | undefined> {
  if (typeof cell === 'boolean') return { value: cell };
  const read = readText(cell);
  if (!('value' in read) || read.value === undefined) return read as Reading<undefined>;
  if (TRUE.test(read.value)) return { value: true };
  if (FALSE.test(read.value)) return { value: false };
  return { problem: `must be yes or no (also true, false, 1, 0, oui, non), not "${read.value}"` };
}

export function readStatus(
  cell: Cell | undefined,
  statuses: Readonly<Record<string, 'active' | 'inactive'>> = {},
): Reading<'active' | 'inactive' | undefined> {
  const own = cell === null || cell === undefined ? undefined : statuses[String(cell).trim().toLowerCase()];
  if (own !== undefined) return { value: own };
  if (typeof cell === 'boolean') return { value: cell ? 'active' : 'inactive' };
  const read = readText(cell);
  if (!('value' in read) || read.value === undefined) return read as Reading<undefined>;
  if (ACTIVE.test(read.value)) return { value: 'active' };
  if (INACTIVE.test(read.value)) return { value: 'inactive' };
  return {
    problem: `must say whether the client is active or inactive (also enabled, suspended, cancelled and the like), not "${read.value}"`,
  };
}

/** As it stands: a password may begin or end with anything but blanks. */
export function readSecret(cell: Cell | undefined): Reading<string | undefined> {
  if (cell === null || cell === undefined || cell === '') return NONE;
  return cell instanceof Date ? { problem: 'is a date. Export the column as text' } : { value: String(cell) };
}

/** A spreadsheet drops the zero in front of codes such as 02139. */
export function mendPostalCode(postalCode: string, country: string | undefined): Reading<string> {
  const isShort = /^\d{3,4}$/.test(postalCode) && country !== undefined && findCountry(country) === 'US';
  return isShort
    ? { value: postalCode.padStart(5, '0'), mended: 'the zeros in front were put back: a ZIP code has 5 digits' }
    : { value: postalCode };
}

/** "Lovelace, Ada" or "Ada Lovelace". Undefined where there is one word alone. */
export function splitName(name: string): { first: string; last: string } | undefined {
  const [, after, before] = /^([^,]+),\s*([^,]+)$/.exec(name) ?? [];
  if (after !== undefined && before !== undefined) return { first: before.trim(), last: after.trim() };
  const at = name.lastIndexOf(' ');
  return at === -1 ? undefined : { first: name.slice(0, at).trim(), last: name.slice(at + 1) };
}
