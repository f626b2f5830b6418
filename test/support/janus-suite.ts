import type { test } from 'node:test';
import { makeBridge, NUMBER } from './admission.ts';
import { startJanus, type TestJanus } from './janus.ts';
import { findJanus } from './programs.ts';
import { type Answer, post, type TestServer } from './server.ts';
import { testsWith } from './tests-with.ts';

export const withJanus = testsWith('Janus', findJanus);

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
