import type { Answer, Body, Query } from '../operation.ts';
import { type Page, type PageOptions, readAll, readPage } from '../pages.ts';
import type { CallOptions, Sender } from '../sender.ts';
import { unlessMissing } from './clients.ts';

export type Company = Answer<'findCompany'>;
export type CompanyAdmission = Answer<'getCompanyAdmission'>;
export type CompanyAdmissionChanges = Body<'setCompanyAdmission'>;
export interface CompanyFilter extends Omit<Query<'listCompanies'>, 'limit'>, PageOptions {}

/** Companies are made by the provision of their first client. */
export class Companies {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** A company and its hub, by our id or by yours, or undefined where there is none. */
  async find(ids: { companyId: number } | { externalId: number | string }, options?: CallOptions): Promise<Company | undefined> {
    const place = 'companyId' in ids ? encodeURIComponent(ids.companyId) : `external/${encodeURIComponent(ids.externalId)}`;
    return unlessMissing('COMPANY_NOT_FOUND', readPage<Company>(this.#sender, `/v1/companies/${place}`, { ...options }));
  }

  /** On which terms its callers are let in. Refused with `COMPANY_NOT_FOUND`. */
  async admission(companyId: number, options?: CallOptions): Promise<CompanyAdmission> {
    return readPage(this.#sender, admissionPath(companyId), { ...options });
  }

  /** Changes what is given; null takes a limit away. Refused with `COMPANY_NOT_FOUND`. Needs the scope `admin`. */
  async setAdmission(companyId: number, changes: CompanyAdmissionChanges, options?: CallOptions): Promise<CompanyAdmission> {
    const call = { method: 'PATCH', path: admissionPath(companyId), body: changes, isRepeatable: true } as const;
    return (await this.#sender.send<CompanyAdmission>(call, options)).body;
  }

  /** All that match, page after page, in the order of their ids. */
  list(filter: CompanyFilter = {}): AsyncGenerator<Company, void, undefined> {
    return readAll(filter.after, (after) => this.page({ ...filter, after }));
  }

  /** One page; `next` is for `after`. */
  page(filter: CompanyFilter = {}): Promise<Page<Company>> {
    return readPage(this.#sender, '/v1/companies', filter);
  }
}

function admissionPath(companyId: number): string {
  return `/v1/companies/${encodeURIComponent(companyId)}/admission`;
}
