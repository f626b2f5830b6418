import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** A process of ours that answers questions over its IPC channel. */
export interface Child<Ready> {
  /** What it said when it was ready. */
  ready: Ready;
  ask<Answer>(question: object): Promise<Answer>;
  /** How much memory of this process is in RAM now. */
  residentBytes(): number;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Forks `bench/<script>` with its options. A child that dies fails every question it has not answered. */
export async function startChild<Ready>(script: string, options: object, nodeOptions: string[] = []): Promise<Child<Ready>> {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const child = fork(path, [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...nodeOptions],
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'))),
    serialization: 'advanced',
  });
  running.add(child);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  const died = exited.then((): never => {
    throw new Error(`${script} ended with ${child.exitCode ?? child.signalCode}`);
  });
  died.catch(() => {});
  const asked = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  const { ready } = await Promise.race([
    new Promise<{ ready: Ready }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as { ready: Ready }));
      setTimeout(() => reject(new Error(`${script} is not ready after ${START_TIMEOUT_MS} ms`)), START_TIMEOUT_MS).unref();
    }),
    died,
  ]);
  child.on('message', ({ id, answer, failure }: { id: number; answer: never; failure?: string }) => {
    const waiting = asked.get(id);
    asked.delete(id);
    if (failure === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`${script}: ${failure}`));
  });

  return {
    ready,
    ask: <Answer>(question: object): Promise<Answer> => {
      const id = ++lastId;
      const answered = new Promise<Answer>((resolve, reject) => asked.set(id, { resolve, reject }));
      child.send({ id, question });
      return Promise.race([answered, died]);
    },
    residentBytes() {
      const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return Number(kib) * 1024;
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
