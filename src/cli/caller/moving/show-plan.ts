import { printLine } from '../../output.ts';
import { showValue } from '../show.ts';
import type { FileReport } from './fill-worksheet.ts';
import type { RowOutcome, SheetRow } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

/** In this order a reader wants them: what stops, then what changes. */
const OUTCOMES: readonly { outcome: RowOutcome; says: string }[] = [
  { outcome: 'invalid', says: 'cannot be read or would be refused' },
  { outcome: 'conflict', says: 'contradict each other or what is on record' },
  { outcome: 'create', says: 'new clients would be made' },
  { outcome: 'update', says: 'details would change' },
  { outcome: 'deactivate', says: 'pass codes would be refused' },
  { outcome: 'reactivate', says: 'pass codes would work again' },
  { outcome: 'unchanged', says: 'are as they are to be' },
  { outcome: 'repeated', says: 'say what an earlier row says, and are passed over' },
];
const SHOWN = 20;

export interface PlanSummary {
  rows: number;
  outcomes: Record<RowOutcome, number>;
  repaired: number;
}

export function summarise(sheet: Worksheet): PlanSummary {
  const counts = sheet.countOutcomes();
  const outcomes = Object.fromEntries(OUTCOMES.map(({ outcome }) => [outcome, counts[outcome] ?? 0])) as Record<RowOutcome, number>;
  return { rows: sheet.count(), outcomes, repaired: sheet.countRepaired() };
}

export function changesOf({ outcomes }: PlanSummary): number {
  return outcomes.create + outcomes.update + outcomes.deactivate + outcomes.reactivate;
}

export function faultsOf({ outcomes }: PlanSummary): number {
  return outcomes.invalid + outcomes.conflict;
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

export function showFile(path: string, { format, encoding, delimiter, columns, passedOver, presets }: FileReport, rows: number): void {
  const details = [
    format.toUpperCase(),
    encoding,
    delimiter === undefined ? undefined : (DELIMITERS[delimiter] ?? `"${delimiter}"`),
  ].filter(Boolean);
  printLine(`${path === '-' ? 'Standard input' : path}: ${details.join(', ')}; ${counted(rows, 'row')}.\n`);
  const width = Math.min(32, Math.max(...columns.map(({ heading }) => heading.length)));
  for (const { heading, field } of columns) if (heading !== '') printLine(`  ${heading.padEnd(width)}  ${field ?? '(not used)'}`);
  if (presets.length > 0) printLine(`\n${presets.join(', ')}: not taken over by plan and apply, which let Parley give new ones.`);
  if (passedOver.length > 0) {
    const told = passedOver.slice(0, SHOWN).map(({ row, why }) => `row ${row} (${why})`);
    printLine(`\nPassed over: ${told.join(', ')}${passedOver.length > SHOWN ? ' and more' : ''}.`);
  }
  printLine('');
}

/** What each kind of row would do, the first of each kind in full. */
export function showPlan(sheet: Worksheet, summary: PlanSummary, showsAll: boolean): void {
  for (const { outcome } of OUTCOMES) {
    const count = summary.outcomes[outcome];
    if (count === 0 || outcome === 'unchanged') continue;
    printSome(outcome, count, showsAll, sheet.readAll([outcome]), linesOf);
  }
  if (summary.repaired > 0) printLine(`${counted(summary.repaired, 'row')} with cells that were mended; --all and --json say which.\n`);
  for (const { outcome, says } of OUTCOMES)
    if (summary.outcomes[outcome] > 0) printCount(summary.outcomes[outcome], `${outcome.padEnd(10)}  ${says}`);
}

/** The first rows of a kind below its name, or all of them. */
export function printSome<Row>(
  title: string,
  count: number,
  showsAll: boolean,
  rows: Iterable<Row>,
  toLines: (row: Row) => readonly string[],
): void {
  printLine(title.charAt(0).toUpperCase() + title.slice(1));
  let shown = 0;
  for (const row of rows) {
    if (shown++ === SHOWN && !showsAll) break;
    for (const line of toLines(row)) printLine(`  ${line}`);
  }
  if (count > SHOWN && !showsAll) printLine(`  ... and ${(count - SHOWN).toLocaleString('en')} more; --all shows them`);
  printLine('');
}

export function printCount(count: number, says: string): void {
  printLine(`${count.toLocaleString('en').padStart(12)}  ${says}`);
}

function linesOf({ row, outcome, clientId, record, detail }: SheetRow): string[] {
  const { first = '', last = '' } = (record?.client ?? {}) as { first?: string; last?: string };
  const company = record?.company.name;
  const who = [clientId === null ? undefined : `client ${clientId}`, `${first} ${last}`.trim(), company].filter(Boolean).join(', ');
  const place = `row ${row}`.padEnd(10);
  const mended = detail.repairs.map(({ column, message }) => `mended: ${column}: ${message}`);
  if (detail.problems.length > 0)
    return [...detail.problems.map(({ column, message }) => `${place} ${column} ${message}`), ...indented(mended)];
  const changes =
    outcome === 'create' ? [] : detail.changes.map(({ field, from, to }) => `${field}: ${showValue(from)} -> ${showValue(to)}`);
  return [`${place} ${who}`, ...indented([...changes, ...mended])];
}

function indented(lines: string[]): string[] {
  return lines.map((line) => `${' '.repeat(11)}${line}`);
}

export function counted(count: number, one: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : `${one}s`}`;
}

/** One line of JSON for each row, then one for all. */
export function printPlanLines(sheet: Worksheet, summary: PlanSummary): void {
  for (const { row, outcome, clientId, externalId, detail } of sheet.readAll())
    printLine(JSON.stringify({ row, outcome, clientId, externalId, ...detail }));
  printLine(JSON.stringify({ summary }));
}
