import { randomFillSync } from 'node:crypto';

const DRAWN_AT_ONCE = 4096;
const drawn = new Uint8Array(DRAWN_AT_ONCE);
let used = DRAWN_AT_ONCE;

/** From the system's CSPRNG, of which each call costs more than what is done with the bytes: many are drawn at once, as `randomUUID` does, each is given out once, and none stays behind. */
export function drawBytes(count: number): Uint8Array {
  if (count > DRAWN_AT_ONCE) throw new RangeError(`at most ${DRAWN_AT_ONCE} bytes at once`);
  if (used + count > DRAWN_AT_ONCE) {
    randomFillSync(drawn);
    used = 0;
  }
  const bytes = drawn.slice(used, used + count);
  drawn.fill(0, used, used + count);
  used += count;
  return bytes;
}
