import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathNotFound } from '../../domain/errors.ts';
import { momentIn, numberWithCode } from '../../domain/invitation.ts';
import { findHub, listDiallable } from '../../operations/companies/find-hub.ts';
import { redeemSignOn } from '../../operations/clients/sign-on.ts';
import { writeCalendar } from '../../operations/hub/calendar.ts';
import { findHost, type Host } from '../../operations/hub/host.ts';
import { openSession, sealSession, SESSION_MS } from '../../operations/hub/host-session.ts';
import { invitationOf } from '../../operations/hub/invitation.ts';
import { chooseHost, signInHost, type SignedIn } from '../../operations/hub/sign-in.ts';
import { isLanguage, type Language, languageOf } from '../../texts/texts.ts';
import type { ServerParts } from '../server-parts.ts';
import { HOST_SCRIPT, renderCalendarProblem, renderHost } from './host-page.ts';
import { type HubVisit, renderHub, renderNoHub } from './hub-page.ts';
import { formHeaders, PAGE_HEADERS, wantsPage } from './page.ts';
import { renderChoice, renderRefusal, renderSignIn, type SignInProblem } from './sign-in-page.ts';

/** The prefix makes a browser refuse one that is not of this very host, over TLS, for all of its paths (RFC 6265bis 4.1.3.2). Browsers take localhost for safe. */
const SESSION_COOKIE = '__Host-parley-host';
const LANGUAGE_COOKIE = '__Host-parley-language';
const YEAR_SECONDS = 365 * 24 * 3600;
const MAX_FORM_BYTES = 16 * 1024;
const KEPT_BY_BROWSER = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;
const HIDDEN = { schema: { hide: true } } as const;
/** Whoever opens one in a browser that looks ahead has not followed it. */
const NEVER_AHEAD = { schema: { hide: true }, exposeHeadRoute: false } as const;

type Form = Readonly<Record<string, string | undefined>>;

/** A company's hub: at its own host name, and below `/hub/` for those who have no wildcard in their DNS. */
export async function registerHub(app: FastifyInstance, parts: ServerParts): Promise<void> {
  await app.register(cookie);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
  for (const base of ['', '/hub/:slug']) registerAt(app, base, parts);
}

