import { endMeeting } from '../admission/big-blue-button.ts';
import type { EngineHttp } from '../admission/engine-http.ts';
import type { Bridge, DialectName } from '../domain/bridge.ts';
import type { OutlawedConference } from '../store/admission.ts';
import type { LiveConnector } from './end-outlawed.ts';
import type { BridgeRegister } from './identify-bridge.ts';

type End = (engines: EngineHttp, bridge: Bridge, conference: string) => Promise<void>;

/** The engines that can be told to end a conference. */
const ENDS: Partial<Record<DialectName, End>> = { bigbluebutton: endMeeting };

const AGAIN_AFTER_MS = 60_000;

/** Ends a conference at each of the engines where people came in that can be told to, once a minute while some of it is left at others. */
export class EngineEnder implements LiveConnector {
  readonly name = 'engines';
  readonly #parts: { bridges: BridgeRegister; engines: EngineHttp; now: () => number };
  #ended = new Map<string, number>();

  constructor(parts: { bridges: BridgeRegister; engines: EngineHttp; now: () => number }) {
    this.#parts = parts;
  }

  async eject({ conference, bridgeIds }: OutlawedConference): Promise<boolean> {
    const { bridges, engines, now } = this.#parts;
    const at = now();
    this.#ended = new Map([...this.#ended].filter(([, endedAt]) => at - endedAt < AGAIN_AFTER_MS));
    let isOver = bridgeIds.length > 0;
    for (const bridgeId of bridgeIds) {
      const key = `${bridgeId}|${conference}`;
      const bridge = await bridges.find(bridgeId);
      const end = bridge && ENDS[bridge.dialect];
      if (end === undefined) isOver = false;
      else if (!this.#ended.has(key)) {
        await end(engines, bridge as Bridge, conference);
        this.#ended.set(key, at);
      }
    }
    return isOver;
  }
}
