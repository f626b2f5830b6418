import { useSyncExternalStore } from 'react';

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;
/** What is further away is told by its day. */
const FAR_MS = 7 * 86_400_000;
const TICK_MS = 5_000;

/** A time as one thinks of it, and exactly to who points at it. It stays right while the page is open. */
export function When({ at }: { at: string }) {
  const now = useSyncExternalStore(onTick, () => clock);
  const date = new Date(at);
  return (
    <time dateTime={at} title={EXACT.format(date)}>
      {tellTime(date, Math.max(now, Math.min(date.getTime(), now + TICK_MS)))}
    </time>
  );
}

export function tellExactly(at: string): string {
  return EXACT.format(new Date(at));
}

function tellTime(date: Date, now: number): string {
  const distance = date.getTime() - now;
  if (Math.abs(distance) >= FAR_MS) return DAY.format(date);
  const [unit, size] = UNITS.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1_000];
  return RELATIVE.format(Math.trunc(distance / size), unit);
}

export function tellSeconds(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
    .replace(/^00:/, '');
}

/** One clock for all times of a page; it stands while there are none. */
let clock = Date.now();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function onTick(listener: () => void): () => void {
  if (listeners.size === 0) {
    tick();
    ticking = setInterval(tick, TICK_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(ticking);
  };
}

function tick(): void {
  clock = Date.now();
  for (const listener of listeners) listener();
}
