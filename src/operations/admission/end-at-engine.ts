import type { EngineHttp } from '../../engine/engine-http.ts';
import { enderOf } from '../../engine/ending/enders.ts';
import type { DialectName } from '../../domain/bridge.ts';
import type { OutlawedConference } from '../../store/admission.ts';
import type { LiveConnector } from './end-outlawed.ts';
import { reasonOf } from './engine-failure.ts';
import type { BridgeRegister } from '../bridges/identify-bridge.ts';

/** How soon an engine that failed is told again: doubled each time, up to the longest. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

interface Tried {
  isEnded: boolean;
  failures: number;
  /** When it is done again, at this engine. */
  againAt: number;
}

export interface EngineEnderParts {
  bridges: BridgeRegister;
  http: EngineHttp;
  now: () => number;
  /** Nobody is in the conference any more. */
  onEmpty: (engine: DialectName, conference: OutlawedConference & { at: number }) => void;
  onFailure: (failure: { engine: DialectName; bridge: string; detail: string }) => void;
}

/** Ends a conference at each of the engines where people came in that can be told to. One that is away keeps no other from being told. */
export class EngineEnder implements LiveConnector {
  readonly name = 'engines';
  readonly #parts: EngineEnderParts;
  readonly #tried = new Map<string, Tried>();
  #forgetAt = 0;

  constructor(parts: EngineEnderParts) {
    this.#parts = parts;
  }

  async eject(outlawed: OutlawedConference): Promise<boolean> {
    const { conference, bridgeIds } = outlawed;
    const at = this.#parts.now();
    this.#forget(at);
    const ended = await Promise.all(bridgeIds.map((bridgeId) => this.#endAt(bridgeId, outlawed, at)));
    if (ended.length === 0 || ended.includes(false)) return false;
    // Who comes in after it was allowed again is thrown out anew.
    for (const bridgeId of bridgeIds) this.#tried.delete(keyOf(bridgeId, conference));
    return true;
  }

  #forget(at: number): void {
    if (at < this.#forgetAt) return;
    this.#forgetAt = at + LONGEST_RETRY_MS;
    for (const [key, { againAt }] of this.#tried) if (at - againAt > LONGEST_RETRY_MS) this.#tried.delete(key);
  }

  async #endAt(bridgeId: number, outlawed: OutlawedConference, at: number): Promise<boolean> {
    const { bridges, http, now, onEmpty, onFailure } = this.#parts;
    const key = keyOf(bridgeId, outlawed.conference);
    const tried = this.#tried.get(key);
    if (tried !== undefined && at < tried.againAt) return tried.isEnded;
    const bridge = await bridges.find(bridgeId);
    const ender = bridge && enderOf(bridge);
    if (bridge === undefined || ender === undefined) {
      // Looked up again later: it may be set up for it meanwhile.
      this.#tried.set(key, { isEnded: false, failures: 0, againAt: at + LONGEST_RETRY_MS });
      return false;
    }
    try {
      await ender.end({ http, now: at }, bridge, outlawed.conference);
      this.#tried.set(key, { isEnded: true, failures: 0, againAt: at + LONGEST_RETRY_MS });
      if (tried?.isEnded !== true) onEmpty(bridge.dialect, { ...outlawed, at: now() });
      return true;
    } catch (error) {
      const failures = (tried?.failures ?? 0) + 1;
      const retryMs = Math.min(RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
      this.#tried.set(key, { isEnded: false, failures, againAt: now() + retryMs });
      onFailure({ engine: bridge.dialect, bridge: bridge.name, detail: reasonOf(error) });
      return false;
    }
  }
}

function keyOf(bridgeId: number, conference: string): string {
  return `${bridgeId}|${conference}`;
}
