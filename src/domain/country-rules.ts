/** Country rules as data, by ISO 3166-1 alpha-2 code. A country that is not listed has no rule of its own. */
export const COUNTRY_RULES: Readonly<Record<string, { stateRequired: boolean; inSentences: string }>> = {
  US: { stateRequired: true, inSentences: 'the United States' },
};
