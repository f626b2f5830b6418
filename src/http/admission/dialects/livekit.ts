import { randomUUID } from 'node:crypto';
import { isModeratorIn, makeRoom, signJoin } from '../../../engine/livekit.ts';
import type { AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import { isObject, parseJson } from '../../../domain/json-gate.ts';
import { findCharacterProblem } from '../../../domain/text.ts';
import type { LegReport } from '../../../domain/leg.ts';
import type { AdmissionDialect, EngineRequest, Rendered, RenderTools } from '../dialect.ts';
import { nameIn } from '../display-name.ts';
import { Form } from '../form.ts';
import { checkWebhook } from './livekit-webhook.ts';

const ROOM = /^c-[0-9a-f]{32}$/;
const WAIT_SECONDS = 5;

/** Tokens for rooms, and what LiveKit tells of who is in them: docs/bridges/livekit.md. */
export const livekitDialect: AdmissionDialect = {
  name: 'livekit',
  routes: [
    { kind: 'admission', methods: ['GET', 'POST'], path: '/token', read: readCode, render: renderToken },
    { kind: 'report', methods: ['POST'], path: '/webhook', authenticate: checkWebhook, read: readEvent, render: () => json(200, {}) },
  ],
};

/** The call is who is in the room, too: by that LiveKit tells of joins and leaves. */
function readCode(asked: EngineRequest): Call {
  const form = new Form(asked);
  return { callId: form.optional('call') ?? randomUUID(), accessNumber: undefined, digits: form.optional('code'), caller: undefined };
}

async function renderToken(
  answer: AdmissionAnswer,
  asked: EngineRequest,
  bridge: Bridge,
  { engines, now, callId: identity }: RenderTools,
): Promise<Rendered> {
  if (answer.action !== 'accept') return json(403, { message: 'This pass code opens nothing.' });
  const room = answer.conference;
  if (answer.limits.waitForModerator && !(await isModeratorIn(engines, bridge, room, now))) {
    return json(409, { message: 'Wait for a moderator, and ask again.' }, { 'retry-after': String(WAIT_SECONDS) });
  }
  await makeRoom(engines, bridge, answer, now);
  const token = await signJoin(bridge, answer, { identity, name: nameIn(asked), now });
  return json(200, { token, url: (bridge.settings.url ?? '').replace(/^http/, 'ws'), room });
}

/** Other rooms of the server, and what else happens in ours, are heard and left alone. */
function readEvent({ body }: EngineRequest): LegReport[] {
  const told = parseJson(body);
  const { event, room, participant, createdAt } = (isObject(told) ? told : {}) as Record<string, unknown>;
  const [, what] = /^participant_(joined|left)$/.exec(String(event)) ?? [];
  const conference = nameOf(room, 'name');
  const attributes = isObject(participant) ? participant.attributes : undefined;
  // Telephones: whoever calls twice from one number has one identity.
  const callId = nameOf(attributes, 'sip.callID') || nameOf(participant, 'identity');
  const role = (['moderator', 'participant'] as const).find((known) => known === nameOf(attributes, 'role'));
  if (what === undefined || callId === '' || !ROOM.test(conference)) return [];
  const at = Number(createdAt) * 1000;
  return [{ kind: what as LegReport['kind'], conference, callId, at: Number.isSafeInteger(at) && at > 0 ? at : undefined, role }];
}

function nameOf(told: unknown, member: string): string {
  const name = isObject(told) ? (told as Record<string, unknown>)[member] : undefined;
  return typeof name === 'string' && findCharacterProblem(name) === undefined ? name : '';
}

function json(status: number, body: object, headers: Record<string, string> = {}): Rendered {
  return { status, contentType: 'application/json; charset=utf-8', headers, body: JSON.stringify(body) };
}
