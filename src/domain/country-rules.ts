/** Country rules as data, by ISO 3166-1 alpha-2 code. A country that is not listed has no rule of its own. */
export const COUNTRY_RULES: Readonly<Record<string, { stateRequired: boolean; inSentences: string }>> = {
  US: { stateRequired: true, inSentences: 'the United States' },
};

/** Names in daily use that the ISO list lacks. Dots, case, accents, spacing and a leading "the" are ignored when matching. */
export const COUNTRY_ALIASES: Readonly<Record<string, readonly string[]>> = {
  AE: ['Emirates', 'UAE'],
  BA: ['Bosnia', 'Bosnia & Herzegovina'],
  BN: ['Brunei'],
  CD: ['DR Congo', 'DRC', 'Congo-Kinshasa', 'Congo, Democratic Republic of the'],
  CG: ['Congo-Brazzaville'],
  CI: ['Ivory Coast'],
  CV: ['Cabo Verde'],
  CZ: ['Czechia'],
  FK: ['Falkland Islands', 'Falklands'],
  FM: ['Micronesia'],
  GB: ['Great Britain', 'Britain', 'England', 'Scotland', 'Wales', 'Northern Ireland', 'U.K.'],
  HK: ['Hong Kong SAR'],
  KP: ['North Korea'],
  KR: ['Korea', 'South Korea'],
  LA: ['Laos'],
  MD: ['Moldova'],
  MK: ['Macedonia'],
  MM: ['Burma'],
  NL: ['Holland'],
  PS: ['Palestinian Territory'],
  RU: ['Russia'],
  ST: ['Sao Tome & Principe'],
  SY: ['Syria'],
  SZ: ['Swaziland'],
  TR: ['Turkey', 'Türkiye'],
  TT: ['Trinidad & Tobago', 'Trinidad'],
  TW: ['Taiwan'],
  TZ: ['Tanzania'],
  US: ['U.S.', 'U.S.A.', 'United States', 'United States of America', 'America'],
  VA: ['Vatican', 'Vatican City'],
  VN: ['Vietnam', 'Viet Nam'],
};
