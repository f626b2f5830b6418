import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { momentIn } from '../../domain/invitation.ts';
import { redeemSignOn } from '../../operations/clients/sign-on.ts';
import { writeCalendar } from '../../operations/hub/calendar.ts';
import { findHost } from '../../operations/hub/host.ts';
import { sealSession, SESSION_MS } from '../../operations/hub/host-session.ts';
import { invitationOf } from '../../operations/hub/invitation.ts';
import { chooseHost, signInHost, type SignedIn } from '../../operations/hub/sign-in.ts';
import { languageOf } from '../../texts/texts.ts';
import type { ServerParts } from '../server-parts.ts';
import { conferencePage } from './conference-page.ts';
import { HOST_SCRIPT, renderCalendarProblem, renderHost } from './host-page.ts';
import type { HubVisit } from './hub-page.ts';
import {
  attemptOf,
  type Form,
  HIDDEN,
  hostNameOf,
  hostOf,
  isFromElsewhere,
  KEPT_BY_BROWSER,
  readForm,
  sendHub,
  sendNoHub,
  SESSION_COOKIE,
  visitOf,
} from './hub-visit.ts';
import { formHeaders, PAGE_HEADERS } from './page.ts';
import { registerConferenceAt, registerSockets } from './register-conference.ts';
import { renderChoice, renderRefusal, renderSignIn, type SignInProblem } from './sign-in-page.ts';

const MAX_FORM_BYTES = 16 * 1024;
/** Whoever opens one in a browser that looks ahead has not followed it. */
const NEVER_AHEAD = { schema: { hide: true }, exposeHeadRoute: false } as const;

/** A company's hub: at its own host name, and below `/hub/` for those who have no wildcard in their DNS. */
export async function registerHub(app: FastifyInstance, parts: ServerParts): Promise<void> {
  await app.register(cookie);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
  const { hall } = parts;
  if (hall !== undefined) {
    await registerSockets(app);
    await conferencePage().built.registerAssets(app);
  }
  for (const base of ['', '/hub/:slug']) {
    registerAt(app, base, parts);
    if (hall !== undefined) registerConferenceAt(app, base, parts, hall);
  }
}

function registerAt(app: FastifyInstance, base: string, parts: ServerParts): void {
  const { desk, platform, store, vault, now } = { ...parts, vault: parts.desk.vault };

  if (base !== '')
    app.get(base, HIDDEN, async (request, reply) => {
      const visit = await visitOf(request, reply, parts);
      if (visit === undefined) return sendNoHub(request, reply);
      return sendHub(reply, visit, parts, attemptOf(request));
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
    return reply.headers(formHeaders(HOST_SCRIPT)).send(renderHost(visit, host, invitation, { canStart: parts.hall !== undefined }));
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

function enter(reply: FastifyReply, { base }: HubVisit, session: string): FastifyReply {
  return reply.setCookie(SESSION_COOKIE, session, { ...KEPT_BY_BROWSER, maxAge: SESSION_MS / 1000 }).redirect(`${base}/host`, 303);
}

/** Where guests see the hub: its own host name, where that is how the host got here, else the address at which the host sees it. */
function linkOf({ protocol, host, hostname }: FastifyRequest, { hub, base }: HubVisit): string {
  return base === '' || hostNameOf(hostname) === hub.hubUrl ? `https://${hub.hubUrl}/` : `${protocol}://${host}${base}`;
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
