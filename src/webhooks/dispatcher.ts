import type { Logger } from 'pino';
import { toEvent } from '../domain/event.ts';
import type { EndpointId } from '../domain/ids.ts';
import { type Attempt, KEEP_DELIVERIES_MS, messageId, nextAttemptMs } from '../domain/webhook.ts';
import type { ClaimedDelivery, WebhookStore } from '../store/webhooks.ts';
import type { Secrets } from './secrets.ts';
import type { Sender } from './sender.ts';

const MAX_AT_ONCE = 64;
const MAX_AT_ONE_ENDPOINT = 8;
/** Where nothing arrives a look is enough: those who hang must not take the places of those who answer. */
const MAX_WHILE_FAILING = 2;
/** Longer than an attempt and its recording: whoever has not settled a delivery by then is dead. */
const LEASE_MS = 30_000;
const ENTRIES_AT_ONCE = 200;
/** So that nobody else waits long for the store. */
const STEPS_AT_ONCE = 4;
const PRUNE_AT_ONCE = 500;

export interface DispatcherParts {
  store: WebhookStore;
  secrets: Secrets;
  sender: Sender;
  now: () => number;
  log: Logger;
  onAttempt: (outcome: string) => void;
}

/**
 * Sends what is to be sent, at least once, in order for each client. A turn looks for entries that nobody has made deliveries of, and takes as
 * many of those that are due as there is room for; each of these then runs by itself, and asks for another turn when it is through.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #inFlight = new Map<Promise<void>, EndpointId>();
  #wake: () => void = () => {};
  #turning: Promise<void> | undefined;
  #isStopping = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Who runs the turns, to be asked for another one. */
  onWork(wake: () => void): void {
    this.#wake = wake;
  }

  async turn(): Promise<void> {
    if (this.#isStopping) return;
    this.#turning = this.#look();
    await this.#turning;
  }

  async #look(): Promise<void> {
    const { store, now } = this.#parts;
    const { behind, replays, due } = await store.findWork(now());
    const steps = [
      ...behind.map((endpointId) => () => store.fanOut({ endpointId, at: now(), limit: ENTRIES_AT_ONCE })),
      ...replays.map((replay) => () => store.advanceReplay({ ...replay, at: now(), limit: ENTRIES_AT_ONCE })),
    ];
    const hasMore = (await inTurns(steps)).includes(true);
    await this.#takeDue(steps.length === 0 ? due : (await store.findWork(now())).due);
    if (hasMore) this.#wake();
  }

  async prune(): Promise<void> {
    const { store, now } = this.#parts;
    while (!this.#isStopping && (await store.prune({ settledBefore: now() - KEEP_DELIVERIES_MS, limit: PRUNE_AT_ONCE }))) continue;
  }

  /** Waits so long for what is under way; what has not ended then is given back, and is sent again by whoever is next. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    await this.#turning?.catch(() => {});
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, withinMs);
    await Promise.race([Promise.all(this.#inFlight.keys()), timer.promise]);
    clearTimeout(timeout);
    await this.#parts.sender.stop();
    await Promise.all(this.#inFlight.keys());
  }

  async #takeDue(due: readonly EndpointId[]): Promise<void> {
    // Whoever comes last in one turn may come first in the next.
    const offset = Math.floor(Math.random() * due.length);
    const endpoints = [...due.slice(offset), ...due.slice(0, offset)];
    for (let i = 0; i < endpoints.length && !this.#isStopping; i += STEPS_AT_ONCE) {
      let room = MAX_AT_ONCE - this.#inFlight.size;
      await Promise.all(
        endpoints.slice(i, i + STEPS_AT_ONCE).map(async (endpointId) => {
          const taken = [...this.#inFlight.values()].filter((other) => other === endpointId).length;
          const limit = Math.min(room, MAX_AT_ONE_ENDPOINT - taken);
          room -= Math.max(0, limit);
          if (limit > 0) await this.#claim(endpointId, limit, Math.max(0, Math.min(limit, MAX_WHILE_FAILING - taken)));
        }),
      );
    }
  }

  async #claim(endpointId: EndpointId, limit: number, limitWhileFailing: number): Promise<void> {
    const { store, now } = this.#parts;
    const claimed = await store.claim({ endpointId, at: now(), leaseMs: LEASE_MS, limit, limitWhileFailing });
    for (const delivery of claimed) {
      const run = this.#run(delivery).finally(() => {
        this.#inFlight.delete(run);
        this.#wake();
      });
      this.#inFlight.set(run, endpointId);
    }
  }

  async #run(delivery: ClaimedDelivery): Promise<void> {
    const { store, log, onAttempt, now } = this.#parts;
    const { deliveryId, epoch, attempts, webhook } = delivery;
    try {
      const attempt = await this.#attempt(delivery);
      if (attempt === undefined) return await store.release({ deliveryId, epoch });
      onAttempt(attempt.outcome);
      const retryInMs = attempt.outcome === 'failed' ? nextAttemptMs(attempts + 1, Math.random(), attempt.retryAfterMs) : undefined;
      const { endpointId, tenantId } = webhook;
      const settled = await store.settle({ endpointId, deliveryId, epoch, at: now(), attempt, retryInMs });
      if (settled === 'disabled') log.warn({ tenantId, endpointId }, 'webhook endpoint disabled');
    } catch (error) {
      // Nobody knows of it then: it is sent again when the lease is over.
      log.warn({ err: error }, 'a webhook delivery could not be recorded');
    }
  }

  async #attempt({ webhook, entry }: ClaimedDelivery): Promise<Attempt | undefined> {
    const { secrets, sender, now } = this.#parts;
    const body = JSON.stringify(toEvent(entry));
    const headers = secrets.sign(webhook, messageId(webhook.endpointId, entry.seq), body, now());
    return sender.send({ url: webhook.url, headers, body });
  }
}

async function inTurns<T>(steps: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < steps.length; i += STEPS_AT_ONCE)
    results.push(...(await Promise.all(steps.slice(i, i + STEPS_AT_ONCE).map((step) => step()))));
  return results;
}
