import type { TestContext } from 'node:test';
import type { DialectName } from '../../src/domain/bridge.ts';
import { DEACTIVATE } from './bodies.ts';
import { aCall, type EngineAnswer, type EngineChoices, ENGINES, makeEngine } from './engines.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from './server.ts';

const UNKNOWN = '9070605040';
const BRIDGE_LIMIT = 24;
/** Past each of these the answers are given unread, also where an engine does not say who calls. */
const LIMITS = { PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR: String(BRIDGE_LIMIT), PARLEY_ADMISSION_TARPIT_MS: '0' };

export interface EngineCases {
  server: TestServer;
  token: string;
  bridgeId: number;
  codes: { moderatorPassCode: string; participantPassCode: string };
  clientId: number;
  companyId: number;
  moderator: EngineAnswer;
  participant: EngineAnswer;
  unknown: EngineAnswer;
  inactive: EngineAnswer;
  terminated: EngineAnswer;
  /** To the moderator's right code, when the bridge has missed too often. */
  throttled: EngineAnswer;
}

/** What each engine must be answered to, asked as it asks. */
export async function runCases(t: TestContext, dialect: DialectName, choices: EngineChoices = ENGINES[dialect]): Promise<EngineCases> {
  const server = await startTestServer(t, LIMITS);
  const { token, bridgeId } = await makeEngine(server, dialect, choices);
  const make = async (externalId: number) => (await server.provision({ client: { externalId } })).data;
  const [active, inactive, terminated] = [await make(1), await make(2), await make(3)];
  await server.post(DEACTIVATE, { clientId: inactive.clientId });
  await server.post(`/v1/clients/${terminated.clientId}/terminate`, {});
  const ask = (digits: string, caller: string) => ENGINES[dialect].asks(server, token, aCall({ digits, caller }));
  const asked = {
    moderator: await ask(active.passCodes.moderatorPassCode, '+14165550101'),
    participant: await ask(active.passCodes.participantPassCode, '+14165550102'),
    unknown: await ask(UNKNOWN, '+14165550103'),
    inactive: await ask(inactive.passCodes.moderatorPassCode, '+14165550104'),
    terminated: await ask(terminated.passCodes.participantPassCode, '+14165550105'),
  };
  for (let i = 0; i < BRIDGE_LIMIT; i++) await ask(UNKNOWN, `+1416555${String(1000 + i)}`);
  const throttled = await ask(active.passCodes.moderatorPassCode, '+14165550106');
  return { server, token, bridgeId, codes: active.passCodes, clientId: active.clientId, companyId: active.companyId, ...asked, throttled };
}

/** What a caller can tell answers apart by. */
export function shapeOf({ status, text, headers }: EngineAnswer): unknown {
  return [status, text, [...headers].filter(([name]) => !/^(date|x-request-id|x-ratelimit|ratelimit|connection|keep-alive)/.test(name))];
}

export function conferenceIn({ text }: EngineAnswer): string {
  return /c-[0-9a-f]{32}/.exec(text)?.[0] ?? 'none';
}

export async function patchRails(server: TestServer, companyId: number, rails: object): Promise<void> {
  const headers = { 'X-AUTH-TOKEN': TEST_TOKEN, 'content-type': 'application/json' };
  await fetch(`${server.url}/v1/companies/${companyId}/admission`, { method: 'PATCH', headers, body: JSON.stringify(rails) });
}
