import { eventIdOf, type Invitation } from '../../domain/invitation.ts';
import type { Language } from '../../texts/texts.ts';
import type { Host } from './host.ts';
import { writeInvitation } from './invitation.ts';

export interface Appointment {
  startsAt: number;
  minutes: number;
  subject: string | undefined;
}

/** A calendar file (RFC 5545) that any calendar opens. Times are moments (UTC), which each calendar shows in its own zone. The same appointment again is the same event. */
export async function writeCalendar(
  host: Host,
  invitation: Invitation,
  { startsAt, minutes, subject }: Appointment,
  { language, at }: { language: Language; at: number },
): Promise<string> {
  const { default: ical, ICalCalendarMethod } = await import('ical-generator');
  const written = writeInvitation(invitation, language);
  const calendar = ical({
    prodId: { company: 'Parley', product: 'Parley', language: language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
  });
  const [first] = invitation.numbers;
  calendar.createEvent({
    id: eventIdOf({ hubUrl: host.hubUrl, clientId: host.clientId, startsAt }),
    stamp: new Date(at),
    start: new Date(startsAt),
    end: new Date(startsAt + minutes * 60_000),
    summary: subject ?? written.subject,
    description: written.text,
    location: first === undefined ? invitation.link : first.oneTap,
    url: invitation.link,
    organizer: { name: host.name, email: host.email },
  });
  return calendar.toString();
}
