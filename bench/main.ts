import { Lab } from './lab.ts';
import { describeMachine } from './machine.ts';
import { type Profile, readProfile, type SectionName, USAGE } from './profile.ts';
import { compareAdmission } from './sections/admission.ts';
import { compareApply } from './sections/apply.ts';
import { compareByHand } from './sections/by-hand.ts';
import { compareGet } from './sections/get.ts';
import { compareGrowth } from './sections/growth.ts';
import { comparePostgres } from './sections/postgres.ts';
import { showLayers } from './sections/layers.ts';
import { compareProvision } from './sections/provision.ts';
import { compareRepeat } from './sections/repeat.ts';
import { compareSearch, compareSearchOnPostgres } from './sections/search.ts';
import { compareStart } from './sections/start.ts';
import { compareTail } from './sections/tail.ts';
import { compareWriters } from './sections/writer.ts';

const COMPARE: Record<SectionName, (lab: Lab) => Promise<void>> = {
  'by-hand': compareByHand,
  get: compareGet,
  admission: compareAdmission,
  provision: compareProvision,
  repeat: compareRepeat,
  apply: compareApply,
  tail: compareTail,
  writer: compareWriters,
  layers: showLayers,
  start: compareStart,
  growth: compareGrowth,
  search: compareSearch,
  'search-postgres': compareSearchOnPostgres,
  postgres: comparePostgres,
};

// Ends what was started (those who started it listen for 'exit'), which the signal alone would not.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const profile = askedFor();
if (profile !== undefined) await run(profile);

/** Undefined where there is nothing to run: the usage has been printed. */
function askedFor(): Profile | undefined {
  try {
    const asked = readProfile();
    if (asked === undefined) console.log(USAGE);
    return asked;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function run(asked: Profile): Promise<void> {
  console.log(describeMachine());
  console.log(
    `Profile ${asked.name}: ${asked.rounds} rounds of ${asked.seconds} s for each side, in turn. Median of the rounds' ratios (lowest to highest).`,
  );
  for (const name of asked.sections) {
    const lab = new Lab(asked);
    try {
      await COMPARE[name](lab);
    } finally {
      await lab.clear();
    }
  }
}
