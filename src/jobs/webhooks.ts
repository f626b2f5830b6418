import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Job } from './job.ts';

type Dispatcher = Webhooks['dispatcher'];

/** Sends events to those who want them, whichever node wrote them. */
export function dispatchWebhooks(dispatcher: Dispatcher): Job {
  return { name: 'dispatch webhooks', everyMs: 200, run: () => dispatcher.turn() };
}

/** Forgets deliveries that were settled long ago. */
export function pruneWebhooks(dispatcher: Dispatcher): Job {
  return { name: 'prune webhooks', everyMs: 10_000, run: () => dispatcher.prune() };
}
