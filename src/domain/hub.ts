import { randomBytes } from 'node:crypto';
import { toAscii } from './ascii.ts';

/** RFC 1035 2.3.4: a label has at most 63 octets; some are kept free for the suffix that tells namesakes apart. */
const LABEL_MAX = 63;
const SUFFIX_MAX = '-2147483647'.length;

/** Names that an operator needs for other things, or that a visitor would take for the operator's own. */
const RESERVED = new Set(
  (
    'www api app admin administrator root console docs doc help support status static assets cdn auth login signon sso oauth scim ' +
    'mail smtp imap pop mx ns ns1 ns2 dns ftp ssh vpn proxy gateway localhost local internal intranet test staging dev demo ' +
    'metrics health healthz readyz bridge bridges sip sips turn stun janus webhooks webhook billing security abuse postmaster ' +
    'hostmaster webmaster noreply info hub hubs parley tenant autoconfig autodiscover wpad isatap'
  ).split(' '),
);

/**
 * A valid DNS label for any company name: folded to ASCII, [a-z0-9-], no hyphen at either end and none doubled (so never `xn--`).
 * Undefined where nothing is left, or where the name is reserved: the company's id then names the hub.
 */
export function slugOf(companyName: string): string | undefined {
  const slug = toAscii(companyName.normalize('NFKC'))
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LABEL_MAX - SUFFIX_MAX)
    .replace(/-+$/, '');
  return slug === '' || RESERVED.has(slug) ? undefined : slug;
}

/**
 * Host names to try in order. The company's id (or what stands for it until it is known) tells namesakes apart; the last cannot have been
 * taken by one who foresaw the id.
 */
export function hubHosts(slug: string | undefined, companyId: number | string, baseDomain: string): string[] {
  const labels = slug === undefined ? [] : [slug];
  labels.push(`${slug ?? 'company'}-${companyId}`, `company-${companyId}-${randomBytes(6).toString('hex')}`);
  return labels.map((label) => `${label}.${baseDomain}`);
}
