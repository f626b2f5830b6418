import { findTextProblem } from './text.ts';

const EXAMPLE = 'such as me@example.com';
const EXPECTED = `must be an e-mail address, ${EXAMPLE}`;
const MAILBOX = /^[^\s@]{1,64}$/u;
/** Letters and digits of any script: internationalised domains are written as people read them, or as "xn--". */
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_\-·・\u200c\u200d]{0,61}[\p{L}\p{M}\p{N}])?$/u;
/** An address in brackets instead of a name. */
const LITERAL = /^\[(?:IPv6:)?[0-9a-f.:]+\]$/iu;

/** What people and programs write around or instead of an address, and what to send instead; the first that fits is told. */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/^mailto:/i, `must be the address alone, ${EXAMPLE}: leave out "mailto:"`],
  [/[。．｡]/u, `must have plain full stops, ${EXAMPLE}: write "." for "。"`],
  [/＠/u, `must have a plain "@", ${EXAMPLE}`],
  [/[<>]|^[^@]*\s\S+@\S+$|@\S+\s*\(.*\)$/u, `must be the address alone, ${EXAMPLE}: leave out the name and the brackets around`],
  [/@.*[,;|/\s].*@/u, `must be one address, ${EXAMPLE}: send one of them`],
  [/\s/u, `must not hold spaces, ${EXAMPLE}`],
  [/^['"“‘`].*['"”’`]$/u, `must be the address alone, ${EXAMPLE}: leave out the quotation marks`],
  [/@[^@]*[.,;:]$/u, `must end with its domain, ${EXAMPLE}: leave out what follows it`],
  [/^@[^@]+$/u, `must have a mailbox before the "@", ${EXAMPLE}`],
  [/^[^@]*@?$/u, `must have an "@" and a domain after it, ${EXAMPLE}`],
];

/** Deliberately loose where it looks like an address: whether mail arrives is for the caller to know, and two plans may share one address (RFC 5321, RFC 6531). */
export function findEmailProblem(raw: string): string | undefined {
  const problem = findTextProblem(raw);
  if (problem !== undefined) return problem;
  const address = raw.trim();
  const habit = HABITS.find(([pattern]) => pattern.test(address));
  if (habit !== undefined) return habit[1];
  const [mailbox = '', domain = '', ...more] = address.split('@');
  const isAddress =
    more.length === 0 && MAILBOX.test(mailbox) && (LITERAL.test(domain) || domain.split('.').every((label) => LABEL.test(label)));
  return isAddress ? undefined : EXPECTED;
}
