import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { diagnose } from '../operations/doctor/diagnose.ts';
import type { Finding } from '../operations/doctor/finding.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from './output.ts';

const MARK: Readonly<Record<Finding['result'], string>> = { ok: '✓', warning: '!', problem: '✗' };

export function addDoctorCommand(doctor: Command): void {
  doctor.option(...JSON_OPTION).action(async (options: OutputOptions) => {
    const findings = await diagnose(readConfig(), Date.now());
    if (options.json) printJson(findings);
    else for (const { check, result, detail } of findings) printLine(`${MARK[result]} ${check.padEnd(11)} ${detail}`);
    if (findings.some(({ result }) => result === 'problem')) process.exitCode = 1;
  });
}
