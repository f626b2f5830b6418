import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBridge } from '../support/admission.ts';
import { DEACTIVATE } from '../support/bodies.ts';
import { ENGINE } from '../support/database.ts';
import { startTestServer } from '../support/server.ts';

const UNLIMITED = {
  PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: '3600000',
  PARLEY_ADMISSION_MISSES_PER_NUMBER_HOUR: '3600000',
  PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR: '3600000',
  PARLEY_ADMISSION_MISSES_PER_HOUR: '3600000',
};
const TRIES = ENGINE === 'sqlite' || process.env.FAULTS === 'all' ? 10_000 : 2_000;
const AT_ONCE = 40;
const CLIENTS = 50;

test(`no answer and no timing of ${TRIES} tries each tells an inactive code from an unknown one`, async (t) => {
  const server = await startTestServer(t, UNLIMITED);
  const bridge = await makeBridge(server);
  const codes: string[] = [];
  for (let i = 0; i < CLIENTS; i++) {
    const { clientId, passCodes } = (await server.provision({ client: { externalId: i + 1 } })).data;
    await server.post(DEACTIVATE, { clientId });
    codes.push(passCodes.moderatorPassCode);
  }
  const answers = new Set<string>();
  const timed = async (digits: string): Promise<number> => {
    const from = performance.now();
    answers.add((await bridge.ask({ digits, caller: `+1647555${1000 + (Math.floor(from) % 9000)}` })).text);
    return performance.now() - from;
  };
  // Side by side, and by lot which of two goes first: whatever else this machine does, and its queues, slow both.
  const [unknown, inactive]: [number[], number[]] = [[], []];
  for (let done = 0; done < TRIES; done += AT_ONCE) {
    const pairs = Array.from({ length: AT_ONCE }, async (_, i) => {
      const digits = codes[(done + i) % CLIENTS] as string;
      const other = String(1e9 + Math.floor(Math.random() * 9e9));
      const isUnknownFirst = Math.random() < 0.5;
      const [first, second] = isUnknownFirst ? [other, digits] : [digits, other];
      const times = [await timed(first), await timed(second)] as const;
      const [ofUnknown, ofInactive] = isUnknownFirst ? times : [times[1], times[0]];
      unknown.push(ofUnknown);
      inactive.push(ofInactive);
    });
    await Promise.all(pairs);
  }
  assert.deepEqual([...answers], ['{"action":"reject","reason":"not_recognised","triesLeft":2}']);
  const told = advantage(unknown, inactive);
  t.diagnostic(
    `the slower of two is the unknown one in ${((0.5 + told) * 100).toFixed(2)} % of cases; medians ${median(unknown)} and ${median(inactive)} ms`,
  );
  // The standard deviation of this statistic is 1 / sqrt(6 n): five of them, so that chance alone fails once in a million runs.
  assert.ok(Math.abs(told) < 5 / Math.sqrt(6 * TRIES), `an advantage of ${told}`);
});

/** P(a > b) - 1/2 over all pairs, by ranks (Mann-Whitney): 0 where nothing can be told. */
function advantage(a: readonly number[], b: readonly number[]): number {
  const ranked = [...a.map((ms) => ({ ms, isA: true })), ...b.map((ms) => ({ ms, isA: false }))].toSorted((x, y) => x.ms - y.ms);
  let ranks = 0;
  for (const [i, { isA }] of ranked.entries()) if (isA) ranks += i + 1;
  return (ranks - (a.length * (a.length + 1)) / 2) / (a.length * b.length) - 0.5;
}

function median(values: readonly number[]): string {
  return (values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] as number).toFixed(2);
}
