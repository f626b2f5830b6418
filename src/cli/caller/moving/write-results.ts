import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { NO_RESULT } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

const OWN_COLUMNS = [
  'Parley outcome',
  'Parley message',
  'Parley clientId',
  'Parley companyId',
  'Parley password',
  'Parley moderator pass code',
  'Parley participant pass code',
  'Parley hub',
] as const;

/** What a spreadsheet would take for a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[\s]*[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/**
 * The file's own columns, and beside them what became of each row. CSV in UTF-8 with a mark, so that spreadsheets read its letters; a cell that one would take for a
 * formula gets an apostrophe in front. Only its owner can read it.
 */
export async function writeResults(sheet: Worksheet, path: string): Promise<void> {
  const headings = JSON.parse(sheet.readMeta('headings') ?? '[]') as string[];
  const temporary = `${path}.part`;
  // What an earlier run has left may be readable by others.
  rmSync(temporary, { force: true });
  const file = createWriteStream(temporary, { mode: 0o600, flags: 'wx' });
  await once(file, 'open');
  file.write(`\uFEFF${toLine([...headings, ...OWN_COLUMNS])}`);
  for (const { cells, outcome, clientId, detail, result } of sheet.readAll()) {
    const told = result ?? { ...NO_RESULT, clientId };
    const message = result?.message ?? detail.problems.map(({ column, message: problem }) => `${column} ${problem}`).join('; ');
    const own = [
      result?.outcome ?? outcome,
      message,
      told.clientId,
      told.companyId,
      told.password,
      told.moderatorPassCode,
      told.participantPassCode,
      told.hubUrl,
    ];
    const padded = headings.map((_, at) => cells[at] ?? '');
    if (!file.write(toLine([...padded, ...own.map((cell) => String(cell ?? ''))]))) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  renameSync(temporary, path);
}

function toLine(cells: readonly string[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
