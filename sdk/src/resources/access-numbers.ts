import type { Answer, Body } from '../operation.ts';
import { readAll, readPage } from '../pages.ts';
import type { CallOptions, Sender } from '../sender.ts';
import { act } from './act.ts';

export type AccessNumber = Answer<'listAccessNumbers'>['items'][number];
export type AccessNumberRecord = Body<'addAccessNumber'>;

/** Telephone numbers that callers dial. */
export class AccessNumbers {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The tenant's own, and those that all tenants share. */
  list(options: CallOptions = {}): AsyncGenerator<AccessNumber, void, undefined> {
    return readAll<AccessNumber, number>(undefined, () => readPage(this.#sender, '/v1/access-numbers', options));
  }

  /** Puts a number in service. A repeat is a success. Refused with `ACCESS_NUMBER_TAKEN`, `OPERATOR_REQUIRED`. */
  add(record: AccessNumberRecord, options?: CallOptions): Promise<AccessNumber> {
    return act(this.#sender, { method: 'POST', path: '/v1/access-numbers', body: record }, options);
  }

  /** Takes a number out of service. Refused with `ACCESS_NUMBER_NOT_FOUND`, which a repeat after a lost answer also may be. */
  async remove(number: string, options?: CallOptions): Promise<void> {
    await act(this.#sender, { method: 'DELETE', path: `/v1/access-numbers/${encodeURIComponent(number)}` }, options);
  }
}
