const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_LINES = 50;

/** `sep=;` in the first line: a spreadsheet's own way to say it. */
const ANNOUNCED = /^\uFEFF?"?sep=([,;\t|])"?\r?\n/i;

export interface FoundDelimiter {
  delimiter: string;
  /** How many characters come before the table. */
  skip: number;
}

/** The character that cuts the most lines of the sample into the same number of cells, two or more. Cells in quotation marks are looked over. */
export function findDelimiter(sample: string): FoundDelimiter {
  const announced = ANNOUNCED.exec(sample);
  if (announced !== null) return { delimiter: announced[1] as string, skip: announced[0].length };
  const lines = linesOf(sample);
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(lines.map((line) => line.split(delimiter).length));
    if (score > best.score) best = { delimiter, score };
  }
  return { delimiter: best.delimiter, skip: 0 };
}

/** Lines with the commonest number of cells, and a little for each cell, so that of two that fit alike the one with more cells wins. */
function scoreOf(counts: readonly number[]): number {
  const lines = new Map<number, number>();
  for (const count of counts) if (count > 1) lines.set(count, (lines.get(count) ?? 0) + 1);
  return Math.max(0, ...[...lines].map(([cells, number]) => number + cells / 1000));
}

/** What stands in quotation marks is left out; a quotation mark counts only where a cell begins. */
function linesOf(sample: string): string[] {
  const plain = sample.replace(/(?<=^|[,;\t|\n])"(?:[^"]|"")*"/g, '');
  const lines = plain.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  // The last line of the sample may be cut off.
  return (lines.length > 1 ? lines.slice(0, -1) : lines).slice(0, SAMPLE_LINES);
}
