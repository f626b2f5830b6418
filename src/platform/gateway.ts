import type { Tenant } from '../domain/caller.ts';
import { platformUnsupported } from '../domain/errors.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Platform } from './platform.ts';

/** The tenant whose records a remote platform has: the first. Two tenants with one vendor account would share its external ids. */
export const OWNER = 1 as TenantId;

/** In front of a remote platform: its tenant's calls go there, a sandbox's go to the built-in directory, and nobody else has a platform here. */
export class Gateway implements Platform {
  readonly #remote: Platform;
  readonly #sandbox: Platform;

  constructor(remote: Platform, sandbox: Platform) {
    this.#remote = remote;
    this.#sandbox = sandbox;
  }

  #of({ tenantId, isSandbox }: Tenant): Platform {
    if (isSandbox) return this.#sandbox;
    if (tenantId === OWNER) return this.#remote;
    throw platformUnsupported("This server's platform serves its first tenant alone. Run a server of its own for another one.");
  }

  provision: Platform['provision'] = async (tenant, ...rest) => this.#of(tenant).provision(tenant, ...rest);
  preview: Platform['preview'] = async (tenant, ...rest) => this.#of(tenant).preview(tenant, ...rest);
  deactivate: Platform['deactivate'] = async (tenant, ...rest) => this.#of(tenant).deactivate(tenant, ...rest);
  reactivate: Platform['reactivate'] = async (tenant, ...rest) => this.#of(tenant).reactivate(tenant, ...rest);
  change: Platform['change'] = async (tenant, ...rest) => this.#of(tenant).change(tenant, ...rest);
  rotatePassCodes: Platform['rotatePassCodes'] = async (tenant, ...rest) => this.#of(tenant).rotatePassCodes(tenant, ...rest);
  get: Platform['get'] = async (tenant, ...rest) => this.#of(tenant).get(tenant, ...rest);
  signOn: Platform['signOn'] = async (tenant, ...rest) => this.#of(tenant).signOn(tenant, ...rest);
  /** The vendor's links lead to the vendor's hubs: what comes here is a sandbox's. */
  redeemSignOn: Platform['redeemSignOn'] = async (visit) => this.#sandbox.redeemSignOn(visit);
}
