import type { ProvisionRequest } from '../../domain/client.ts';
import { OperatorError } from '../../domain/errors.ts';
import type { ClientExternalId, ClientId, CompanyId, HubId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Creates } from '../../domain/vendor.ts';

/** What a vendor gave. */
export interface VendorClient {
  companyId: CompanyId;
  clientId: ClientId;
  /** Undefined where the vendor does not disclose it. */
  password: Secret | undefined;
  moderatorPassCode: Secret;
  participantPassCode: Secret;
  hub: { hubId: HubId; hubUrl: string };
}

export interface VendorStatus {
  hub: VendorClient['hub'];
  /** Undefined where the vendor does not say. */
  status: 'active' | 'inactive' | undefined;
}

/** A vendor, as its connector knows it. Each call ends within `callMs`, by an answer or by a VendorError. */
export interface Vendor {
  readonly creates: Creates;
  readonly callMs: number;
  /** How long a call whose answer was lost may still take effect. */
  readonly settleMs: number;
  provision(request: ProvisionRequest): Promise<VendorClient>;
  deactivate(clientId: ClientId): Promise<void>;
  reactivate(clientId: ClientId): Promise<void>;
  get(clientId: ClientId): Promise<VendorStatus>;
  signOn(clientId: ClientId): Promise<string>;
  /** Where `creates` is `findable`: every client under this external id, the oldest first. */
  find?(externalId: ClientExternalId): Promise<VendorClient[]>;
  /** Where `creates` is `findable`: changes the details of a client that is there. May be repeated. */
  update?(clientId: ClientId, request: ProvisionRequest): Promise<VendorClient>;
  close(): Promise<void>;
}

/**
 * `refused`: the vendor said no, and nothing happened. `unknown`: it may have happened. `not-sent`: it did not, because the vendor was
 * never reached or took nothing. `wrong`: it may have happened, and the vendor did answer, but not as the contract has it. `away`: it was not asked, because so many calls
 * before failed. `misconfigured`: nothing will happen until an operator has done something.
 */
export type VendorFailure = 'refused' | 'unknown' | 'not-sent' | 'wrong' | 'away' | 'misconfigured';

export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly failure: VendorFailure;
  /** The vendor's own code of the contract's errors, where it gave one that is known. */
  readonly code: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  /** `message` is ours and may be shown: nothing that the vendor wrote is in it. */
  constructor(
    failure: VendorFailure,
    message: string,
    more: { code?: string | undefined; fields?: Record<string, string>; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.failure = failure;
    this.code = more.code;
    this.fields = more.fields ?? {};
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Whether an operation's last error says that the vendor answered, and what is the matter with the answer: its caller need not wait to be told. */
export function isAboutAnswer(lastError: string): boolean {
  return /^the vendor('s answer | does not | redirects | has no )/.test(lastError);
}

/** At start, and not when the first answer is lost. */
export function requireUsable(vendor: Vendor): void {
  const { creates, callMs, settleMs } = vendor;
  if (creates === 'findable' && (vendor.find === undefined || vendor.update === undefined))
    throw new OperatorError(
      'The connector says that clients can be found at this vendor, and has no look-up. Set PARLEY_PLATFORM_CREATES to repeatable or neither.',
    );
  if (settleMs < callMs)
    throw new OperatorError(
      'PARLEY_PLATFORM_SETTLE_SECONDS must not be shorter than PARLEY_PLATFORM_TIMEOUT_MS: a call may take effect until it is given up.',
    );
}
