import type { Signals } from '../signals.ts';

/** A file has one server. */
export function makeLocalSignals(): Signals {
  const listeners: ((text: string) => void)[] = [];
  return {
    async send(text) {
      for (const hear of listeners) hear(text);
    },
    listen(hear) {
      listeners.push(hear);
    },
  };
}
