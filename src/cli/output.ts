import Table from 'cli-table3';

export interface OutputOptions {
  json?: boolean;
}

export const JSON_OPTION = ['--json', 'print JSON, for scripts'] as const;

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printTable(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  printLine(table.toString());
}

/** A time in ISO 8601, UTC, or a dash. */
export function showTime(at: number | undefined): string {
  return at === undefined ? '-' : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
