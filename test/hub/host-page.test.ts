import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { NUMBER, putInService } from '../support/admission.ts';
import { DEACTIVATE, SIGN_ON } from '../support/bodies.ts';
import { enterBy, Visitor } from '../support/pages.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';
import { CATALOGUES, LANGUAGES } from '../../src/texts/texts.ts';

const unescape = (html: string): string => html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

async function startHost(t: TestContext) {
  const server = await startTestServer(t);
  await putInService(server, NUMBER, 'default');
  await putInService(server, '+18005550199', null);
  const { data } = await server.provision({
    company: { name: 'Müller & <Söhne>' },
    client: { first: 'Ada', last: 'Lovelace', email: 'ada@example.com', password: 'correct-horse-7' },
  });
  const visitor = new Visitor(server, data.hub.hubUrl);
  await visitor.submit('/sign-in', { login: String(data.clientId), password: 'correct-horse-7' });
  return { server, ...data, visitor };
}

test('a host sees both codes, numbers that dial by themselves, and an invitation without the moderator’s code', async (t) => {
  const { visitor, passCodes, hub } = await startHost(t);
  const { text } = await visitor.open('/host');
  const tel = [...text.matchAll(/href="(tel:[^"]+)"/g)].map(([, link]) => unescape(link as string));
  assert.deepEqual(tel, [`tel:${NUMBER},,${passCodes.moderatorPassCode}#`, `tel:+18005550199,,${passCodes.moderatorPassCode}#`]);
  const invitations = [...text.matchAll(/<textarea[^>]*>([^<]*)<\/textarea>/g)].map(([, written]) => unescape(written as string));
  assert.equal(invitations.length, LANGUAGES.length);
  for (const written of invitations) {
    const spaced = passCodes.participantPassCode.replace(/^(\d{3})(\d{3})/, '$1 $2 ');
    for (const part of ['Ada Lovelace', 'Müller & <Söhne>', '+1 514 555 0100', `${spaced} #`, `https://${hub.hubUrl}/`])
      assert.ok(written.includes(part), `${part} in ${written}`);
    assert.ok(written.includes(`tel:${NUMBER},,${passCodes.participantPassCode}#`));
    assert.ok(!written.replaceAll(/\s/g, '').includes(passCodes.moderatorPassCode));
  }
  assert.match(invitations[0] as string, /invites you .*\n[^]*\(Canada\)[^]*\(toll-free\)/);
  assert.match(invitations[1] as string, /vous invite .*\n[^]*\(Canada\)[^]*\(gratuit\)/);
});

test('pages speak the visitor’s language: by the browser, by the switch, which is remembered', async (t) => {
  const { server, hub } = await startHost(t);
  const opened = async (header: string, path = '/'): Promise<string> => {
    const { text } = await new Visitor(server, hub.hubUrl, { 'accept-language': header }).open(path);
    return /<html lang="(\w+)">/.exec(text)?.[1] as string;
  };
  for (const [header, language] of [
    ['fr', 'fr'],
    ['fr-CA,fr;q=0.9,en;q=0.5', 'fr'],
    ['en-US,en;q=0.9,fr;q=0.8', 'en'],
    ['de,fr;q=0.5', 'fr'],
    ['de', 'en'],
    ['*', 'en'],
    ['not a language', 'en'],
  ] as const)
    for (const path of ['/', '/sign-in']) assert.equal(await opened(header, path), language, header);
  const visitor = new Visitor(server, hub.hubUrl, { 'accept-language': 'en' });
  assert.match((await visitor.open('/')).text, /<a href="\?lang=fr" lang="fr" hreflang="fr">Français<\/a>/);
  assert.match((await visitor.open('/?lang=fr')).text, /<html lang="fr">/);
  assert.match((await visitor.open('/sign-in')).text, /Se connecter comme hôte/);
  assert.match((await visitor.open('/?lang=xx')).text, /<html lang="fr">/);
});

test('every text is there in every language, with the same places to fill in, and is not left in English', () => {
  const placesOf = (written: string): string[] => [...written.matchAll(/{{\w+}}/g)].map(([place]) => place).toSorted();
  for (const language of LANGUAGES.slice(1))
    for (const [key, written] of Object.entries(CATALOGUES[language])) {
      const english = CATALOGUES.en[key as keyof typeof CATALOGUES.en];
      assert.deepEqual(placesOf(written), placesOf(english), key);
      assert.ok(written !== english || key.endsWith('.minutes'), key);
    }
  for (const language of LANGUAGES) assert.deepEqual(Object.keys(CATALOGUES[language]), Object.keys(CATALOGUES.en));
});

