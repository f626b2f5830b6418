import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { getCountries, getExampleNumber, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { readCallingParty } from '../src/domain/phone-number.ts';

const examples = createRequire(import.meta.url)('libphonenumber-js/mobile/examples');
/** Their national numbers have four digits, as extensions have: only with the country's code are they read. */
const FOUR_DIGITS: ReadonlySet<CountryCode> = new Set(['TA', 'TK']);

const WRITTEN: Readonly<Record<string, (number: PhoneNumber, region: CountryCode) => string>> = {
  'E.164': ({ number }) => number,
  'E.164 without its plus': ({ number }) => number.slice(1),
  'for the eye, international': (number) => number.formatInternational(),
  'for the eye, national': (number) => number.formatNational(),
  'national, digits alone': (number) => number.formatNational().replace(/\D/g, ''),
  'a tel URI': (number) => `${number.getURI()};isub=12345`,
  'a tel URI in a context': (number) => `tel:${number.nationalNumber};phone-context=+${number.countryCallingCode}`,
  'a SIP URI': ({ number }) => `<sip:${number}@10.0.0.1:5060;user=phone;transport=udp>;tag=8c1`,
  'a SIP URI, national, with a display name': (number) =>
    `"Ann \\"Annie\\" <x>" <sip:${number.formatNational().replace(/\D/g, '')}@carrier>`,
  'as dialled abroad': (number, region) => number.format('IDD', { fromCountry: region === 'US' ? 'GB' : 'US' }),
};

for (const [how, write] of Object.entries(WRITTEN)) {
  test(`a number of each country, ${how}, is read as that number`, () => {
    for (const country of getCountries()) {
      const number = getExampleNumber(country, examples);
      if (number === undefined || (/national, |, national/.test(how) && FOUR_DIGITS.has(country))) continue;
      const region = how === 'as dialled abroad' ? (country === 'US' ? 'GB' : 'US') : country;
      const given = write(number, country);
      assert.equal(readCallingParty(given, region).number?.e164, number.number, `${given} in ${region}`);
    }
  });
}
