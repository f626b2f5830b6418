import type { ServerFrame } from './protocol.ts';

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 5_000;
const CLOSE_OVER = 4001;

export interface ConnectionEvents {
  /** Each time anew: the first frame is sent then. */
  open(): void;
  frame(frame: ServerFrame): void;
  /** It is tried again by itself. */
  lost(): void;
}

/** The one WebSocket, which comes back whatever broke it, until the conference is over for this seat. */
export class Connection {
  readonly #url: string;
  readonly #events: ConnectionEvents;
  #socket: WebSocket | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isOver = false;
  #retry: number | undefined;

  constructor(url: string, events: ConnectionEvents) {
    this.#url = url;
    this.#events = events;
    // A network that has come back is not waited for.
    window.addEventListener('online', () => this.#hurry());
    this.#connect();
  }

  send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Comes back anew, because what goes beside this connection is broken. */
  restart(): void {
    if (!this.#isOver) this.#socket?.close();
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.close();
  }

  #hurry(): void {
    if (this.#retry !== undefined) this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const socket = new WebSocket(this.#url, 'parley.conference.v1');
    this.#socket = socket;
    socket.addEventListener('open', () => this.#events.open());
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      if (frame.type === 'joined') this.#retryMs = FIRST_RETRY_MS;
      if (frame.type === 'over') this.#isOver = true;
      this.#events.frame(frame);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#isOver || code === CLOSE_OVER || this.#socket !== socket) return;
      this.#events.lost();
      this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    });
  }
}
