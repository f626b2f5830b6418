import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A network between a node and its database that can be made to fail, as TCP fails:
 *
 * * `delay`: everything arrives, this much later;
 * * `drop`: nothing arrives any more, in either direction, and nobody is told. What was sent meanwhile arrives when the link is healed,
 *   even from a side that has given up by then: that is what retransmission does;
 * * `reset`: every connection is torn down by a RST, and so is each new one;
 * * `half-open`: the database's end of each connection is gone and the node's end is not told; new connections work.
 */
export type Fault = 'delay' | 'drop' | 'reset' | 'half-open';

export const FAULTS: readonly Fault[] = ['delay', 'drop', 'reset', 'half-open'];

const DELAY_MS = 300;

export class FaultProxy {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #links = new Set<Link>();
  #fault: Fault | undefined;
  #trap: { text: string; fault: Fault } | undefined;

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (node) => this.#accept(node));
  }

  static async start(target: { host?: string; port: number }): Promise<FaultProxy> {
    const proxy = new FaultProxy({ host: '127.0.0.1', ...target });
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The same database, by way of this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.port = `${(this.#server.address() as AddressInfo).port}`;
    return changed.href;
  }

  break(fault: Fault): void {
    this.#fault = fault;
    for (const link of this.#links) this.#strike(link);
  }

  /** As soon as a node says this; what says it is the first to be struck. */
  breakAt(text: string, fault: Fault): void {
    this.#trap = { text, fault };
  }

  /** What lost its other end stays as it is: that is for the node to notice. */
  heal(): void {
    this.#fault = undefined;
    for (const link of this.#links) link.flush();
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const link of this.#links) link.destroy();
    await once(this.#server, 'close');
  }

  #accept(node: Socket): void {
    const link = new Link(node, connect({ ...this.#target, noDelay: true, allowHalfOpen: true }), () => this.#fault);
    this.#links.add(link);
    link.onGone = () => this.#links.delete(link);
    node.prependListener('data', (bytes: Buffer) => {
      const trap = this.#trap;
      if (trap === undefined || !bytes.includes(trap.text)) return;
      this.#trap = undefined;
      this.break(trap.fault);
    });
    if (this.#fault !== 'half-open') this.#strike(link);
  }

  #strike(link: Link): void {
    if (this.#fault === 'reset') link.reset();
    if (this.#fault === 'half-open') link.cutOffDatabase();
  }
}

/** One connection: two lanes that deliver in order, whatever becomes of the link meanwhile. */
class Link {
  onGone = (): void => {};
  readonly #node: Socket;
  readonly #database: Socket;
  readonly #lanes: Lane[];
  #isCutOff = false;

  constructor(node: Socket, database: Socket, faultNow: () => Fault | undefined) {
    this.#node = node;
    this.#database = database;
    this.#lanes = [new Lane(faultNow), new Lane(faultNow)];
    const [toDatabase, toNode] = this.#lanes as [Lane, Lane];
    node.on('data', (bytes) => toDatabase.send(() => void database.write(bytes)));
    node.on('end', () => toDatabase.send(() => void database.end()));
    node.on('error', () => toDatabase.send(() => void database.destroy()));
    database.on('data', (bytes) => toNode.send(() => void node.write(bytes)));
    database.on('end', () => toNode.send(() => void node.end()));
    database.on('error', () => toNode.send(() => void node.destroy()));
    for (const socket of [node, database])
      socket.on('close', () => {
        if (node.destroyed && database.destroyed) this.onGone();
      });
    node.on('close', () => {
      // Nobody is left to be silent to.
      if (this.#isCutOff) this.destroy();
    });
  }

  flush(): void {
    for (const lane of this.#lanes) lane.flush();
  }

  reset(): void {
    this.#stopLanes();
    this.#node.resetAndDestroy();
    this.#database.resetAndDestroy();
  }

  cutOffDatabase(): void {
    this.#isCutOff = true;
    this.#stopLanes();
    this.#database.destroy();
  }

  destroy(): void {
    this.#stopLanes();
    this.#node.destroy();
    this.#database.destroy();
  }

  #stopLanes(): void {
    for (const lane of this.#lanes) lane.stop();
  }
}

class Lane {
  readonly #faultNow: () => Fault | undefined;
  #queue: (() => void)[] = [];
  #isStopped = false;

  constructor(faultNow: () => Fault | undefined) {
    this.#faultNow = faultNow;
  }

  send(deliver: () => void): void {
    if (this.#isStopped) return;
    const fault = this.#faultNow();
    this.#queue.push(deliver);
    if (fault === 'delay' || this.#queue.length > 1) setTimeout(() => this.#deliverOldest(), DELAY_MS);
    else this.#deliverOldest();
  }

  flush(): void {
    while (this.#queue.length > 0) this.#deliverOldest();
  }

  stop(): void {
    this.#isStopped = true;
    this.#queue = [];
  }

  #deliverOldest(): void {
    if (this.#faultNow() === 'drop') return;
    this.#queue.shift()?.();
  }
}
