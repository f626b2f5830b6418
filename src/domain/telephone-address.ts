/** Who is on a line, as a network or an engine writes it. */
export interface TelephoneAddress {
  /** What may be a telephone number; without what divides it for the eye. */
  subscriber: string;
  /** RFC 3966: what the subscriber's digits come after, `+` and digits. */
  prefix: string | undefined;
  /** By which somebody without a telephone number is known: `alice@example.com`. */
  identity: string;
  isWithheld: boolean;
}

/** What networks and engines write in place of a number that its owner withholds (RFC 3261 8.1.1.3, RFC 3323 4.1.1.3, and what PBXs show). */
const WITHHELD = new Set(
  (
    'anonymous restricted withheld private unknown unavailable blocked hidden nocallerid privatenumber numberwithheld ' +
    'unknownnumber unknowncaller callerunknown notavailable outofarea null none undefined'
  ).split(' '),
);
const QUOTED = /^"(?:\\.|[^"\\])*"\s*/;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
/** An extension is of the same line (RFC 3966 5.3). */
const EXTENSION = /(?:\s*(?:ext\.?|x)|#)\s*\d{1,7}$/i;
const VISUAL_SEPARATORS = /[\s().\-/\u2010-\u2015]/g;

/**
 * Reads a name-addr or an addr-spec (RFC 3261 20.10), a SIP URI (19.1), a tel URI (RFC 3966), or a number as people write it. Of URI parameters only `phone-context`
 * says something of who is on the line; `isub`, `ext`, `npdi`, `rn`, `user` and others do not.
 */
export function readTelephoneAddress(given: string): TelephoneAddress {
  const { scheme, rest } = splitScheme(withoutDisplayName(given.normalize('NFKC').trim()));
  const [address = ''] = rest.split('?', 1);
  const at = scheme === 'tel' ? -1 : address.indexOf('@');
  const [user = '', ...userParameters] = (at < 0 ? address : address.slice(0, at)).split(';');
  const [host = '', ...uriParameters] = (at < 0 ? '' : address.slice(at + 1)).split(';');
  const name = decode(user.split(':', 1)[0] ?? '').trim();
  const identity = (at < 0 ? name : `${name}@${host.replace(/:\d+$/, '')}`).toLowerCase();
  const context = findParameter([...userParameters, ...uriParameters], 'phone-context');
  return {
    subscriber: name.replace(EXTENSION, '').replace(VISUAL_SEPARATORS, ''),
    prefix: context !== undefined && /^\+\d/.test(context) ? context.replace(VISUAL_SEPARATORS, '') : undefined,
    identity: identity.replace(/\s+/g, ' '),
    isWithheld: name === '' || host.toLowerCase() === 'anonymous.invalid' || WITHHELD.has(name.toLowerCase().replace(/[^a-z]/g, '')),
  };
}

/** `"Ann <x>" <sip:...>;tag=1`, `Ann <...>`, or no display name at all. */
function withoutDisplayName(text: string): string {
  const unquoted = text.replace(QUOTED, '');
  return /<([^<>]*)>/.exec(unquoted)?.[1]?.trim() ?? unquoted;
}

function splitScheme(text: string): { scheme: string | undefined; rest: string } {
  const [whole = '', scheme] = SCHEME.exec(text) ?? [];
  return { scheme: scheme?.toLowerCase(), rest: text.slice(whole.length).replace(/^\/\//, '') };
}

function findParameter(parameters: readonly string[], wanted: string): string | undefined {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() === wanted) return decode(value).trim();
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
