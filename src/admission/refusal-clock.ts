import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Store } from '../store/store.ts';

const MOST_NOTED = 1_000;

interface Refused {
  tenantId: TenantId;
  clientId: ClientId;
  at: number;
  /** Whose word it is, where there are several. */
  engine?: string;
}

/** How long after its client was ended something happened for it: a code was refused, say. Looked up apart from the answer, whose time must not tell. */
export class RefusalClock {
  readonly #store: Store;
  readonly #observe: (seconds: number, refused: Refused) => void;
  #noted = new Map<string, Refused>();

  constructor(store: Store, observe: (seconds: number, refused: Refused) => void) {
    this.#store = store;
    this.#observe = observe;
  }

  note(refused: Refused): void {
    const key = `${refused.tenantId}/${refused.clientId}/${refused.engine ?? ''}`;
    if (this.#noted.size < MOST_NOTED || this.#noted.has(key)) this.#noted.set(key, refused);
  }

  async settle(): Promise<void> {
    const noted = [...this.#noted.values()];
    this.#noted = new Map();
    for (const refused of noted) {
      const { tenantId, clientId, at } = refused;
      const types = ['client.deactivated', 'client.terminated'] as const;
      const [ended] = await this.#store.readJournal({ tenantId, clientId, types, order: 'desc', limit: 1 });
      if (ended !== undefined) this.#observe(Math.max(0, at - ended.at) / 1000, refused);
    }
  }
}
