import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mapping } from '../../../domain/moving/mapping.ts';
import type { Parley } from '../../../../sdk/src/index.ts';
import { decideRows, settleDoubled } from './decide-rows.ts';
import type { FileOptions } from './file-options.ts';
import { type FileReport, FIELDS_OF_A_PLAN, fillWorksheet } from './fill-worksheet.ts';
import { startProgress } from './progress.ts';
import { Worksheet } from './worksheet.ts';

/** Reads the file into the worksheet and asks the server what each row would do. */
export async function makePlan(
  sheet: Worksheet,
  path: string,
  parley: Parley,
  mapping: Mapping,
  options: FileOptions & { json?: boolean },
): Promise<FileReport> {
  // Who may not ask is told so before a file of a million rows is read.
  await parley.identify();
  const report = await fillWorksheet(sheet, path, { options, mapping, needed: FIELDS_OF_A_PLAN });
  sheet.writeMeta('url', parley.url);
  settleDoubled(sheet);
  const columns = new Map(report.columns.flatMap(({ heading, field }) => (field === null ? [] : [[field, heading] as const])));
  const progress = startProgress('Comparing', sheet.count(), options);
  try {
    await decideRows(sheet, parley, columns, (done) => progress.show(done));
  } finally {
    progress.stop();
  }
  sheet.writeMeta('plannedAt', new Date().toISOString());
  return report;
}

/** A worksheet that is gone when the work is done, for a plan that nobody asked to keep. */
export async function withWorksheet<T>(path: string | undefined, use: (sheet: Worksheet) => Promise<T>): Promise<T> {
  const directory = path === undefined ? mkdtempSync(join(tmpdir(), 'parley-plan-')) : undefined;
  const sheet = Worksheet.create(path ?? join(directory as string, 'plan'));
  const forget = (): void => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', forget);
  try {
    const answer = await use(sheet);
    sheet.close();
    return answer;
  } catch (error) {
    sheet.remove();
    throw error;
  } finally {
    forget();
    process.off('exit', forget);
  }
}
