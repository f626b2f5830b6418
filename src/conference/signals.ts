import type { Signals } from '../store/signals.ts';

/** What the nodes tell each other of a room while it goes on. */
export type RoomSignal =
  | { kind: 'chat'; room: number; id: string; name: string; text: string; at: number }
  | { kind: 'lock'; room: number; locked: boolean }
  | { kind: 'ended'; room: number }
  | { kind: 'seat'; seatId: string; connection: string };

/** The signals of conferences among all that nodes say. */
export class RoomSignals {
  readonly #signals: Signals;

  constructor(signals: Signals) {
    this.#signals = signals;
  }

  send(signal: RoomSignal): Promise<void> {
    return this.#signals.send(JSON.stringify({ conference: signal }));
  }

  listen(hear: (signal: RoomSignal) => void): void {
    this.#signals.listen((text) => {
      const { conference } = JSON.parse(text) as { conference?: RoomSignal };
      if (conference !== undefined) hear(conference);
    });
  }
}
