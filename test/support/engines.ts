import assert from 'node:assert/strict';
import { readConfig } from '../../src/config.ts';
import type { DialectName } from '../../src/domain/bridge.ts';
import { Secret } from '../../src/domain/secret.ts';
import { createBridge } from '../../src/operations/bridges/bridges.ts';
import { findTenant } from '../../src/operations/access/find-tenant.ts';
import { unlockVault } from '../../src/operations/store/unlock-vault.ts';
import { CALLER, NUMBER, withStoreOf } from './admission.ts';
import { httapiAsks } from './engines/freeswitch.ts';
import { janusAsks, jsonAsks } from './engines/json.ts';
import { TWILIO, twilioAsks } from './engines/twiml.ts';
import { asteriskAsks } from './engines/asterisk.ts';
import { pexipAsks } from './engines/pexip.ts';
import { BIGBLUEBUTTON, bigbluebuttonAsks } from './engines/bigbluebutton.ts';
import { JITSI, jitsiAsks } from './engines/jitsi.ts';
import { LIVEKIT, livekitAsks } from './engines/livekit.ts';
import type { TestServer } from './server.ts';

export interface EngineChoices {
  settings?: Record<string, string>;
  secrets?: Record<string, string>;
  /** Null: shared. */
  tenant?: string | null;
}

export interface EngineAsk {
  digits?: string;
  callId: string;
  caller: string;
  number: string;
}

export interface EngineAnswer {
  status: number;
  text: string;
  headers: Headers;
}

export type EngineAsks = (server: TestServer, token: string, ask: EngineAsk) => Promise<EngineAnswer>;

/** Every dialect as its engine asks: one that is missing does not compile. */
export const ENGINES: Record<DialectName, EngineChoices & { asks: EngineAsks }> = {
  json: { asks: jsonAsks },
  janus: { asks: janusAsks },
  twiml: { ...TWILIO, asks: twilioAsks },
  freeswitch: { asks: httapiAsks },
  asterisk: { asks: asteriskAsks },
  pexip: { asks: pexipAsks },
  bigbluebutton: { ...BIGBLUEBUTTON, asks: bigbluebuttonAsks },
  jitsi: { ...JITSI, asks: jitsiAsks },
  livekit: { ...LIVEKIT, asks: livekitAsks },
};

let made = 0;

/** As the command line does. */
export async function makeEngine(
  server: Pick<TestServer, 'settings'>,
  dialect: DialectName,
  { settings, secrets = {}, tenant = 'default' }: EngineChoices = ENGINES[dialect],
): Promise<{ bridgeId: number; token: string }> {
  return withStoreOf(server, async (store) => {
    const { masterKey, dataDir } = readConfig(server.settings);
    const wish = {
      name: `${dialect} ${++made}`,
      dialect,
      tenant: tenant === null ? undefined : await findTenant(store, tenant),
      settings: settings ?? {},
      secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)])),
    };
    const { bridgeId, token } = await createBridge(store, () => unlockVault(store, { given: masterKey, dataDir }), wish, Date.now());
    return { bridgeId, token: token.reveal() };
  });
}

let calls = 0;

/** Each call of its own, from one number, unless it says otherwise. */
export function aCall(changes: Partial<EngineAsk> = {}): EngineAsk {
  return { callId: `CA${String(++calls).padStart(32, '0')}`, caller: CALLER, number: NUMBER, ...changes };
}

/** By the test's clock, which goes on by itself between two requests too. */
export function assertLasted(leg: { seconds: number }, seconds: number): void {
  assert.ok(
    leg.seconds >= seconds && leg.seconds <= seconds + 10,
    `a leg of ${leg.seconds} s, expected ${seconds} s and what the requests took`,
  );
}
