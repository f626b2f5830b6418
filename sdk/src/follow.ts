import { ParleyApiError, ParleyError } from './errors.ts';
import { pause, pauseMs } from './pause.ts';
import { type CallOptions, drawId, type Sender } from './sender.ts';
import { type Message, MessageReader } from './sse.ts';
import { Watch } from './watch.ts';

export interface Following<Id extends string> extends Omit<CallOptions, 'retries'> {
  after?: Id | undefined;
  types?: readonly string[] | undefined;
  clientId?: number | undefined;
}

/** The server says that it is there every 15 seconds. */
const LONGEST_SILENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 30_000;

/** Goes on after the last event that was handed out, however often the stream breaks, until the server refuses or the caller has had enough. */
export async function* follow<E extends { id: string }>(
  sender: Sender,
  path: string,
  { after, types, clientId, signal, timeoutMs = LONGEST_SILENCE_MS, requestId = drawId() }: Following<string>,
): AsyncGenerator<E, void, undefined> {
  let place = after;
  for (let failures = 0; ; failures++) {
    const watch = new Watch(timeoutMs, signal);
    const asked = { requestId, isRepeatable: true };
    const headers = { accept: 'text/event-stream, application/problem+json', 'last-event-id': place };
    let retryAfterSeconds: number | undefined;
    try {
      const response = await sender.open({ method: 'GET', path, query: { types, clientId }, headers, ...asked }, asked, watch);
      let messages = 0;
      for await (const { id = place, data } of readMessages(response, watch)) {
        // The first message says only where the stream begins; it takes another to show that the connection is of use.
        if (++messages > 1) failures = 0;
        if (data !== undefined && !isPast(id, place)) yield readEvent<E>(data, asked.requestId);
        place = id;
      }
    } catch (error) {
      const failure = watch.explain(error, asked);
      if (!(failure instanceof ParleyError && failure.isRetryable)) throw failure;
      retryAfterSeconds = failure.retryAfterSeconds;
    } finally {
      watch.end();
    }
    await pause(pauseMs(failures, retryAfterSeconds, LONGEST_PAUSE_MS), signal);
  }
}

/** The time that the caller takes over a message is not counted as silence. */
async function* readMessages(response: Response, watch: Watch): AsyncGenerator<Message> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || response.body === null) {
    const message = 'The answer is not a stream of events. Is the url right?';
    throw new ParleyApiError(message, { code: 'ANSWER_UNREADABLE', status: response.status, isRetryable: false });
  }
  const source = response.body.getReader();
  const decoder = new TextDecoder();
  const messages = new MessageReader();
  for (;;) {
    const { done, value } = await watch.over(source.read());
    if (done) return;
    yield* messages.read(decoder.decode(value, { stream: true }));
  }
}

function readEvent<E>(data: string, requestId: string): E {
  try {
    return JSON.parse(data) as E;
  } catch (cause) {
    throw new ParleyApiError('An event cannot be read.', { code: 'ANSWER_UNREADABLE', status: 200, requestId, isRetryable: false, cause });
  }
}

/** Ids end with a number that rises. The server keeps to `Last-Event-ID`; what stands between may not. */
function isPast(id: string | undefined, place: string | undefined): boolean {
  const [number, last] = [id, place].map((one) => Number(/\d+$/.exec(one ?? '')?.[0] ?? NaN)) as [number, number];
  return number <= last;
}
