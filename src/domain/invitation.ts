import { createHash } from 'node:crypto';
import { describeNumber } from './phone-number.ts';

/** What a host sends to guests. */
export interface Invitation {
  host: string;
  company: string;
  /** Where guests see the numbers. */
  link: string;
  numbers: readonly InvitationNumber[];
  /** Never the moderator's. */
  passCode: string;
}

export interface InvitationNumber {
  /** E.164. */
  number: string;
  /** As people write it for others abroad. */
  shown: string;
  /** Undefined for a number of no one country. */
  country: string | undefined;
  isTollFree: boolean;
  /** Dials, and keys in the code by itself (RFC 3966; a comma is a pause of about two seconds on every telephone tried by others). */
  oneTap: string;
}

export function numberWithCode(number: string, passCode: string): InvitationNumber {
  const { country, isTollFree, international } = describeNumber(number);
  return { number, shown: international, country, isTollFree, oneTap: `tel:${number},,${passCode}#` };
}

/** For the eye: 294 699 9357. */
export function groupDigits(passCode: string): string {
  return passCode.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');
}

/** The same for the same conference at the same time, so that a file that is opened twice is one entry in a calendar. */
export function eventIdOf({ hubUrl, clientId, startsAt }: { hubUrl: string; clientId: number; startsAt: number }): string {
  return `${createHash('sha256').update(`${hubUrl}|${clientId}|${startsAt}`).digest('hex').slice(0, 32)}@${hubUrl}`;
}

/**
 * The moment at which it is this time in a zone: `2026-12-01T14:30` in `America/Toronto`. Where clocks are put back it is the first of the two, where they are put on it is as much later. Undefined for
 * what is no time or no zone.
 */
export function momentIn(zone: string, local: string): number | undefined {
  const given = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d)?$/.exec(local);
  if (given === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = given.slice(1).map(Number);
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  if (new Date(asUtc).toISOString().slice(0, 16) !== local.slice(0, 16)) return undefined;
  try {
    const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => offsetAt(zone, near));
    const moments = offsets.map((offset) => asUtc - offset);
    return moments.find((moment) => offsetAt(zone, moment) === asUtc - moment) ?? moments[0];
  } catch {
    return undefined;
  }
}

const DAY_MS = 24 * 3_600_000;

/** How far a zone's clocks are ahead of UTC at a moment. */
function offsetAt(zone: string, moment: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const get = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second')) - moment;
}
