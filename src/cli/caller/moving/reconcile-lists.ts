import { NEEDED } from '../../../domain/moving/fields.ts';
import { printLine } from '../../output.ts';
import { type CallerOptions, withServer } from '../connection.ts';
import { showValue } from '../show.ts';
import { compareLists } from './compare-lists.ts';
import { decideRows, settleDoubled } from './decide-rows.ts';
import { type FileOptions, toMapping } from './file-options.ts';
import { fillWorksheet } from './fill-worksheet.ts';
import { withWorksheet } from './make-plan.ts';
import { startProgress } from './progress.ts';
import { counted, printCount, printSome, showFile } from './show-plan.ts';
import { type Drift, DRIFTS, fieldsOf, type SheetRow } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

export interface ReconcileListOptions extends CallerOptions, FileOptions {
  plan?: string;
  all?: boolean;
}

const IDS: readonly (readonly string[])[] = [['client.externalId', 'clientId']];

const SAYS: Readonly<Record<Drift, string>> = {
  'missing here': 'are on the list, and Parley does not know them',
  'missing there': 'are active here, and not on the list',
  'state differs': 'are active on one side alone',
  differs: 'have other details',
  doubled: 'are on the list more than once',
};

/** The caller's own list against what is on record. Changes nothing on the server. */
export async function reconcileList(snapshot: string, options: ReconcileListOptions): Promise<void> {
  await withServer(options, async (parley) => {
    process.exitCode = await withWorksheet(options.plan, async (sheet) => {
      const mapping = await toMapping(options);
      const { clients } = await parley.statistics();
      const report = await fillWorksheet(sheet, snapshot, { options, mapping, needed: IDS });
      const rows = sheet.count();
      sheet.writeMeta('url', parley.url);
      settleDoubled(sheet);
      settleUnreadable(sheet);
      const progress = startProgress(
        'Comparing',
        Object.values(clients).reduce((sum, count) => sum + count, 0),
        options,
      );
      try {
        await compareLists(sheet, parley, (done) => progress.show(done));
      } finally {
        progress.stop();
      }
      const drift = sheet.countDrift();
      const invalid = sheet.countOutcomes().invalid ?? 0;
      if (options.json) printLines(sheet, { rows, drift, invalid });
      else {
        showFile(snapshot, { ...report, presets: [] }, rows);
        showDrift(sheet, drift, { rows, invalid, showsAll: options.all === true });
      }
      if (options.plan !== undefined) {
        planAgainst(sheet);
        await decideRows(sheet, parley, new Map(), () => {});
        sheet.writeMeta('plannedAt', new Date().toISOString());
        if (!options.json)
          printLine(
            `\nA plan that makes Parley as the list is: parley plan ${options.plan} shows it, parley apply ${options.plan} carries it out.`,
          );
      }
      if (invalid > 0 && !options.json) process.stderr.write(`${counted(invalid, 'row')} could not be read, and were not compared.\n`);
      return invalid > 0 || Object.keys(drift).length > 0 ? 1 : 0;
    });
  });
}

/** A row whose id cannot be read is nobody's. */
function settleUnreadable(sheet: Worksheet): void {
  for (const rows of pagesOf(sheet))
    sheet.write(() => {
      for (const row of rows) {
        if (row.detail.problems.length > 0) sheet.decide(row.row, { ...row, outcome: 'invalid' });
        else if (row.externalId === null && row.clientId === null)
          sheet.decide(row.row, {
            ...row,
            outcome: 'invalid',
            detail: { ...row.detail, problems: [{ column: 'client.externalId', message: 'is missing' }] },
          });
      }
    });
}

/** A list often has ids and states alone. What it does not say is not changed. */
function planAgainst(sheet: Worksheet): void {
  for (const rows of pagesOf(sheet))
    sheet.write(() => {
      for (const row of rows) {
        const said = fieldsOf(row.record);
        const missing = NEEDED.filter((field) => said[field] === undefined);
        if (missing.length === 0) continue;
        if (row.drift === 'state differs') {
          sheet.decide(row.row, { ...row, outcome: row.status === 'active' ? 'reactivate' : 'deactivate' });
          sheet.keepStateOnly(row.row);
        } else {
          const problems = [{ column: missing.join(', '), message: 'would be needed to change this, and the list does not have it' }];
          sheet.decide(row.row, { ...row, outcome: 'invalid', detail: { ...row.detail, problems } });
        }
      }
    });
}

const PAGE = 1_000;

function* pagesOf(sheet: Worksheet): Generator<SheetRow[], void, undefined> {
  for (let after = 0; ;) {
    const rows = sheet.readUndecided(after, PAGE);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.row;
    yield rows;
  }
}

function showDrift(
  sheet: Worksheet,
  counts: Partial<Record<Drift, number>>,
  { rows, invalid, showsAll }: { rows: number; invalid: number; showsAll: boolean },
): void {
  for (const drift of DRIFTS) {
    const count = counts[drift] ?? 0;
    if (count === 0) continue;
    printSome(drift, count, showsAll, sheet.readDrift(drift), linesOf);
  }
  for (const drift of DRIFTS) if (counts[drift]) printCount(counts[drift], `${drift.padEnd(13)}  ${SAYS[drift]}`);
  if (invalid > 0) printCount(invalid, 'invalid        cannot be read; --json says why');
  const told = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (told + invalid === 0) printLine(`Both sides agree on ${counted(rows, 'row')}.`);
}

function linesOf({ row, drift, clientId, externalId, detail }: SheetRow): string[] {
  if (drift === 'missing there') return detail.problems.map(({ column, message }) => `${column} ${message}`);
  const who = [externalId === null ? undefined : `your id ${externalId}`, clientId === null ? undefined : `client ${clientId}`]
    .filter(Boolean)
    .join(', ');
  const changes = detail.changes.map(({ field, from, to }) => `${field}: ${showValue(from)} here, ${showValue(to)} on the list`);
  const problems = detail.problems.map(({ message }) => message);
  return [`${`row ${row}`.padEnd(10)} ${who}`, ...[...changes, ...problems].map((line) => `${' '.repeat(11)}${line}`)];
}

function printLines(sheet: Worksheet, summary: { rows: number; drift: Partial<Record<Drift, number>>; invalid: number }): void {
  for (const { row, drift, outcome, clientId, externalId, cells, detail } of sheet.readAll()) {
    if (drift === null && outcome !== 'invalid') continue;
    printLine(JSON.stringify({ row: cells.length === 0 ? null : row, drift: drift ?? 'invalid', clientId, externalId, ...detail }));
  }
  printLine(JSON.stringify({ summary }));
}
