import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Settled, Write } from './writer.ts';

export interface Writer {
  /** False once it has ended by itself: then another must be started. */
  readonly isAlive: boolean;
  /** Commits one group; the next is sent when this one has settled. */
  commit(group: Write[]): Promise<Settled[]>;
  close(): Promise<void>;
}

/** The first message to the thread. */
export interface Opening {
  path: string;
}

interface Reply {
  settled?: Settled[];
  failure?: string;
}

/** Begun before anybody has said which file it is for. */
let spare: Worker | undefined;

/** Begins the thread, which takes some tens of milliseconds, while this one does something else. It opens nothing before there is a writer, and keeps no process from ending. */
export function prepareThreadWriter(): void {
  spare = startThread();
  spare.unref();
}

export function startThreadWriter(path: string): Writer {
  const worker = spare ?? startThread();
  spare = undefined;
  worker.ref();
  worker.postMessage({ path } satisfies Opening);
  let waiting: { resolve: (settled: Settled[]) => void; reject: (error: Error) => void } | undefined;
  let death: Error | undefined;

  worker.on('message', (reply: Reply) => {
    const answer = waiting;
    waiting = undefined;
    if (reply.settled !== undefined) answer?.resolve(reply.settled);
    else answer?.reject(new Error(reply.failure));
  });
  worker.on('error', (error) => die(error as Error));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      die(new Error('the writer thread ended'));
      resolve();
    });
  });

  function die(error: Error): void {
    death ??= error;
    waiting?.reject(death);
    waiting = undefined;
  }

  return {
    get isAlive() {
      return death === undefined;
    },
    commit: (group) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death);
        waiting = { resolve, reject };
        worker.postMessage(group);
      }),
    async close() {
      worker.postMessage('close');
      await exited;
    },
  };
}

function startThread(): Worker {
  // The same extension as this file has: .ts in a clone, .js in the package.
  return new Worker(new URL(`./writer-thread${extname(import.meta.url)}`, import.meta.url));
}
