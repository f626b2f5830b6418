import type { Profile } from './profile.ts';

export type Side<Sample> = (seconds: number) => Promise<Sample>;

/** Runs the sides in turn, A B A B ..., after one unmeasured turn each; a list of samples for each side. */
export async function alternate<Sample, const Name extends string>(
  { rounds, seconds, warmUpSeconds }: Profile,
  sides: Readonly<Record<Name, Side<Sample>>>,
): Promise<Record<Name, Sample[]>> {
  const entries = Object.entries(sides) as [Name, Side<Sample>][];
  for (const [, run] of entries) await run(warmUpSeconds);
  const samples = Object.fromEntries(entries.map(([name]) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of entries) samples[name].push(await run(seconds));
  }
  return samples;
}
