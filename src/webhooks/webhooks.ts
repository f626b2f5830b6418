import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { overloaded, stopping } from '../domain/errors.ts';
import type { Attempt } from '../domain/webhook.ts';
import type { StoredWebhook, WebhookStore } from '../store/webhooks.ts';
import type { Vault } from '../vault/vault.ts';
import { Dispatcher } from './dispatcher.ts';
import { Secrets } from './secrets.ts';
import { Sender } from './sender.ts';
import { Targets } from './targets.ts';

/** Each keeps a request waiting for as long as an attempt may take. */
const MAX_PINGS = 32;

export interface WebhooksParts {
  store: WebhookStore;
  vault: Vault;
  now: () => number;
  log: Logger;
  /** Whether addresses that are not public, and plain HTTP, may be sent to. */
  allowPrivate: boolean;
  onAttempt: (outcome: string) => void;
}

/** The room's door: what may be sent to, what it is signed with, and the sending itself. */
export class Webhooks {
  readonly targets: Targets;
  readonly secrets: Secrets;
  readonly dispatcher: Dispatcher;
  readonly #sender: Sender;
  readonly #now: () => number;
  #pings = 0;

  constructor({ allowPrivate, vault, ...parts }: WebhooksParts) {
    this.#now = parts.now;
    this.targets = new Targets({ allowPrivate });
    this.secrets = new Secrets(vault);
    this.#sender = new Sender(this.targets);
    this.dispatcher = new Dispatcher({ ...parts, secrets: this.secrets, sender: this.#sender });
  }

  /** One event that says nothing, sent at once and once. */
  async ping(webhook: StoredWebhook, requestId: string): Promise<Attempt> {
    if (this.#pings >= MAX_PINGS) throw overloaded();
    this.#pings++;
    try {
      const now = this.#now();
      const id = `ping_${randomUUID()}`;
      const data = { endpointId: webhook.endpointId };
      const event = { id, type: 'webhook.ping', at: new Date(now).toISOString(), clientId: null, companyId: null, requestId, data };
      const body = JSON.stringify(event);
      const attempt = await this.#sender.send({ url: webhook.url, headers: this.secrets.sign(webhook, id, body, now), body });
      if (attempt === undefined) throw stopping();
      return attempt;
    } finally {
      this.#pings--;
    }
  }
}
