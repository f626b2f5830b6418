import { randomBytes, randomInt } from 'node:crypto';
import { Secret } from '../domain/secret.ts';

const PIN_DIGITS = 12;
const HIGH_BITS = 5;
const LOW_BITS = 2 ** 48;

/** A whole number of 53 bits, the most that JSON carries without loss: whoever tries numbers finds none. */
export function drawRoomNumber(): number {
  return randomInt(1, 2 ** HIGH_BITS) * LOW_BITS + randomInt(LOW_BITS - 1);
}

/** Of an engine's room: nothing of the client's own. */
export function drawPin(): Secret {
  return new Secret(String(randomInt(10 ** PIN_DIGITS)).padStart(PIN_DIGITS, '0'));
}

export function drawKey(): Secret {
  return new Secret(randomBytes(18).toString('base64url'));
}

/** Sealed to its room: moved to another it does not open. */
export function roomPlace(number: number): string {
  return `engine-room|${number}`;
}
