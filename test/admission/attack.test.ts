import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { expectedHits, mostGuesses } from '../../src/domain/guessing.ts';
import { admitCaller } from '../../src/operations/admission/admit-caller.ts';
import { type Battlefield, makeBattlefield } from '../support/attack.ts';
import { ENGINE } from '../support/database.ts';

const HOUR_MS = 3_600_000;
const STEPS_AN_HOUR = 12;
const NUMBERS = ['+15145550100', '+15145550101', '+15145550102', '+15145550103'];
const QUIET_NUMBER = '+15145550109';
const CLIENTS = 200;
const REGULARS = 50;
const AT_ONCE = 500;
const IS_WHOLE = process.env.FAULTS === 'all';
const ON_POSTGRES = ENGINE === 'postgres';
/** A million in the campaign. On PostgreSQL each look-up is a message to another process: there the attack does not last as long. */
const DAY: Attack = {
  ...(IS_WHOLE
    ? { hours: ON_POSTGRES ? 6 : 24, guesses: ON_POSTGRES ? 250_000 : 1_000_000 }
    : { hours: ON_POSTGRES ? 4 : 24, guesses: ON_POSTGRES ? 4_000 : 100_000 }),
  isSmart: false,
};
const SMART: Attack = {
  ...(IS_WHOLE
    ? { hours: ON_POSTGRES ? 3 : 6, guesses: ON_POSTGRES ? 50_000 : 100_000 }
    : { hours: ON_POSTGRES ? 3 : 6, guesses: ON_POSTGRES ? 3_000 : 20_000 }),
  isSmart: true,
};
/** The guesser knows a part of the space in which one code in fifty is somebody's: hundreds of thousands of times as dense as the real pool. */
const DENSITY = 1 / 50;

interface Attack {
  hours: number;
  guesses: number;
  /** Whether it keys each code twice, to draw on what is kept for people who do. */
  isSmart: boolean;
}

interface Outcome {
  hits: number;
  regulars: number;
  attacked: number;
  quiet: number;
}

const asText = (n: number): string => n.toLocaleString('en');

test(`${DAY.hours} simulated hours of ${asText(DAY.guesses)} guesses from 20,000 callers over four numbers (the operation over a real store, on a turned clock): hits stay within what is promised, and honest callers get in`, async (t) => {
  const field = await makeBattlefield(CLIENTS, [...NUMBERS, QUIET_NUMBER]);
  t.after(() => field.close());
  const outcome = await fight(field, DAY);
  assertPromise(t, field, outcome, DAY);
  assert.ok(
    outcome.attacked > 0.95 * stepsOf(DAY),
    `${outcome.attacked} of ${stepsOf(DAY)} first-time callers at an attacked number, who call again where they are refused`,
  );
});

test(`a guesser who keys each code twice, ${asText(SMART.guesses)} times, gets no further than is promised, and keeps out no caller who was in before, or calls elsewhere`, async (t) => {
  const field = await makeBattlefield(CLIENTS, [...NUMBERS, QUIET_NUMBER]);
  t.after(() => field.close());
  const outcome = await fight(field, SMART);
  assertPromise(t, field, outcome, SMART);
  assert.ok(
    outcome.quiet > 0.95 * stepsOf(SMART),
    `${outcome.quiet} of ${stepsOf(SMART)} first-time callers at a number that nobody attacks, who call again where they are refused`,
  );
});

async function fight({ desk, bridge, codes, advance }: Battlefield, { isSmart, ...asked }: Attack): Promise<Outcome> {
  const steps = stepsOf(asked);
  const outcome: Outcome = { hits: 0, regulars: 0, attacked: 0, quiet: 0 };
  let calls = 0;
  const ask = async (caller: string, digits: string, accessNumber: string, callId = `call ${++calls}`): Promise<boolean> =>
    (await admitCaller(desk, bridge, { callId, digits, caller, accessNumber })).action === 'accept';
  const askTwice = async (caller: string, digits: string, accessNumber: string): Promise<boolean> =>
    (await ask(caller, digits, accessNumber)) || (await ask(caller, digits, accessNumber));
  const codeOf = (i: number): string => codes[i % CLIENTS] as string;
  const numberOf = (i: number): string => NUMBERS[i % NUMBERS.length] as string;
  const callRegularly = (i: number): Promise<boolean> => ask(`+1416555${2000 + (i % REGULARS)}`, codeOf(i % REGULARS), numberOf(i));
  for (let i = 0; i < REGULARS; i++) assert.ok(await callRegularly(i));
  await desk.legs.flush();

  const draw = (): string =>
    Math.random() < DENSITY ? codeOf(Math.floor(Math.random() * CLIENTS)) : String(1e9 + Math.floor(Math.random() * 9e9));
  // Two tries in a call, and each call from another of the many callers.
  const attack = async (call: number): Promise<void> => {
    const [first, second] = [draw(), draw()];
    for (const digits of [first, isSmart ? first : second])
      if (await ask(`+4420${70_000_000 + (call % 20_000)}`, digits, numberOf(call), `attack ${call}`)) outcome.hits++;
  };
  for (let step = 0; step < steps; step++) {
    const [from, to] = [step, step + 1].map((n) => Math.floor((asked.guesses * n) / steps / 2)) as [number, number];
    for (let i = from; i < to; i += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, to - i) }, (_, j) => attack(i + j)));
    if (await callRegularly(step)) outcome.regulars++;
    const digits = codeOf(REGULARS + (step % (CLIENTS - REGULARS)));
    if (await askTwice(`+1647${5_550_000 + step}`, digits, numberOf(step))) outcome.attacked++;
    if (await askTwice(`+1437${5_550_000 + step}`, digits, QUIET_NUMBER)) outcome.quiet++;
    advance(HOUR_MS / STEPS_AN_HOUR);
    if (step % STEPS_AN_HOUR === 0) await desk.store.admission.sweep(desk.now());
  }
  return outcome;
}

function stepsOf({ hours }: Pick<Attack, 'hours'>): number {
  return hours * STEPS_AN_HOUR;
}

function assertPromise(t: TestContext, { desk, ...field }: Battlefield, outcome: Outcome, { guesses, hours }: Attack): void {
  const steps = stepsOf({ hours });
  // Those that are under way when a bucket fills come on top, once: they are counted, and what is over has to leak first.
  const promised = mostGuesses(desk.limits, hours) + AT_ONCE;
  const misses = field.evaluated();
  assert.ok(misses <= promised, `${misses} misses were looked up, ${promised} are promised at most`);
  const expected = promised * DENSITY;
  assert.ok(outcome.hits <= expected + 6 * Math.sqrt(expected), `${outcome.hits} hits, ${expected} are promised at most on average`);
  const { hits, ...honest } = outcome;
  t.diagnostic(
    `${asText(guesses)} guesses: ${asText(misses)} misses looked up of ${asText(promised)} promised at most, ${hits} hits at a density of ${DENSITY}`,
  );
  t.diagnostic(
    `at the real density of ${2 * CLIENTS} codes the promise is ${expectedHits(promised, 2 * CLIENTS).toExponential(2)} hits in that time`,
  );
  t.diagnostic(`let in of ${steps} each: ${JSON.stringify(honest)}; events: ${field.alarms()}`);
  assert.equal(outcome.regulars, steps, 'who was let in before is let in');
  // One an hour at most for each of the numbers and its share, the bridge, the whole and the reserve.
  assert.ok(field.alarms() > 0 && field.alarms() <= (2 * NUMBERS.length + 5) * (hours + 1), `${field.alarms()} events`);
}
