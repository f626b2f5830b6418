import i18next, { type TFunction } from 'i18next';
import Negotiator from 'negotiator';
import { type Catalogue, en, type TextKey } from './en.ts';
import { fr } from './fr.ts';

/** Languages there are, the one for everybody else first. */
export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, fr };

/** A text by its key, with what is put into it. HTML is escaped where pages are made, not here. */
export type Texts = (key: TextKey, values?: Readonly<Record<string, string>>) => string;

const catalogue = i18next.createInstance();
await catalogue.init({
  lng: LANGUAGES[0],
  resources: Object.fromEntries(LANGUAGES.map((language) => [language, { translation: CATALOGUES[language] }])),
  // Keys have dots in them.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
});

export function textsIn(language: Language): Texts {
  const translate: TFunction = catalogue.getFixedT(language);
  return (key, values) => translate(key, values ?? {});
}

export function isLanguage(name: unknown): name is Language {
  return LANGUAGES.includes(name as Language);
}

/** What somebody reads best of what there is, by `Accept-Language` (RFC 9110 12.5.4). */
export function languageOf(acceptLanguage: string | undefined): Language {
  const [best] = new Negotiator({ headers: { 'accept-language': acceptLanguage ?? '*' } }).languages([...LANGUAGES]);
  return isLanguage(best) ? best : LANGUAGES[0];
}