function registerAt(app: FastifyInstance, base: string, parts: ServerParts): void {
  const { desk, platform, store, vault, now } = { ...parts, vault: parts.desk.vault };

  if (base !== '')
    app.get(base, HIDDEN, async (request, reply) => {
      const visit = await visitOf(request, reply, parts);
      return visit === undefined ? sendNoHub(request, reply) : sendHub(reply, visit, parts);
    });

  app.get(`${base}/sign-in`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    return reply.headers(formHeaders()).send(renderSignIn(visit));
  });

  app.post(`${base}/sign-in`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    const { login = '', password = '', choice, clientId = '' } = readForm(request);
    const refuse = (status: number, problem: SignInProblem): FastifyReply =>
      reply.code(status).headers(formHeaders()).send(renderSignIn(visit, { login, problem }));
    if (isFromElsewhere(request)) return refuse(403, 'signIn.elsewhere');
    const { hub } = visit;
    const from = { hub, address: request.ip, requestId: request.id };
    const signedIn: SignedIn | undefined =
      choice === undefined ? await signInHost(desk, { login, password }, from) : await chooseHost(desk, { choice, clientId }, from);
    switch (signedIn?.kind) {
      case undefined:
        return refuse(403, 'signIn.expired');
      case 'wrong':
        return refuse(403, 'signIn.wrong');
      case 'choose':
        return reply.headers(formHeaders()).send(renderChoice(visit, signedIn.choice, signedIn.hosts));
      case 'in':
        return enter(reply, visit, signedIn.session);
    }
  });

  app.get(`${base}/signon`, NEVER_AHEAD, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    const language = visit?.language ?? languageOf(request.headers['accept-language']);
    void reply.headers(PAGE_HEADERS);
    const isLookingAhead = String(request.headers['sec-purpose'] ?? request.headers.purpose ?? '').includes('prefetch');
    if (isLookingAhead) return reply.code(503).header('retry-after', '0').send(renderRefusal(language));
    const { token } = request.query as { token?: unknown };
    const asked = { token: typeof token === 'string' ? token : '', host: visit?.hub.hubUrl ?? '', requestId: request.id };
    const signedOn = visit && (await redeemSignOn(platform, asked));
    const host = signedOn && (await findHost({ store, vault }, signedOn.tenantId, signedOn.clientId));
    if (visit === undefined || host === undefined) return reply.code(403).send(renderRefusal(language));
    return enter(reply, visit, sealSession(vault, host, now()));
  });

  app.get(`${base}/host`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    const host = await hostOf(request, visit, parts);
    if (host === undefined) return reply.redirect(`${visit.base}/sign-in`, 303);
    const invitation = await invitationOf(store, host, linkOf(request, visit));
    return reply.headers(formHeaders(HOST_SCRIPT)).send(renderHost(visit, host, invitation));
  });

  app.get(`${base}/host/invitation.ics`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    const host = await hostOf(request, visit, parts);
    if (host === undefined) return reply.redirect(`${visit.base}/sign-in`, 303);
    const { start = '', minutes = '', zone = 'UTC', subject } = request.query as Form;
    const startsAt = isZone(zone) ? momentIn(zone, start) : undefined;
    const length = /^\d{1,4}$/.test(minutes) ? Number(minutes) : 0;
    const problem = !isZone(zone)
      ? 'problem.zone'
      : startsAt === undefined
        ? 'problem.start'
        : length < 1 || length > 1440
          ? 'problem.minutes'
          : undefined;
    if (problem !== undefined || startsAt === undefined)
      return reply
        .code(422)
        .headers(PAGE_HEADERS)
        .send(renderCalendarProblem(visit, problem ?? 'problem.start'));
    const invitation = await invitationOf(store, host, linkOf(request, visit));
    const title = subject?.trim().slice(0, 255) || undefined;
    const file = await writeCalendar(
      host,
      invitation,
      { startsAt, minutes: length, subject: title },
      { language: visit.language, at: now() },
    );
    return reply
      .headers({
        'content-type': 'text/calendar; charset=utf-8',
        'content-disposition': 'attachment; filename="invitation.ics"',
        'cache-control': 'no-store',
      })
      .send(file);
  });

  app.post(`${base}/sign-out`, HIDDEN, async (request, reply) => {
    const visit = await visitOf(request, reply, parts);
    if (visit === undefined) return sendNoHub(request, reply);
    if (!isFromElsewhere(request)) void reply.clearCookie(SESSION_COOKIE, KEPT_BY_BROWSER);
    return reply.redirect(`${visit.base}/`, 303);
  });
}

export async function sendHub(reply: FastifyReply, visit: HubVisit, { store }: ServerParts): Promise<FastifyReply> {
  const numbers = await listDiallable(store, visit.hub.tenantId);
  return reply.headers(PAGE_HEADERS).send(
    renderHub(
      visit,
      numbers.map((number) => numberWithCode(number, '')),
    ),
  );
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
  reply: FastifyReply,
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
function languageFor({ query, cookies, headers }: FastifyRequest, reply: FastifyReply): Language {
  const { lang } = query as { lang?: unknown };
  if (isLanguage(lang)) {
    void reply.setCookie(LANGUAGE_COOKIE, lang, { ...KEPT_BY_BROWSER, maxAge: YEAR_SECONDS });
    return lang;
  }
  const remembered = cookies[LANGUAGE_COOKIE];
  return isLanguage(remembered) ? remembered : languageOf(headers['accept-language']);
}

async function hostOf({ cookies }: FastifyRequest, { hub }: HubVisit, { store, desk, now }: ServerParts): Promise<Host | undefined> {
  return openSession({ store, vault: desk.vault }, cookies[SESSION_COOKIE], hub.hubUrl, now());
}

function enter(reply: FastifyReply, { base }: HubVisit, session: string): FastifyReply {
  return reply.setCookie(SESSION_COOKIE, session, { ...KEPT_BY_BROWSER, maxAge: SESSION_MS / 1000 }).redirect(`${base}/host`, 303);
}

/** Where guests see the hub: its own host name, where that is how the host got here, else the address at which the host sees it. */
function linkOf({ protocol, host, hostname }: FastifyRequest, { hub, base }: HubVisit): string {
  return base === '' || hostNameOf(hostname) === hub.hubUrl ? `https://${hub.hubUrl}/` : `${protocol}://${host}${base}`;
}

/** A form that another site sent: browsers say so by themselves, and nobody can make them say otherwise. */
function isFromElsewhere({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

function readForm({ body }: FastifyRequest): Form {
  return (typeof body === 'object' && body !== null ? body : {}) as Form;
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
