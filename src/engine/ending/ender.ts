import type { Bridge } from '../../domain/bridge.ts';
import type { EngineHttp } from '../engine-http.ts';

export interface EnderTools {
  http: EngineHttp;
  now: number;
}

/** One kind of engine, told to end a conference that it has. Each call is bounded in time; what fails throws ENGINE_UNAVAILABLE, with the reason for the log. */
export interface ConferenceEnder {
  /** Whether this bridge has what it takes. */
  canEnd(bridge: Bridge): boolean;
  /** Everybody is out, or there was nobody. */
  end(tools: EnderTools, bridge: Bridge, conference: string): Promise<void>;
  /** Which of these calls are not up any more. Undefined where the engine cannot be asked. */
  listGone?(tools: EnderTools, bridge: Bridge, callIds: readonly string[]): Promise<string[]>;
  /** Signs in and asks something that changes nothing. */
  check(tools: EnderTools, bridge: Bridge): Promise<void>;
}
