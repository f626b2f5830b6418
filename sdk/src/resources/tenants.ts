import type { Answer, Body } from '../operation.ts';
import { readAll, readPage } from '../pages.ts';
import { type CallOptions, drawId, type Sender } from '../sender.ts';
import { act, type IdempotentOptions } from './act.ts';

export type Tenant = Answer<'listTenants'>['items'][number];
/** With its first token, which is shown this once. */
export type CreatedTenant = Answer<'createTenant'>;
export type TenantRecord = Body<'createTenant'>;
export type TenantChanges = Body<'updateTenant'>;

/** Tenants: all of them where the token is the operator's, else the own one. All of it needs the scope `admin`. */
export class Tenants {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  list(options: CallOptions = {}): AsyncGenerator<Tenant, void, undefined> {
    return readAll<Tenant, number>(undefined, () => readPage(this.#sender, '/v1/tenants', options));
  }

  /** Keep the `token`: it is shown this once. Refused with `OPERATOR_REQUIRED`, `TENANT_EXISTS`. */
  create(record: TenantRecord, { idempotencyKey = drawId(), ...options }: IdempotentOptions = {}): Promise<CreatedTenant> {
    return act(this.#sender, { method: 'POST', path: '/v1/tenants', body: record, idempotencyKey }, options);
  }

  /** What is left out stays. Refused with `TENANT_NOT_FOUND`. */
  update(tenantId: number, changes: TenantChanges, options?: CallOptions): Promise<Tenant> {
    return act(this.#sender, { method: 'PATCH', path: `/v1/tenants/${encodeURIComponent(tenantId)}`, body: changes }, options);
  }
}
