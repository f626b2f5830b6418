import { endMeeting } from '../admission/big-blue-button.ts';
import type { EngineHttp } from '../admission/engine-http.ts';
import { deleteRoom } from '../admission/livekit.ts';
import type { Bridge, DialectName } from '../domain/bridge.ts';
import type { OutlawedConference } from '../store/admission.ts';
import type { LiveConnector } from './end-outlawed.ts';
import type { BridgeRegister } from './identify-bridge.ts';

type End = (engines: EngineHttp, bridge: Bridge, conference: string, now: number) => Promise<void>;

/** The engines that can be told to end a conference. */
const ENDS: Partial<Record<DialectName, End>> = { bigbluebutton: endMeeting, livekit: deleteRoom };

/** How soon it is done again at one engine while people are left at others, or the engine was away. */
const AGAIN_AFTER_MS = 10_000;

interface Tried {
  isEnded: boolean;
  at: number;
}

/** Ends a conference at each of the engines where people came in that can be told to. One that is away keeps no other from being told. */
export class EngineEnder implements LiveConnector {
  readonly name = 'engines';
  readonly #parts: { bridges: BridgeRegister; engines: EngineHttp; now: () => number };
  #tried = new Map<string, Tried>();

  constructor(parts: { bridges: BridgeRegister; engines: EngineHttp; now: () => number }) {
    this.#parts = parts;
  }

  async eject({ conference, bridgeIds }: OutlawedConference): Promise<boolean> {
    const at = this.#parts.now();
    this.#tried = new Map([...this.#tried].filter(([, tried]) => at - tried.at < AGAIN_AFTER_MS));
    const ended = await Promise.all(bridgeIds.map((bridgeId) => this.#endAt(bridgeId, conference, at)));
    if (ended.length === 0 || ended.includes(false)) return false;
    // Who comes in after it was allowed again is thrown out anew.
    for (const bridgeId of bridgeIds) this.#tried.delete(keyOf(bridgeId, conference));
    return true;
  }

  async #endAt(bridgeId: number, conference: string, at: number): Promise<boolean> {
    const { bridges, engines } = this.#parts;
    const key = keyOf(bridgeId, conference);
    const tried = this.#tried.get(key);
    if (tried !== undefined) return tried.isEnded;
    const bridge = await bridges.find(bridgeId);
    const end = bridge && ENDS[bridge.dialect];
    const isEnded =
      bridge !== undefined &&
      end !== undefined &&
      (await end(engines, bridge, conference, at).then(
        () => true,
        () => false,
      ));
    this.#tried.set(key, { isEnded, at });
    return isEnded;
  }
}

function keyOf(bridgeId: number, conference: string): string {
  return `${bridgeId}|${conference}`;
}
