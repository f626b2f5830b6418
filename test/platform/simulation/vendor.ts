import type { ProvisionRequest } from '../../../src/domain/client.ts';
import type { ClientId, CompanyId, HubId } from '../../../src/domain/ids.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { Creates } from '../../../src/domain/vendor.ts';
import { type Vendor, type VendorClient, VendorError, type VendorStatus } from '../../../src/platform/remote/vendor.ts';
import type { Owner, Schedule } from './schedule.ts';

export interface VendorRecord {
  externalId: number;
  clientId: number;
  first: string;
  isActive: boolean;
  madeAt: number;
  /** Somebody has been told of it. */
  isTold: boolean;
}

/** How long a call may take, how late it may still take effect, and how long the vendor's look-up may not see what it has made. */
export const CALL_MS = 1_000;
const LATEST_MS = 12_000;
const READ_LAG_MS = 8_000;
export const SETTLE_MS = 45_000;

/** A vendor as it really is: made of records, behind a network. Where creating is not repeatable, each create makes a client. */
export class SimulatedVendor {
  readonly records: VendorRecord[] = [];
  onMade = (_externalId: number): void => {};
  readonly #schedule: Schedule;
  readonly #creates: Creates;
  readonly #firstId: number;

  constructor(schedule: Schedule, creates: Creates, firstId: number) {
    this.#schedule = schedule;
    this.#creates = creates;
    this.#firstId = firstId;
  }

  provision({ client: { externalId, first }, company }: ProvisionRequest): VendorClient {
    const there = this.records.find((record) => record.externalId === externalId && this.#seesAt(record));
    // A vendor that is not repeatable may not see what nobody was told of, and makes another.
    const record = there ?? {
      externalId,
      first,
      clientId: this.#firstId + this.records.length,
      isActive: true,
      madeAt: this.#schedule.now,
      isTold: false,
    };
    record.first = first;
    if (there === undefined) {
      this.records.push(record);
      this.onMade(externalId);
    }
    return this.#answer(record, company.externalId);
  }

  update(clientId: ClientId, { client, company }: ProvisionRequest): VendorClient {
    const record = this.#find(clientId);
    record.first = client.first;
    return this.#answer(record, company.externalId);
  }

  setStatus(clientId: ClientId, isActive: boolean): void {
    this.#find(clientId).isActive = isActive;
  }

  list(externalId: number): VendorClient[] {
    const seen = this.records.filter((record) => record.externalId === externalId && record.madeAt + READ_LAG_MS <= this.#schedule.now);
    return seen.map((record) => this.#answer(record, Math.floor(externalId / 2)));
  }

  tell(clientId: number): void {
    this.#find(clientId).isTold = true;
  }

  #seesAt({ madeAt, isTold }: VendorRecord): boolean {
    if (this.#creates === 'findable') return false;
    return this.#creates === 'repeatable' || isTold || madeAt + READ_LAG_MS <= this.#schedule.now;
  }

  #find(clientId: number): VendorRecord {
    const record = this.records.find((one) => one.clientId === clientId);
    if (record === undefined) throw new VendorError('misconfigured', 'unknown');
    return record;
  }

  #answer({ clientId }: VendorRecord, companyExternalId: number): VendorClient {
    const companyId = this.#firstId + companyExternalId;
    return {
      clientId: clientId as ClientId,
      companyId: companyId as CompanyId,
      hub: { hubId: companyId as HubId, hubUrl: `c${companyId}.example.com` },
      password: new Secret(`secret${clientId}`),
      moderatorPassCode: new Secret(`1${String(clientId).padStart(9, '0')}`),
      participantPassCode: new Secret(`2${String(clientId).padStart(9, '0')}`),
    };
  }
}

/** The way from one node to the vendor, and all that may happen on it. */
export class NetworkedVendor implements Vendor {
  readonly isOpen = false;
  readonly callMs = CALL_MS;
  readonly creates: Creates;
  readonly settleMs: number;
  readonly #world: { schedule: Schedule; vendor: SimulatedVendor; isCalm: () => boolean; owner: Owner };

  constructor(
    world: { schedule: Schedule; vendor: SimulatedVendor; isCalm: () => boolean; owner: Owner },
    { creates, settleMs }: { creates: Creates; settleMs: number },
  ) {
    this.#world = world;
    this.creates = creates;
    this.settleMs = settleMs;
  }

  provision(request: ProvisionRequest): Promise<VendorClient> {
    return this.#call(
      (vendor) => vendor.provision(request),
      (vendor, { clientId }) => vendor.tell(clientId),
    );
  }

  update(clientId: ClientId, request: ProvisionRequest): Promise<VendorClient> {
    return this.#call((vendor) => vendor.update(clientId, request));
  }

  deactivate(clientId: ClientId): Promise<void> {
    return this.#call((vendor) => vendor.setStatus(clientId, false));
  }

  reactivate(clientId: ClientId): Promise<void> {
    return this.#call((vendor) => vendor.setStatus(clientId, true));
  }

  find(externalId: number): Promise<VendorClient[]> {
    return this.#call((vendor) => vendor.list(externalId));
  }

  get(): Promise<VendorStatus> {
    throw new Error('nobody asks');
  }

  signOn(): Promise<string> {
    throw new Error('nobody asks');
  }

  async close(): Promise<void> {}

  #call<T>(act: (vendor: SimulatedVendor) => T, onAnswered?: (vendor: SimulatedVendor, answer: T) => void): Promise<T> {
    const { schedule, vendor, owner, isCalm } = this.#world;
    return new Promise((resolve, reject) => {
      const fail = (failure: 'unknown' | 'not-sent'): void => reject(new VendorError(failure, `simulated: ${failure}`));
      // A node that is paused here sends when it goes on: what it announced is by then old.
      schedule.in(
        1,
        () => {
          schedule.in(CALL_MS, () => fail('unknown'), owner);
          const fate = isCalm() ? 1 : schedule.random();
          if (fate < 0.04) return schedule.in(5, () => fail('not-sent'), owner);
          if (fate < 0.08) return;
          const isLate = fate < 0.2;
          schedule.in(isLate ? schedule.between(CALL_MS, LATEST_MS) : schedule.between(5, 60), () => {
            if (fate > 0.2 && fate < 0.23) return schedule.in(20, () => fail('unknown'), owner);
            let outcome: () => void;
            try {
              const answer = act(vendor);
              outcome = () => {
                onAnswered?.(vendor, answer);
                resolve(answer);
              };
            } catch (error) {
              outcome = () => reject(error);
            }
            if (fate > 0.23 && fate < 0.26) outcome = () => fail('unknown');
            if (isLate || (fate > 0.26 && fate < 0.34)) return;
            schedule.in(schedule.between(5, 60), outcome, owner);
          });
        },
        owner,
      );
    });
  }
}
