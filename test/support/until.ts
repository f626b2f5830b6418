import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something that is bound to come; what does not come in time fails the test by its name. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, { withinMs = 15_000 } = {}): Promise<void> {
  const latest = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > latest) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}
