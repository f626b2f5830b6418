import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { printLine } from '../../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from '../connection.ts';
import { addFileOptions, FIELDS_HELP, type FileOptions, toMapping } from './file-options.ts';
import { makePlan, withWorksheet } from './make-plan.ts';
import { changesOf, faultsOf, type PlanSummary, printPlanLines, showFile, showPlan, summarise } from './show-plan.ts';
import { Worksheet } from './worksheet.ts';

interface PlanOptions extends CallerOptions, FileOptions {
  out?: string;
  all?: boolean;
}

const EXAMPLES = `
Examples:
  parley plan customers.csv
  parley plan export.xlsx --set company.enterpriseId=799 --set contact.country=Canada
  parley plan customers.csv --map client.externalId="Plan no." --save-mapping vendor.json
  parley plan customers.csv --mapping vendor.json --out customers.plan
  parley plan rooms.csv --from fusionpbx --set company.name=Analytical --set contact.country=CA
${FIELDS_HELP}

The exit code is 0 where there is nothing to do, 2 where something would change, 1 where a row is invalid or in conflict, or the plan could not be made.
Nothing is written on the server. A plan that is kept (--out) holds what the file holds, with mode 0600.`;

const EXIT_NOTHING = 0;
const EXIT_FAULTS = 1;
const EXIT_CHANGES = 2;

export function addPlanCommand(plan: Command): void {
  addFileOptions(addCallerOptions(plan.argument('<file>', 'CSV, NDJSON or XLSX, - for standard input, or a plan that was kept')))
    .option('--out <file>', 'keep the plan: "parley apply" carries it out, and refuses rows that have changed since')
    .option('--all', 'show every row that is not unchanged')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: PlanOptions) => {
      if (file !== '-' && existsSync(file) && Worksheet.isOne(file)) return showKept(file, options);
      await withServer(options, async (parley) => {
        process.exitCode = await withWorksheet(options.out, async (sheet) => {
          const report = await makePlan(sheet, file, parley, await toMapping(options), options);
          const summary = summarise(sheet);
          if (options.json) printPlanLines(sheet, summary);
          else {
            showFile(file, report, summary.rows);
            showPlan(sheet, summary, options.all === true);
            printLine(nextStep(file, options.out, changesOf(summary)));
          }
          return exitCodeOf(summary);
        });
      });
    });
}

function showKept(file: string, { json, all }: PlanOptions): void {
  const sheet = Worksheet.open(file);
  try {
    const summary = summarise(sheet);
    if (json) printPlanLines(sheet, summary);
    else showPlan(sheet, summary, all === true);
    process.exitCode = exitCodeOf(summary);
  } finally {
    sheet.close();
  }
}

function exitCodeOf(summary: PlanSummary): number {
  if (faultsOf(summary) > 0) return EXIT_FAULTS;
  return changesOf(summary) > 0 ? EXIT_CHANGES : EXIT_NOTHING;
}

function nextStep(file: string, out: string | undefined, changes: number): string {
  if (changes === 0) return '\nNothing would change.';
  if (out !== undefined) return `\nNothing was written. The plan is kept: parley apply ${out}`;
  return file === '-' ? '\nNothing was written.' : `\nNothing was written. To carry it out: parley apply ${file}`;
}
