import type { EngineHttp } from '../../engine/engine-http.ts';
import { createDispatchRule, deleteDispatchRule, type KnownRule, listDispatchRules } from '../../engine/livekit-dispatch.ts';
import type { Bridge } from '../../domain/bridge.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import { eachAtOnce } from './each-at-once.ts';
import { reasonOf } from './engine-failure.ts';
import type { BridgeRegister } from '../bridges/identify-bridge.ts';
import { isAsWanted, keyOf, nameOf, readWanted, ruleOf, type Wanted } from './wanted-dispatch-rules.ts';

export interface DispatchKeeperParts {
  store: Store;
  vault: Vault;
  bridges: BridgeRegister;
  engines: EngineHttp;
  now: () => number;
  onFailure: (failure: { bridge: string; detail: string }) => void;
}

/** What the engine has is compared at least as often: somebody may have changed it there, or another node may have died over it. */
const COMPARE_MS = 60_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5_000;
/** One that the engine would not make. */
const REFUSED_RETRY_MS = 30_000;
/** Made in one turn at the most, so that a code that opens nothing any more does not wait for many that are new. */
const MADE_PER_TURN = 200;
/** Another node that had not heard of a revocation has by then. */
const LATE_MS = 10_000;
const AT_ONCE = 8;

interface Kept {
  /** What the engine has of ours, by the code's index; undefined where it has to be asked. */
  rules: Map<string, KnownRule> | undefined;
  comparedAt: number;
  /** Of the journals that were read when it was last as it should be. */
  heads: string;
  /** When something is to be done although nothing has changed: a code that was replaced ends, a rule is tried again. */
  dueAt: number;
  pending: number;
  failures: number;
  retryAt: number;
  /** Rules that the engine would not make, and when they are tried again. */
  refused: Map<string, number>;
}

/**
 * Keeps the dispatch rules of LiveKit SIP as the store wants them: two for each active client, none for anybody else. LiveKit compares codes itself and asks
 * nobody, so that each change must be told. There is no record of what was told: what the engine has is read, compared and mended, so that after a crash, a
 * lost answer or a change by hand it comes out the same. Several nodes may do this at once.
 */
export class DispatchKeeper {
  readonly #parts: DispatchKeeperParts;
  readonly #kept = new Map<number, Kept>();

  constructor(parts: DispatchKeeperParts) {
    this.#parts = parts;
  }

