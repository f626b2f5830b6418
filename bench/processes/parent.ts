interface Asked {
  id: number;
  question: never;
}

/** The options that this process was started with. */
export function readOptions<Options>(): Options {
  return JSON.parse(process.argv[2] as string) as Options;
}

/** Tells the parent that this process is ready, and answers it until it says SIGTERM or is gone. */
export function serveParent<Question>(ready: object, answer: (question: Question) => unknown, stop: () => unknown): void {
  const send = (message: object): void => void process.send?.(message);
  process.on('message', async ({ id, question }: Asked) => {
    try {
      send({ id, answer: await answer(question) });
    } catch (error) {
      send({ id, failure: (error as Error).stack });
    }
  });
  process.once('SIGTERM', async () => {
    await stop();
    process.disconnect();
    process.exit();
  });
  process.once('disconnect', () => process.exit());
  send({ ready });
}
