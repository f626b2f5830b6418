import { test } from 'node:test';
import { makeBridge, NUMBER } from './admission.ts';
import { startJanus, type TestJanus } from './janus.ts';
import { findJanus } from './programs.ts';
import { type Answer, post, type TestServer } from './server.ts';

/** Runs where there is a real Janus or one can be installed; where not, that is said loudly, and under CI it is a failure. */
export function withJanus(name: string, body: (t: test.TestContext) => Promise<void>): void {
  const reason = findReason();
  if (reason === undefined) test(name, body);
  else if (process.env.CI || process.env.REQUIRE_JANUS) test(name, () => Promise.reject(new Error(reason)));
  else test(name, { skip: `NOTHING WAS TESTED AGAINST JANUS: ${reason}` }, () => {});
}

let found: { reason: string | undefined } | undefined;

function findReason(): string | undefined {
  found ??= look();
  return found.reason;
}

function look(): { reason: string | undefined } {
  try {
    findJanus();
    return { reason: undefined };
  } catch (error) {
    const reason = (error as Error).message;
    process.stderr.write(`\n${'='.repeat(100)}\nNOTHING WAS TESTED AGAINST JANUS.\n${reason}\n${'='.repeat(100)}\n\n`);
    return { reason };
  }
}

export async function janusFor(t: test.TestContext): Promise<TestJanus> {
  const janus = await startJanus();
  t.after(() => janus.remove());
  return janus;
}

export interface Joiner {
  join(digits: string, callId?: string): Promise<Answer>;
  tell(events: object[]): Promise<Answer>;
}

let calls = 0;

/** Who puts callers into Janus' rooms. */
export async function joinerAt(server: TestServer): Promise<Joiner> {
  const { token } = await makeBridge(server, 'default', 'janus');
  const headers = { 'X-AUTH-TOKEN': token };
  return {
    join: (digits, callId = `call-${++calls}`) =>
      post(`${server.url}/admission/janus/join`, { callId, digits, accessNumber: NUMBER, caller: '+14165550123' }, headers),
    tell: (events) => post(`${server.url}/admission/janus/events`, { events }, headers),
  };
}
