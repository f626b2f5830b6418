declare const brand: unique symbol;
type Id<Name extends string> = number & { readonly [brand]: Name };

/** Ours: issued in sequence, below 2^31. */
export type TenantId = Id<'TenantId'>;
export type CompanyId = Id<'CompanyId'>;
export type HubId = Id<'HubId'>;
export type ClientId = Id<'ClientId'>;
export type TokenId = Id<'TokenId'>;
/** Drawn, not counted: a webhook's secret is sealed to it before it is on record. */
export type EndpointId = Id<'EndpointId'>;

/** The caller's: `customer.id` and `user_plan.id`, unique within a tenant. */
export type CompanyExternalId = Id<'CompanyExternalId'>;
export type ClientExternalId = Id<'ClientExternalId'>;
export type EnterpriseId = Id<'EnterpriseId'>;

/** Six digits or more for companies and hubs, eight or more for clients (C9). */
export const FIRST_COMPANY_ID = 100_000;
export const FIRST_HUB_ID = 100_000;
export const FIRST_CLIENT_ID = 10_000_000;

const DIGITS = /^[0-9]{1,16}$/;

/** A positive integer up to 2^53-1, given as a number or as a string of digits; undefined for anything else. */
export function readPositiveId<T extends Id<string>>(value: unknown): T | undefined {
  const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as T) : undefined;
}
