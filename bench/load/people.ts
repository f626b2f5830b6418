const ONSETS = ['b', 'br', 'c', 'd', 'f', 'g', 'h', 'k', 'kr', 'l', 'm', 'n', 'p', 'r', 's', 'st', 't', 'v', 'w', 'z'];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ai', 'ei', 'ou'];
const CODAS = ['', 'n', 'r', 'l', 's', 'ck', 'nd', 'th'];
const TRADES = ['Telecom', 'Works', 'Partners', 'Logistics', 'Foods', 'Energy', 'Media', 'Systems', 'Bank', 'Travel'];

export interface Person {
  first: string;
  last: string;
  email: string;
}

/** The same number is the same person at every call. Surnames repeat about as often as real ones: one in some twenty thousand. */
export function personOf(nth: number): Person {
  const [first, last] = [nameOf(nth * 7 + 1, 2, 3_000), nameOf(nth * 13 + 5, 2, 20_000)];
  return { first, last, email: `${first}.${last}${nth % 97}@${nameOf(nth * 3, 2, 5_000)}.example`.toLowerCase() };
}

/** One word of its own, and one that a tenth of all companies have. */
export function companyOf(nth: number): string {
  return `${nameOf(nth * 17 + 3, 3, 100_000)} ${TRADES[nth % TRADES.length]}`;
}

function nameOf(nth: number, syllables: number, different: number): string {
  let rest = scatter(nth % different);
  const draw = (from: readonly string[]): string => {
    const drawn = from[rest % from.length] as string;
    rest = Math.floor(rest / from.length);
    return drawn;
  };
  const name = Array.from({ length: syllables }, () => draw(ONSETS) + draw(VOWELS) + draw(CODAS)).join('');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Knuth's multiplicative hash: neighbours get names that have nothing in common. */
function scatter(nth: number): number {
  return Math.imul(nth + 1, 2_654_435_761) >>> 0;
}
