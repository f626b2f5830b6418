import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { OperatorError } from '../../../domain/errors.ts';
import type { Parley } from '../../../../sdk/src/index.ts';
import { printJson, printLine } from '../../output.ts';
import { confirm } from '../ask.ts';
import { addCallerOptions, type CallerOptions, withServer } from '../connection.ts';
import { explain } from '../explain.ts';
import { readWholeNumber } from '../read-record.ts';
import type { Target } from '../target.ts';
import { applyRows, type Ending } from './apply-rows.ts';
import { checkBrake, type MaxDeactivate, readMaxDeactivate, STANDARD_MAX_DEACTIVATE } from './brake.ts';
import { addFileOptions, FIELDS_HELP, type FileOptions, toMapping } from './file-options.ts';
import { digestOf } from './fill-worksheet.ts';
import { plainFetch } from './plain-fetch.ts';
import { makePlan } from './make-plan.ts';
import { startProgress } from './progress.ts';
import { changesOf, counted, faultsOf, printCount, printPlanLines, showFile, showPlan, summarise } from './show-plan.ts';
import { Worksheet } from './worksheet.ts';
import { writeResults } from './write-results.ts';

interface ApplyOptions extends CallerOptions, FileOptions {
  yes?: boolean;
  dryRun?: boolean;
  all?: boolean;
  results?: string;
  maxDeactivate: MaxDeactivate;
  maxErrors: number;
  concurrency: number;
  patience: number;
  restart?: boolean;
}

const EXAMPLES = `
Examples:
  parley apply customers.csv
  parley apply customers.plan --yes
  parley apply customers.csv --mapping vendor.json --max-deactivate 10% --results moved.csv

It says what would change and asks. Rows that are invalid or in conflict are left out, and the others are carried out. A run that ends early (Ctrl-C, a crash, a lost
network) goes on where it was when the same command is repeated: its progress is in FILE.parley, which is removed at the end. To repeat the whole command is safe.
The results file has the columns of the file, and ids, passwords and pass codes beside them: mode 0600.
${FIELDS_HELP}

The exit code is 0 where every row is as it is to be, 1 where one is not (the results file says why).`;

export function addApplyCommand(apply: Command): void {
  addFileOptions(addCallerOptions(apply.argument('<file>', 'CSV, NDJSON or XLSX, or a plan that "parley plan --out" has kept')))
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--all', 'show every row that is not unchanged')
    .option('--results <file>', 'otherwise FILE-results.csv')
    .addOption(
      new Option(
        '--max-deactivate <n>',
        'stop before the first change where more clients would be deactivated: a number, or a share of the active ones',
      )
        .argParser(readMaxDeactivate)
        .default(STANDARD_MAX_DEACTIVATE, '5%'),
    )
    .option('--max-errors <n>', 'stop after so many rows that could not be carried out', readWholeNumber(1, 1_000_000), 50)
    .option(
      '--concurrency <n>',
      'calls under way at most; how many there are is found by what the server takes',
      readWholeNumber(1, 256),
      32,
    )
    .option('--patience <seconds>', 'how long to go on trying while the server gives no answer', readWholeNumber(1, 86_400), 300)
    .option('--restart', 'forget the progress of an earlier run')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: ApplyOptions) => {
      if (file === '-') apply.error('error: give the name of a file: the progress is kept beside it');
      await withServer(
        options,
        async (parley, target) => {
          process.exitCode = await run(file, parley, target, options);
        },
        plainFetch,
      );
    });
}

async function run(file: string, parley: Parley, target: Target, options: ApplyOptions): Promise<number> {
  const results = options.results ?? `${file.replace(/\.(?:csv|tsv|txt|ndjson|jsonl|xlsx|plan)$/i, '')}-results.csv`;
  const { sheet, isOld, isSaved } = await openSheet(file, parley, options);
  try {
    const summary = summarise(sheet);
    if (options.dryRun && options.json) printPlanLines(sheet, summary);
    if (isOld && !options.json) showPlan(sheet, summary, options.all === true);
    if (options.dryRun) {
      // The progress of an earlier run is kept, as a plan is.
      if (!isOld) sheet.remove();
      return faultsOf(summary) > 0 ? 1 : 0;
    }
    const pending = sheet.countPending();
    if (pending > 0) {
      await checkBrake(parley, sheet.countPending('deactivate'), options.maxDeactivate);
      const question = `Carry out ${counted(pending, 'row')} at ${parley.url}?`;
      if (!options.yes && !(await confirm(question))) throw new OperatorError('Nothing was changed.');
    }
    const ending = await carryOutAll(sheet, parley, options, isOld, pending);
    await writeResults(sheet, results);
    return conclude(sheet, { ending, results, file, isSaved, target, json: options.json });
  } finally {
    sheet.close();
  }
}

