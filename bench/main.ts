import { Lab } from './lab.ts';
import { describeMachine } from './machine.ts';
import { readProfile, type SectionName } from './profile.ts';
import { compareGet } from './sections/get.ts';
import { compareGrowth } from './sections/growth.ts';
import { compareProvision } from './sections/provision.ts';
import { compareRepeat } from './sections/repeat.ts';
import { compareTail } from './sections/tail.ts';
import { compareWriters } from './sections/writer.ts';

const COMPARE: Record<SectionName, (lab: Lab) => Promise<void>> = {
  get: compareGet,
  provision: compareProvision,
  repeat: compareRepeat,
  tail: compareTail,
  writer: compareWriters,
  growth: compareGrowth,
};

const profile = readProfile();
console.log(describeMachine());
console.log(
  `Profile ${profile.name}: ${profile.rounds} rounds of ${profile.seconds} s for each side, in turn. Median of the rounds' ratios (lowest to highest).`,
);
for (const name of profile.sections) {
  const lab = new Lab(profile);
  try {
    await COMPARE[name](lab);
  } finally {
    await lab.clear();
  }
}
