import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathNotFound } from '../../domain/errors.ts';
import { type InvitationNumber, numberWithCode } from '../../domain/invitation.ts';
import { findHub, listDiallable } from '../../operations/companies/find-hub.ts';
import type { Host } from '../../operations/hub/host.ts';
import { openSession } from '../../operations/hub/host-session.ts';
import type { Store } from '../../store/store.ts';
import { isLanguage, type Language, languageOf } from '../../texts/texts.ts';
import type { ServerParts } from '../server-parts.ts';
import { conferencePage } from './conference-page.ts';
import { type HubVisit, type JoinAttempt, renderHub, renderNoHub } from './hub-page.ts';
import { formHeaders, PAGE_HEADERS, wantsPage } from './page.ts';

/** The prefix makes a browser refuse one that is not of this very host, over TLS, for all of its paths (RFC 6265bis 4.1.3.2). Browsers take localhost for safe. */
export const SESSION_COOKIE = '__Host-parley-host';
const LANGUAGE_COOKIE = '__Host-parley-language';
const YEAR_SECONDS = 365 * 24 * 3600;
export const KEPT_BY_BROWSER = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;
export const HIDDEN = { schema: { hide: true } } as const;

export type Form = Readonly<Record<string, string | undefined>>;

export async function sendHub(
  reply: FastifyReply,
  visit: HubVisit,
  { store, hall }: ServerParts,
  attempt: JoinAttempt = {},
): Promise<FastifyReply> {
  const numbers = await listNumbers(store, visit.hub);
  return reply
    .headers(hall === undefined ? PAGE_HEADERS : { ...formHeaders(), link: conferencePage().preload })
    .send(renderHub(visit, numbers, hall === undefined ? undefined : attempt));
}

/** What guests of a hub can dial. */
export async function listNumbers(store: Store, { tenantId }: Pick<HubVisit['hub'], 'tenantId'>): Promise<InvitationNumber[]> {
  return (await listDiallable(store, tenantId)).map((number) => numberWithCode(number, ''));
}

export function sendNoHub({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!wantsPage(headers.accept)) throw pathNotFound();
  return reply
    .code(404)
    .headers(PAGE_HEADERS)
    .send(renderNoHub(languageOf(headers['accept-language'])));
}

/** Whose hub this address is, below which path, and in which language the visitor reads it. Undefined where it is nobody's. */
export async function visitOf(
  request: FastifyRequest,
  reply: FastifyReply | undefined,
  { store, baseDomain }: Pick<ServerParts, 'store' | 'baseDomain'>,
): Promise<HubVisit | undefined> {
  const { slug } = request.params as { slug?: string };
  const name = hostNameOf(slug ?? request.hostname);
  const found = await findHub(store, slug === undefined || name.includes('.') ? name : `${name}.${baseDomain}`);
  if (found === undefined) return undefined;
  return { hub: found, base: slug === undefined ? '' : `/hub/${encodeURIComponent(name)}`, language: languageFor(request, reply) };
}

/** Names are the same in any case, and with the dot at the end that stands for the root. */
export function hostNameOf(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** What was asked for by the switch is remembered; else what the browser says. */
function languageFor({ query, cookies, headers }: FastifyRequest, reply: FastifyReply | undefined): Language {
  const { lang } = query as { lang?: unknown };
  if (isLanguage(lang)) {
    void reply?.setCookie(LANGUAGE_COOKIE, lang, { ...KEPT_BY_BROWSER, maxAge: YEAR_SECONDS });
    return lang;
  }
  const remembered = cookies[LANGUAGE_COOKIE];
  return isLanguage(remembered) ? remembered : languageOf(headers['accept-language']);
}

export async function hostOf({ cookies }: FastifyRequest, { hub }: HubVisit, { store, desk, now }: ServerParts): Promise<Host | undefined> {
  return openSession({ store, vault: desk.vault }, cookies[SESSION_COOKIE], hub.hubUrl, now());
}

/** A link may bring the code along. */
export function attemptOf({ query }: FastifyRequest): JoinAttempt {
  const { code } = query as { code?: unknown };
  return typeof code === 'string' ? { code: code.slice(0, 40) } : {};
}

/** A form that another site sent: browsers say so by themselves, and nobody can make them say otherwise. */
export function isFromElsewhere({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

export function readForm({ body }: FastifyRequest): Form {
  return (typeof body === 'object' && body !== null ? body : {}) as Form;
}
