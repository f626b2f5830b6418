export interface Loops {
  loops: number;
  /** Ends after this many calls, or after this time. */
  count?: number;
  seconds?: number;
}

export interface Looped {
  count: number;
  perSecond: number;
}

/** Load without HTTP: so many loops in this process, each of which calls again as soon as its call is done. */
export async function runLoops(
  { loops, count = Infinity, seconds = Infinity }: Loops,
  call: (loop: number) => Promise<void>,
): Promise<Looped> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let begun = 0;
  let done = 0;
  const run = async (loop: number): Promise<void> => {
    while (begun < count && performance.now() < endsAt) {
      begun++;
      await call(loop);
      done++;
    }
  };
  await Promise.all(Array.from({ length: loops }, (_, loop) => run(loop)));
  return { count: done, perSecond: (done / (performance.now() - startedAt)) * 1000 };
}
