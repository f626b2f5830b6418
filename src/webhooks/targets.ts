import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { findUrlProblem } from '../domain/webhook.ts';
import { isPublicAddress } from './addresses.ts';

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
export type Resolve = (host: string, options: LookupAllOptions, found: Found) => void;

/** A name whose servers do not answer keeps nobody waiting: it is looked at again at each attempt. */
const RESOLVE_MS = 3_000;

/** RFC 6761 6.3: this machine, whether or not it resolves. */
const LOCALHOST = /(^|\.)localhost\.?$/;
const NOT_PUBLIC = 'must lead to a public address';

/** What is refused at the moment of connecting. */
export class TargetRefused extends Error {
  readonly code = 'TARGET_REFUSED';
}

/**
 * Where a webhook may lead. Whoever may name an address that this machine then asks could reach what only this machine can: so it is public
 * addresses alone, unless the operator says otherwise. A name is judged by what it resolves to, and again whenever it is connected to.
 */
export class Targets {
  readonly #allowPrivate: boolean;
  readonly #resolve: Resolve;

  constructor({ allowPrivate, resolve = lookup }: { allowPrivate: boolean; resolve?: Resolve }) {
    this.#allowPrivate = allowPrivate;
    this.#resolve = resolve;
  }

  /** What is wrong with a URL, or undefined. A name that does not resolve now may do so later, and is judged then. */
  async findProblem(text: string): Promise<string | undefined> {
    const problem = findUrlProblem(text);
    if (problem !== undefined || this.#allowPrivate) return problem;
    const url = new URL(text);
    if (url.protocol !== 'https:') return 'must be https://';
    if (LOCALHOST.test(url.hostname)) return NOT_PUBLIC;
    const addresses = isLiteral(url) ? [hostOf(url)] : await this.#addressesOf(hostOf(url));
    return addresses.every(isPublicAddress) ? undefined : NOT_PUBLIC;
  }

  /** Throws where a URL must not be asked, as far as the URL itself says. Connecting to a literal address asks nobody for it. */
  require(url: URL): void {
    if (this.#allowPrivate) return;
    if (url.protocol !== 'https:') throw new TargetRefused('the target is not https');
    if (isLiteral(url) && !isPublicAddress(hostOf(url))) throw new TargetRefused('the target is not a public address');
  }

  /** For `net.connect`: all addresses of a name, if every one of them is public. What is connected to is what was looked at. */
  readonly lookup: LookupFunction = (host, options, found) => {
    this.#resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, []);
      const isRefused = !this.#allowPrivate && !addresses.every(({ address }) => isPublicAddress(address));
      if (isRefused) return found(new TargetRefused(`${host} does not lead to a public address`), []);
      if (options.all === true) return found(null, addresses);
      const [first] = addresses;
      return first === undefined ? found(new Error(`${host} has no address`), []) : found(null, first.address, first.family);
    });
  };

  #addressesOf(host: string): Promise<string[]> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RESOLVE_MS, []);
      this.#resolve(host, { all: true }, (_error, addresses) => {
        clearTimeout(timer);
        resolve(addresses?.map(({ address }) => address) ?? []);
      });
    });
  }
}

/** The URL's parser has made one form of all the ways to write an address: decimal, octal, hexadecimal, short. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function isLiteral(url: URL): boolean {
  return isIP(hostOf(url)) !== 0;
}
