import type { CountryCode } from './country-table.ts';
import { isSmallWord } from './spelling.ts';

/** How states call themselves: with or without it the same one is meant. */
const STATES =
  'republic republica republique republik republika republiek republiken repubblica repubblika repoblika respublika respublikasi respublikasy jamhuri cumhuriyeti tasavalta ' +
  'bundesrepublik volksrepublik volksrepubliek freistaat eidgenossenschaft ' +
  'kingdom royaume reino regno konigreich koninkrijk kongeriket kongeriget konungariket principality principaute principado principato furstentum vorstendom ' +
  'sultanate sultanat sultanato emirate emirat emirato duchy grand gran grossherzogtum granducato ducato duche groothertogdom state etat estado stato staat ' +
  'federal federale federative federativa foderale federation federacion federacao confederation confederacion ' +
  'democratic democratique democratica demokratische democratische people populaire popular popolare islamic islamique islamica islamische islamitische ' +
  'socialist socialiste socialista sozialistische independent independant independiente plurinational plurinacional bolivarian bolivariana bolivarienne ' +
  'united unie unida unita vereinigte arab arabe hashemite cooperative sovereign nation country commonwealth ' +
  'республика республики республикасы республикаси республіка република рэспубліка королевство δημοκρατια جمهوريه مملكه دوله';
/** What belongs to another state, or lies in the sea, and other words that many names share. */
const OTHERS =
  'administrative collectivity department former island islands isla islas isle isles isola isole ile iles ilha ilhas insel inseln eiland eilanden остров острова province ' +
  'provincia region special states territories territory territoire union yugoslav';

const TITLES: ReadonlySet<string> = new Set(STATES.split(' '));
const COMMON_WORDS: ReadonlySet<string> = new Set(`${STATES} ${OTHERS}`.split(' '));
/** Countries that a title tells apart from another of the same name, or from a state of the USA. */
const TOLD_APART: ReadonlySet<CountryCode> = new Set(['CD', 'CG', 'CN', 'DE', 'DM', 'DO', 'GE', 'KP', 'KR', 'TW']);

/** The name that is left of "Republic of X" in any language, or undefined where nothing or nobody's name is left. */
export function withoutTitle(words: readonly string[]): string[] | undefined {
  const name = words.filter((word) => !TITLES.has(word));
  return name.length < words.length && name.some((word) => !isSmallWord(word)) ? name : undefined;
}

/** Whether a country is meant with any title before its name. */
export function isTitleFree(code: CountryCode): boolean {
  return !TOLD_APART.has(code);
}

/** Says nothing about which country is meant; nor does it with one typing error ("Czech Repulic"). */
export function isCommonWord(word: string, distance: (one: string, other: string) => number): boolean {
  if (isSmallWord(word) || COMMON_WORDS.has(word)) return true;
  return word.length > 5 && [...COMMON_WORDS].some((common) => common.length > 5 && distance(word, common) === 1);
}
