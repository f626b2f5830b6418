import { randomInt } from 'node:crypto';
import { Secret } from './secret.ts';

const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 128;
const GENERATED_CHARACTERS = 20;
/** 31 characters that are told apart when read aloud: 20 of them hold 99 bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** What is wrong with a given password (C21), or undefined. Blank asks for a generated one and is not checked here. */
export function findPasswordProblem(password: string): string | undefined {
  const characters = password.isWellFormed() ? [...password].length : 0;
  if (characters < MIN_CHARACTERS || characters > MAX_CHARACTERS) {
    return `must have ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters, or be "" to have one generated`;
  }
  if (/\p{Cc}/u.test(password)) return 'must not hold control characters';
  if (!/\p{L}/u.test(password) || !/\p{Nd}/u.test(password)) return 'must hold a letter and a digit';
  return undefined;
}

export function generatePassword(): Secret {
  for (;;) {
    let password = '';
    while (password.length < GENERATED_CHARACTERS) password += ALPHABET[randomInt(ALPHABET.length)];
    if (findPasswordProblem(password) === undefined) return new Secret(password);
  }
}
