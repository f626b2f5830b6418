import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from './simulation/database.ts';
import { type Mutant, MUTANTS } from './simulation/store.ts';
import { World } from './simulation/world.ts';

/** `npm run test:faults` asks for all of them; SEED=n plays one course alone. */
const SEEDS = process.env.FAULTS === 'all' ? 3_000 : 60;
const FIRST_SEED = Number(process.env.SEED ?? 1);
const SEEDS_FOR_A_MUTANT = 500;
/** Long after the last call was acknowledged. */
const STEPS_TO_DIE_AT = 250;

interface Outcome {
  seeds: number;
  steps: number;
  crashes: number;
  acknowledged: number;
  failed: { seed: number; violation: string } | undefined;
}

/** Plays courses until one breaks a promise. */
async function play(seeds: number, mutant?: Mutant): Promise<Outcome> {
  const database = await openDatabase();
  const outcome: Outcome = { seeds: 0, steps: 0, crashes: 0, acknowledged: 0, failed: undefined };
  try {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds && outcome.failed === undefined; seed++) {
      const { steps, crashes, acknowledged, violation } = await new World(seed, database, { mutant }).play();
      outcome.seeds++;
      outcome.steps += steps;
      outcome.crashes += crashes;
      outcome.acknowledged += acknowledged;
      if (violation !== undefined) outcome.failed = { seed, violation };
    }
  } finally {
    await database.close();
  }
  return outcome;
}

const count = process.env.SEED === undefined ? SEEDS : 1;

test(`the platform keeps its promises at a vendor in ${count} courses of events`, { timeout: 3_600_000 }, async (t) => {
  const { seeds, steps, crashes, acknowledged, failed } = await play(count);
  t.diagnostic(
    `${seeds} courses, ${steps} steps, ${crashes} crashes, ${acknowledged} calls acknowledged, ${failed ? 1 : 0} promises broken`,
  );
  assert.equal(failed, undefined, failed && `SEED=${failed.seed}: ${failed.violation}`);
});

for (const mutant of MUTANTS) {
  test(`${mutant}: found out within ${SEEDS_FOR_A_MUTANT} courses`, { timeout: 600_000 }, async (t) => {
    const { seeds, failed } = await play(SEEDS_FOR_A_MUTANT, mutant);
    assert.ok(failed, `${seeds} courses, and nothing was wrong`);
    t.diagnostic(`found in course ${seeds}: ${failed.violation}`);
  });
}

test('a node that dies after any of its steps, in calls to a vendor of each class, leaves nothing undone and nothing done twice', async (t) => {
  const database = await openDatabase();
  let deaths = 0;
  try {
    for (const seed of [1, 2, 3]) {
      for (let dieAt = 1, isLongEnough = true; isLongEnough; dieAt++) {
        const { steps, crashes, violation } = await new World(seed, database, { dieAt }).play();
        assert.equal(violation, undefined, `seed ${seed}, dead at step ${dieAt}: ${violation}`);
        isLongEnough = steps > dieAt && dieAt < STEPS_TO_DIE_AT;
        deaths += crashes;
      }
    }
  } finally {
    await database.close();
  }
  t.diagnostic(`${deaths} deaths, each at another step`);
});