/** The plan that was kept, the progress of an earlier run, or a new plan of the file. */
async function openSheet(
  file: string,
  parley: Parley,
  options: ApplyOptions,
): Promise<{ sheet: Worksheet; isOld: boolean; isSaved: boolean }> {
  if (!existsSync(file)) throw new OperatorError(`${file} cannot be read: ENOENT. Give the name of a file.`);
  if (Worksheet.isOne(file)) return { sheet: check(Worksheet.open(file), file, parley), isOld: true, isSaved: true };
  const path = `${file}.parley`;
  const mapping = await toMapping(options);
  if (existsSync(path)) {
    const kept = Worksheet.open(path);
    const isPlanned = kept.readMeta('plannedAt') !== undefined;
    if (isPlanned && !options.restart) {
      if (kept.readMeta('source') !== (await digestOf(file, mapping))) {
        kept.close();
        throw new OperatorError(
          `${path} holds the progress of a run with another content of ${file}, or with other options. Repeat it as it was, or forget it: --restart`,
        );
      }
      const total = changesOf(summarise(check(kept, path, parley)));
      if (!options.json)
        printLine(`Going on with a run that was broken off: ${counted(total - kept.countPending(), 'row')} of ${total} are done.`);
      return { sheet: kept, isOld: true, isSaved: false };
    }
    kept.remove();
  }
  const sheet = Worksheet.create(path);
  try {
    sheet.writeMeta('source', await digestOf(file, mapping));
    const report = await makePlan(sheet, file, parley, mapping, options);
    const summary = summarise(sheet);
    if (!options.json) {
      showFile(file, report, summary.rows);
      showPlan(sheet, summary, options.all === true);
      printLine('');
    }
    return { sheet, isOld: false, isSaved: false };
  } catch (error) {
    sheet.remove();
    throw error;
  }
}

function check(sheet: Worksheet, path: string, parley: Parley): Worksheet {
  const url = sheet.readMeta('url');
  if (sheet.readMeta('plannedAt') === undefined) throw new OperatorError(`${path} is a plan that was not completed. Make it again.`);
  if (url !== parley.url) throw new OperatorError(`${path} was made for ${url}, and this is ${parley.url}.`);
  return sheet;
}

async function carryOutAll(sheet: Worksheet, parley: Parley, options: ApplyOptions, isOld: boolean, pending: number): Promise<Ending> {
  const stop = new AbortController();
  const interrupt = (): void => {
    process.stderr.write('\nEnding: calls under way are waited for.\n');
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progress = startProgress('Applying', pending, options);
  const limits = { concurrency: options.concurrency, maxErrors: options.maxErrors, patienceMs: options.patience * 1_000 };
  try {
    const tell = (done: number, { limit }: { limit: number }): void => progress.show(done, `${limit} at once`);
    return await applyRows(sheet, parley, limits, { tell, signal: stop.signal }, isOld);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

interface Conclusion {
  ending: Ending;
  results: string;
  file: string;
  isSaved: boolean;
  target: Target;
  json: boolean | undefined;
}

function conclude(sheet: Worksheet, { ending, results, file, isSaved, target, json }: Conclusion): number {
  const summary = summarise(sheet);
  const counts = sheet.countResults();
  const left = sheet.countPending();
  if (json) printJson({ ended: ending.kind, applied: counts, left, plan: summary, results });
  else {
    for (const [outcome, count] of Object.entries(counts)) printCount(count, outcome);
    if (faultsOf(summary) > 0) printCount(faultsOf(summary), 'left out: invalid or in conflict');
    if (changesOf(summary) === 0) printLine('Nothing had to be changed.');
    printLine(`\nWhat became of each row is in ${results}. It holds pass codes and passwords: only you can read it.`);
  }
  if (ending.kind === 'complete') {
    if (!isSaved) sheet.remove();
    return (counts.failed ?? 0) + faultsOf(summary) > 0 ? 1 : 0;
  }
  throw new OperatorError(
    `${whyItEnded(ending, target)}\n${counted(left, 'row')} left. To go on: parley apply ${file} with the same options.`,
  );
}

function whyItEnded(ending: Exclude<Ending, { kind: 'complete' }>, target: Target): string {
  if (ending.kind === 'interrupted') return 'Interrupted.';
  if (ending.kind === 'too many errors') return 'Stopped: too many rows could not be carried out (--max-errors).';
  return `Stopped. ${(explain(ending.error, target) as Error).message}`;
}