test('a calendar file is the same event when it is made again, at the time of the visitor’s zone; what is wrong is said', async (t) => {
  const { visitor, passCodes, hub } = await startHost(t);
  const ask = (query: Record<string, string>) => visitor.open(`/host/invitation.ics?${new URLSearchParams(query)}`);
  const file = await ask({ start: '2026-12-01T14:30', minutes: '45', zone: 'America/Toronto', subject: 'Planning, part 2' });
  assert.deepEqual([file.status, file.headers['content-type']], [200, 'text/calendar; charset=utf-8']);
  const lines = file.text.replaceAll('\r\n ', '').split('\r\n');
  const valueOf = (name: string): string | undefined => lines.find((line) => line.startsWith(name))?.slice(name.length);
  assert.equal(valueOf('DTSTART:'), '20261201T193000Z');
  assert.equal(valueOf('DTEND:'), '20261201T201500Z');
  assert.equal(valueOf('SUMMARY:'), 'Planning\\, part 2');
  assert.match(valueOf('ORGANIZER') ?? '', /CN="?Ada Lovelace"?.*mailto:ada@example\.com/i);
  assert.ok(valueOf('DESCRIPTION:')?.includes(passCodes.participantPassCode) && !file.text.includes(passCodes.moderatorPassCode));
  const again = await ask({ start: '2026-12-01T20:30', minutes: '60', zone: 'Europe/Paris', subject: 'Renamed' });
  const uid = (text: string): string | undefined => /^UID:(.*)$/m.exec(text)?.[1]?.trim();
  assert.equal(uid(again.text), uid(file.text), 'the same moment of the same conference');
  assert.ok(uid(file.text)?.endsWith(`@${hub.hubUrl}`));
  assert.notEqual(uid((await ask({ start: '2026-12-02T20:30', minutes: '60', zone: 'Europe/Paris' })).text), uid(file.text));
  for (const [query, says] of [
    [{ start: '', minutes: '60' }, /Say when/],
    [{ start: '2026-02-30T10:00', minutes: '60' }, /Say when/],
    [{ start: '2026-12-01T14:30', minutes: '0' }, /how many minutes/],
    [{ start: '2026-12-01T14:30', minutes: '1441' }, /how many minutes/],
    [{ start: '2026-12-01T14:30', minutes: '60', zone: 'Mars/Olympus' }, /Name a time zone/],
  ] as const) {
    const page = await ask(query);
    assert.equal(page.status, 422, JSON.stringify(query));
    assert.match(page.text, says);
  }
});

test('the invitation is there for programs: in both languages, without the moderator’s code, and the audit notes each', async (t) => {
  const { server, clientId, passCodes, hub } = await startHost(t);
  const path = `/v1/clients/${clientId}/invitation`;
  const { status, json, headers } = await get(server, path);
  assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store']);
  assert.deepEqual(Object.keys(json), ['clientId', 'subject', 'text', 'link', 'participantPassCode', 'numbers']);
  assert.deepEqual([json.link, json.participantPassCode], [`https://${hub.hubUrl}/`, passCodes.participantPassCode]);
  assert.deepEqual(json.numbers[0], {
    number: NUMBER,
    display: '+1 514 555 0100',
    country: 'CA',
    isTollFree: false,
    oneTap: `tel:${NUMBER},,${passCodes.participantPassCode}#`,
  });
  assert.ok(!JSON.stringify(json).includes(passCodes.moderatorPassCode));
  assert.match((await get(server, `${path}?language=fr`)).json.subject, /^Conférence avec Ada Lovelace$/);
  const { items } = (await get(server, `/v1/audit?clientId=${clientId}&types=client.looked_up`)).json;
  assert.deepEqual(
    items.map(({ data }: { data: { by: string } }) => data.by),
    ['invitation', 'invitation'],
  );
  const reader = { 'X-AUTH-TOKEN': (await server.addToken('default', { scopes: ['read'] })).token };
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  assert.equal((await get(server, path, reader)).json.code, 'SCOPE_REQUIRED');
  assert.equal((await get(server, path, stranger)).json.code, 'CLIENT_NOT_FOUND');
  assert.match((await get(server, `${path}?language=xx`)).text, /language.*must be one of en, fr/);
  await server.post(DEACTIVATE, { clientId });
  assert.deepEqual([(await get(server, path)).status, (await get(server, path)).json.code], [409, 'CLIENT_INACTIVE']);
  await server.post(`/v1/clients/${clientId}/terminate`, {});
  assert.equal((await get(server, path)).json.code, 'CLIENT_TERMINATED');
});

test('a sign-on link leads into the same session', async (t) => {
  const { server, clientId, hub } = await startHost(t);
  const { url } = (await server.post(SIGN_ON, { clientId })).json.data;
  const page = await enterBy(server, url, { 'accept-language': 'fr' });
  assert.match(page.text, /Bienvenue, Ada Lovelace/);
  const visitor = new Visitor(server, hub.hubUrl);
  await visitor.open(new URL((await server.post(SIGN_ON, { clientId })).json.data.url).pathname);
  assert.match((await visitor.open('/host')).text, /Sign in as the host/, 'without its token a link is none');
});
