import type { Invitation } from '../../domain/invitation.ts';
import { groupDigits, numberWithCode } from '../../domain/invitation.ts';
import { countryNameIn } from '../../domain/country.ts';
import type { Store } from '../../store/store.ts';
import { type Language, textsIn } from '../../texts/texts.ts';
import { listDiallable } from '../companies/find-hub.ts';
import type { Host } from './host.ts';

/** What a host's guests need. `link`: where the hub is seen, which without a wildcard in the DNS is a path. */
export async function invitationOf(store: Store, host: Host, link = `https://${host.hubUrl}/`): Promise<Invitation> {
  const passCode = host.participantPassCode.reveal();
  const numbers = await listDiallable(store, host.tenantId);
  return {
    host: host.name,
    company: host.companyName,
    link,
    numbers: numbers.map((number) => numberWithCode(number, passCode)),
    passCode,
  };
}

export interface WrittenInvitation {
  subject: string;
  text: string;
}

/** As plain text: what every mail program and messenger shows as it was written. */
export function writeInvitation({ host, company, link, numbers, passCode }: Invitation, language: Language): WrittenInvitation {
  const say = textsIn(language);
  const code = groupDigits(passCode);
  const [first] = numbers;
  const lines =
    first === undefined
      ? [say('invitation.noNumbers', { code })]
      : [
          say('invitation.dial'),
          ...numbers.map((number) => `  ${number.shown}${noteOf(number, language)}`),
          '',
          say('invitation.code', { code: `${code} #` }),
          '',
          say('invitation.oneTap'),
          `  ${first.oneTap}`,
        ];
  return {
    subject: say('invitation.subject', { host }),
    text: [say('invitation.greeting', { host, company }), '', ...lines, '', say('invitation.more', { link }), ''].join('\n'),
  };
}

/** A toll-free number of North America is no one country's. */
export function placeOf({ country, isTollFree }: Invitation['numbers'][number], language: Language): string | undefined {
  if (isTollFree) return textsIn(language)('numbers.tollFree');
  return country && countryNameIn(country, language);
}

function noteOf(number: Invitation['numbers'][number], language: Language): string {
  const place = placeOf(number, language);
  return place === undefined ? '' : ` (${place})`;
}
