import { LONGEST_MS } from '../../../domain/leg.ts';
import type { HeldConference } from '../../../operations/admission/check-conference.ts';
import type { ConferenceRoute, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';

/** https://jitsi.github.io/handbook/docs/devops-guide/reservation: Prosody asks before it opens a room, whoever wants in and however. */
export const jitsiReservations: readonly ConferenceRoute[] = [
  {
    kind: 'conference',
    methods: ['POST'],
    path: '/conference',
    read: (asked) => ({ conference: new Form(asked).required('name') }),
    render: renderReservation,
  },
  { kind: 'conference', methods: ['GET'], path: '/conference/:id', read: readId, render: renderReservation },
  // Nothing is kept of a reservation, so that none is left over.
  { kind: 'conference', methods: ['DELETE'], path: '/conference/:id', read: readId, render: () => json(200, {}) },
];

function readId({ params }: EngineRequest): { reservationId: number } {
  const id = params.id ?? '';
  return { reservationId: /^\d{1,9}$/.test(id) ? Number(id) : 0 };
}

function renderReservation(held: HeldConference | undefined, asked: EngineRequest, now: number): Rendered {
  if (held === undefined) return json(asked.method === 'GET' ? 404 : 403, { message: 'There is no such conference.' });
  const form = new Form(asked);
  const start = Date.parse(form.optional('start_time') ?? '');
  return json(200, {
    id: held.reservationId,
    name: held.conference,
    mail_owner: form.optional('mail_owner'),
    start_time: new Date(Number.isNaN(start) ? now : start).toISOString(),
    duration: held.maxDurationSeconds ?? LONGEST_MS / 1000,
    max_occupants: held.maxParticipants,
    lobby: held.moderatorRequired || undefined,
  });
}

function json(status: number, body: object): Rendered {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
