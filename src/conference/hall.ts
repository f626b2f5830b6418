import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Bridge } from '../domain/bridge.ts';
import { MediaError } from '../engine/media.ts';
import type { Seat } from '../operations/hub/seat.ts';
import { carryOut, CommandRefused } from './commands.ts';
import { readFrame } from './frames.ts';
import { Participation } from './participation.ts';
import { CLOSE_FLOOD, CLOSE_OVER, CLOSE_RESTART, type ConferenceParts, type Line } from './parts.ts';
import { type RoomSignal, RoomSignals } from './signals.ts';

const PING_MS = 5_000;
const MISSED_PINGS = 2;
const FRAMES_A_SECOND = 60;
/** Candidates and offers come together at first. */
const FRAMES_AT_FIRST = 200;
const AT_FIRST_MS = 5_000;
/** A browser that reads nothing any more. */
const MOST_UNREAD_BYTES = 1024 * 1024;

interface Connection {
  connection: string;
  socket: WebSocket;
  participation: Participation;
  missedPings: number;
}

/** All connections of browsers to conferences on this node. */
export class Hall {
  readonly #parts: ConferenceParts;
  readonly #signals: RoomSignals;
  readonly #connections = new Set<Connection>();
  readonly #pings: NodeJS.Timeout;

  constructor(parts: ConferenceParts) {
    this.#parts = parts;
    this.#signals = new RoomSignals(parts.desk.store.signals);
    this.#signals.listen((signal) => this.#hear(signal));
    this.#pings = setInterval(() => this.#ping(), PING_MS).unref();
  }

  /** Who is in a conference from here now. */
  count(): { moderator: number; participant: number } {
    const inside = [...this.#connections].map(({ participation }) => participation).filter(({ isIn }) => isIn);
    const moderator = inside.filter(({ role }) => role === 'moderator').length;
    return { moderator, participant: inside.length - moderator };
  }

  enter(socket: WebSocket, { seat, bridge, caller }: { seat: Seat; bridge: Bridge; caller: string }): void {
    const line: Line = {
      send: (frame) => {
        if (socket.bufferedAmount > MOST_UNREAD_BYTES) socket.terminate();
        else socket.send(JSON.stringify(frame));
      },
      close: (code, reason) => socket.close(code, reason),
    };
    const participation = new Participation(this.#parts, line, { seat, bridge, caller });
    const connection: Connection = { connection: randomUUID(), socket, participation, missedPings: 0 };
    this.#connections.add(connection);
    const isFlood = makeFloodGate();
    socket.on('message', (bytes: Buffer, isBinary: boolean) => {
      if (participation.isGone) return;
      if (isFlood()) socket.close(CLOSE_FLOOD, 'too many frames');
      else this.#read(participation, isBinary ? Buffer.alloc(0) : bytes);
    });
    socket.on('pong', () => (connection.missedPings = 0));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#connections.delete(connection);
      participation.leave();
    });
    // The same seat elsewhere, on whichever node, has been left for this one.
    this.#signals.send({ kind: 'seat', seatId: seat.seatId, connection: connection.connection }).catch(() => {});
  }

  /** A seat that is none: said and closed. */
  static refuse(socket: WebSocket): void {
    socket.send(JSON.stringify({ type: 'over', reason: 'not_recognised' }));
    socket.close(CLOSE_OVER, 'not_recognised');
  }

  /** Everybody is told to come back, to another node or to the next start. */
  stop(): void {
    clearInterval(this.#pings);
    for (const { socket, participation } of this.#connections) {
      socket.close(CLOSE_RESTART, 'the server stops');
      participation.leave();
    }
  }

  #read(participation: Participation, bytes: Buffer): void {
    const read = readFrame(bytes);
    const refuse = (command: string, code: string, message: string): void =>
      participation.line.send({ type: 'error', command, code, message });
    if ('problem' in read) return refuse(read.command, 'invalid', `This frame ${read.problem}.`);
    const command = read.frame.type;
    carryOut(participation, read.frame, this.#signals).catch((error: unknown) => {
      if (error instanceof CommandRefused) return refuse(command, error.code, error.message);
      if (!(error instanceof MediaError)) this.#parts.log.warn({ err: error, command }, 'a command of a conference failed');
      return refuse(command, 'unavailable', new CommandRefused('unavailable').message);
    });
  }

  #hear(signal: RoomSignal): void {
    for (const { connection, participation } of this.#connections) {
      if (signal.kind === 'seat') {
        if (participation.seat.seatId === signal.seatId && connection !== signal.connection && !participation.isGone)
          participation.over('replaced');
        continue;
      }
      if (participation.entered?.room.number !== signal.room || !participation.isIn) continue;
      const { kind, room: _room, ...told } = signal;
      if (kind === 'ended') participation.isEndedByModerator = true;
      else if (kind === 'lock') participation.line.send({ type: 'locked', ...told });
      else participation.line.send({ type: 'chat', ...told });
    }
  }

  #ping(): void {
    for (const one of this.#connections) {
      if (one.missedPings >= MISSED_PINGS) one.socket.terminate();
      one.missedPings++;
      one.socket.ping();
    }
  }
}

function makeFloodGate(): () => boolean {
  const beganAt = performance.now();
  let second = 0;
  let frames = 0;
  let first = 0;
  return () => {
    const age = performance.now() - beganAt;
    if (age < AT_FIRST_MS) return ++first > FRAMES_AT_FIRST;
    const now = Math.floor(age / 1_000);
    frames = now === second ? frames + 1 : 1;
    second = now;
    return frames > FRAMES_A_SECOND;
  };
}
