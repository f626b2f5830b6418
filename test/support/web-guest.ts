import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type Page, Visitor } from './pages.ts';
import type { TestServer } from './server.ts';
import { until } from './until.ts';

type Frame = Record<string, any>;

/** Somebody who speaks the protocol of docs/conference-protocol.md by himself, without a browser and without media. */
export class WebGuest {
  readonly visitor: Visitor;
  readonly frames: Frame[] = [];
  closedWith: number | undefined;
  readonly #server: Pick<TestServer, 'url'>;
  readonly #hub: string;
  seat = '';
  socket: WebSocket | undefined;

  /** `hub`: the path of the hub at the server. */
  constructor(server: Pick<TestServer, 'url'>, hub: string, headers: Record<string, string> = {}) {
    this.#server = server;
    this.#hub = hub;
    this.visitor = new Visitor(server, new URL(server.url).host, headers);
  }

  /** Types the code; a right one leads to a seat. */
  async typeCode(code: string): Promise<Page> {
    const page = await this.visitor.submit(`${this.#hub}/join`, { code });
    const seats = [...this.visitor.cookies.keys()].filter((name) => name.startsWith('__Host-seat-'));
    this.seat = seats.at(-1)?.slice('__Host-seat-'.length) ?? '';
    return page;
  }

  connect({ origin = this.#server.url, seat = this.seat, cookie }: { origin?: string; seat?: string; cookie?: string } = {}): WebSocket {
    const cookies = cookie ?? [...this.visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const socket = new WebSocket(
      `${this.#server.url.replace('http', 'ws')}${this.#hub}/conference/${seat}/socket`,
      'parley.conference.v1',
      {
        headers: { origin, cookie: cookies },
      },
    );
    this.socket = socket;
    this.closedWith = undefined;
    socket.on('message', (bytes: Buffer) => this.frames.push(JSON.parse(bytes.toString())));
    socket.on('close', (code) => {
      if (this.socket === socket) this.closedWith = code;
    });
    socket.on('error', () => {});
    return socket;
  }

  async join(name: string, { muted = false } = {}): Promise<Frame> {
    const seen = this.frames.length;
    await once(this.connect(), 'open');
    this.send({ type: 'join', name, muted });
    return this.next('joined', seen);
  }

  /** Types the code and joins. */
  async enter(name: string, code: string): Promise<Frame> {
    await this.typeCode(code);
    return this.join(name);
  }

  send(frame: object | string): void {
    this.socket?.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first frame of this type after so many. */
  async next(type: string, after = 0, isIt: (frame: Frame) => boolean = () => true): Promise<Frame> {
    let found: Frame | undefined;
    await until(`a frame "${type}"`, () => {
      found = this.frames.slice(after).find((frame) => frame.type === type && isIt(frame));
      return found !== undefined;
    });
    return found as Frame;
  }

  async over(): Promise<string> {
    const { reason } = await this.next('over');
    await until('the connection is closed', () => this.closedWith === 4001);
    return reason as string;
  }
}
