import { Type } from 'typebox';
import type { LiveLeg, UsageLeg } from '../../store/admission.ts';

const Time = Type.String({ format: 'date-time' });
const NullableTime = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time', description });
const NullableText = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });
const Role = Type.Unsafe<string>({ type: 'string', enum: ['moderator', 'participant'] });

export const ParticipantJson = Type.Object({
  role: Role,
  state: Type.Unsafe<string>({
    type: 'string',
    enum: ['admitted', 'joined'],
    description: 'Admitted: let in, and the bridge has not told yet of a join.',
  }),
  admittedAt: Time,
  joinedAt: NullableTime('Null where the bridge has not told.'),
  accessNumber: NullableText('What was dialled.'),
  caller: NullableText('Masked.'),
});

export function toParticipant({ role, admittedAt, joinedAt, accessNumber, callerMasked }: LiveLeg): object {
  return {
    role,
    state: joinedAt === undefined ? 'admitted' : 'joined',
    admittedAt: toTime(admittedAt),
    joinedAt: joinedAt === undefined ? null : toTime(joinedAt),
    accessNumber: accessNumber ?? null,
    caller: callerMasked ?? null,
  };
}

export const LegJson = Type.Object({
  legId: Type.Integer(),
  conference: Type.String(),
  clientId: Type.Integer(),
  companyId: Type.Integer(),
  role: Role,
  bridge: NullableText('Null where a token asked.'),
  accessNumber: NullableText('What was dialled.'),
  callId: NullableText('As the bridge knows the call. Null of a client that was erased.'),
  caller: NullableText('Masked. Null where it was withheld or is no telephone number, and of a client that was erased.'),
  admittedAt: Time,
  joinedAt: NullableTime('Null where nobody joined, or where the bridge does not tell.'),
  leftAt: NullableTime('Null while it goes on.'),
  endedBy: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    enum: ['report', 'expiry', 'ejection', null],
    description: 'The bridge told; or nobody told until its time was over; or it was ended because the client was.',
  }),
  seconds: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'From joining to leaving. Null where either is.' }),
});

export function toLeg(leg: UsageLeg): Record<string, string | number | null> {
  const { joinedAt, leftAt } = leg;
  return {
    legId: leg.legId,
    conference: leg.conference,
    clientId: leg.clientId,
    companyId: leg.companyId,
    role: leg.role,
    bridge: leg.bridgeName ?? null,
    accessNumber: leg.accessNumber ?? null,
    callId: leg.callId ?? null,
    caller: leg.callerMasked ?? null,
    admittedAt: toTime(leg.admittedAt),
    joinedAt: joinedAt === undefined ? null : toTime(joinedAt),
    leftAt: leftAt === undefined ? null : toTime(leftAt),
    endedBy: leg.endedBy ?? null,
    seconds: joinedAt === undefined || leftAt === undefined ? null : Math.max(0, Math.round((leftAt - joinedAt) / 1000)),
  };
}

const COLUMNS = Object.keys(LegJson.properties);

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function toCsv(legs: readonly UsageLeg[]): string {
  const lines = legs.map((leg) => {
    const row = toLeg(leg);
    return COLUMNS.map((column) => toField(row[column] ?? null)).join(',');
  });
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

function toField(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = /^[=@\t\r-]|^\+(?!\d+\**\d*$)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const toTime = (at: number): string => new Date(at).toISOString();