  /** Rules that the engines have of us, and how many of them are yet to be made or taken back. */
  count(): { rules: number; pending: number } {
    const kept = [...this.#kept.values()];
    const sum = (of: (one: Kept) => number): number => kept.reduce((total, one) => total + of(one), 0);
    return { rules: sum(({ rules }) => rules?.size ?? 0), pending: sum(({ pending }) => pending) };
  }

  /** One round at every bridge; one that is away keeps no other from its own. */
  async keep(): Promise<void> {
    const told = await this.#parts.bridges.listToldCodes();
    const ids = new Set(told.map(({ bridge }) => bridge.bridgeId));
    const names = told.map(({ bridge }) => nameOf(bridge));
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.#kept.delete(id);
    await Promise.all(told.map(({ bridge, revokedAt }) => this.#keepAt(bridge, { revokedAt, names })));
  }

  async #keepAt(bridge: Bridge, { revokedAt, names }: { revokedAt: number | undefined; names: readonly string[] }): Promise<void> {
    const { store, now, onFailure } = this.#parts;
    const bridgeId = bridge.bridgeId as number;
    const kept = this.#kept.get(bridgeId) ?? beginKept();
    this.#kept.set(bridgeId, kept);
    if (now() < kept.retryAt) return;
    try {
      if (revokedAt !== undefined || now() - kept.comparedAt >= COMPARE_MS) kept.rules = undefined;
      // Before what is wanted is read: what changes meanwhile is seen in the next round.
      const heads = await this.#readHeads(bridge);
      if (kept.rules !== undefined && kept.heads === heads && now() < kept.dueAt) return;
      const rules = (kept.rules ??= await this.#readRules(bridge, kept, names));
      const wanted = revokedAt === undefined ? await readWanted(this.#parts, bridge) : new Map<string, Wanted>();
      await this.#mend(bridge, kept, rules, wanted);
      kept.heads = heads;
      kept.failures = 0;
      if (revokedAt !== undefined && now() - revokedAt >= LATE_MS) await store.admission.forgetSecrets(bridgeId);
    } catch (error) {
      kept.rules = undefined;
      kept.retryAt = now() + Math.min(RETRY_MS * 2 ** Math.min(kept.failures++, 10), LONGEST_RETRY_MS);
      onFailure({ bridge: bridge.name, detail: reasonOf(error) });
    }
  }

  async #readHeads({ tenantId }: Bridge): Promise<string> {
    const { store } = this.#parts;
    const tenantIds = tenantId === undefined ? (await store.listTenants()).map((tenant) => tenant.tenantId) : [tenantId];
    return JSON.stringify([...(await store.findJournalHeads(tenantIds))]);
  }

  /** Ours are those into a room whose name only we can make. What another bridge of ours was told is for that one to mend. */
  async #readRules(bridge: Bridge, kept: Kept, names: readonly string[]): Promise<Map<string, KnownRule>> {
    const { engines, vault, now } = this.#parts;
    const name = nameOf(bridge);
    const rules = new Map<string, KnownRule>();
    const surplus: KnownRule[] = [];
    for (const rule of await listDispatchRules(engines, bridge, now())) {
      const place = vault.readConference(rule.room);
      const isOthers = rule.name !== name && names.includes(rule.name);
      if (place === undefined || isOthers || (bridge.tenantId ?? place.tenantId) !== place.tenantId) continue;
      const key = keyOf(vault.indexPassCode(rule.code));
      if (rules.has(key)) surplus.push(rule);
      else rules.set(key, rule);
    }
    for (const { ruleId } of surplus) await deleteDispatchRule(engines, bridge, ruleId, now());
    kept.comparedAt = now();
    return rules;
  }

  /** What opens and should not goes first. */
  async #mend(bridge: Bridge, kept: Kept, rules: Map<string, KnownRule>, wanted: ReadonlyMap<string, Wanted>): Promise<void> {
    const { engines, vault, now, onFailure } = this.#parts;
    const differs = (key: string, one: Wanted): boolean => !isAsWanted(rules.get(key), one);
    const unwanted = [...rules].filter(([key, rule]) => !isAsWanted(rule, wanted.get(key)));
    // Of a code that was replaced only its index is on record: it is left where it is, and made anew only where the engine had it.
    const missing = [...wanted].flatMap(([key, one]) => {
      const rule = differs(key, one) ? ruleOf(vault, bridge, one, rules.get(key)?.code) : undefined;
      return rule === undefined ? [] : [{ key, rule }];
    });
    const ready = missing.filter(({ key }) => (kept.refused.get(key) ?? 0) <= now());
    kept.pending = unwanted.length + missing.length;
    await eachAtOnce(unwanted, AT_ONCE, async ([key, { ruleId }]) => {
      await deleteDispatchRule(engines, bridge, ruleId, now());
      rules.delete(key);
      kept.pending--;
    });
    await eachAtOnce(ready.slice(0, MADE_PER_TURN), AT_ONCE, async ({ key, rule }) => {
      try {
        rules.set(key, { ...rule, ruleId: await createDispatchRule(engines, bridge, rule, now()) });
        kept.refused.delete(key);
        kept.pending--;
      } catch (error) {
        // It may have been made: the engine is asked what it has in the next round. One that it will not make keeps no other from being made.
        kept.refused.set(key, now() + REFUSED_RETRY_MS);
        kept.comparedAt = -Infinity;
        onFailure({ bridge: bridge.name, detail: reasonOf(error) });
      }
    });
    const ends = [...wanted.values()].map(({ code }) => code.validUntil ?? Infinity);
    const retries = missing.map(({ key }) => kept.refused.get(key) ?? (rules.has(key) ? Infinity : 0));
    kept.dueAt = [...ends, ...retries].reduce((least, at) => Math.min(least, at), Infinity);
  }
}

function beginKept(): Kept {
  return {
    rules: undefined,
    comparedAt: -Infinity,
    heads: '',
    dueAt: -Infinity,
    pending: 0,
    failures: 0,
    retryAt: -Infinity,
    refused: new Map(),
  };
}
