import type { EngineHttp } from '../../engine/engine-http.ts';
import { enderOf } from '../../engine/ending/enders.ts';
import type { Store } from '../../store/store.ts';
import { reasonOf } from './engine-failure.ts';
import type { BridgeRegister } from '../bridges/identify-bridge.ts';

/** A call that was let in just now may not be up as yet where it is looked for. */
const OLDER_THAN_MS = 30_000;
const MOST_CALLS = 1_000;

export interface GhostParts {
  store: Store;
  bridges: BridgeRegister;
  http: EngineHttp;
  now: () => number;
  onFailure: (failure: { bridge: string; detail: string }) => void;
}

/** Ends the legs of calls that are not up any more, at engines that can be asked: a hang-up that was told while nobody listened is never told again. */
export async function endGhosts({ store, bridges, http, now, onFailure }: GhostParts): Promise<void> {
  for (const bridge of await bridges.listLive('freeswitch')) {
    const [ender, bridgeId] = [enderOf(bridge), bridge.bridgeId];
    if (ender?.listGone === undefined || bridgeId === undefined) continue;
    const at = now();
    try {
      for (let after = ''; ;) {
        const callIds = await store.admission.listOpenCalls({ bridgeId, admittedBefore: at - OLDER_THAN_MS, after, limit: MOST_CALLS });
        for (const callId of callIds.length === 0 ? [] : await ender.listGone({ http, now: at }, bridge, callIds))
          await store.admission.endCall({ bridgeId, callId, at: now() });
        after = callIds.at(-1) ?? '';
        if (callIds.length < MOST_CALLS) break;
      }
    } catch (error) {
      onFailure({ bridge: bridge.name, detail: reasonOf(error) });
    }
  }
}
