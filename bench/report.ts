import type { Ratio } from './statistics.ts';

export interface Target {
  atLeast?: number;
  atMost?: number;
  /** Why this machine cannot tell whether it is met. */
  untold?: string | undefined;
}

const NAME_WIDTH = 76;

export function printHeading(title: string): void {
  console.log(`\n${title}`);
}

/** One ratio: the median of the rounds, their range, and whether it is on target. */
export function printRatio(name: string, { median, lowest, highest }: Ratio, target: Target = {}): void {
  const spread = `(${lowest.toFixed(2)} to ${highest.toFixed(2)})`;
  console.log(`  ${name.padEnd(NAME_WIDTH)} ${median.toFixed(2).padStart(6)} ${spread.padEnd(18)} ${judge(median, target)}`.trimEnd());
}

/** What the ratios were made of: on another machine another figure, so it has no target. */
export function printFact(name: string, value: number, unit: string): void {
  const text = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  console.log(`  ${name.padEnd(NAME_WIDTH)} ${text.padStart(6)} ${unit}`);
}

function judge(value: number, { atLeast, atMost, untold }: Target): string {
  if (untold !== undefined) return `target at ${atLeast === undefined ? `most ${atMost}` : `least ${atLeast}`}: ${untold}`;
  if (atLeast !== undefined) return `target at least ${atLeast}: ${value >= atLeast ? 'met' : 'MISSED'}`;
  if (atMost !== undefined) return `target at most ${atMost}: ${value <= atMost ? 'met' : 'MISSED'}`;
  return '';
}
