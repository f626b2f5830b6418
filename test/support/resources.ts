import { type Answer, readAnswer, TEST_TOKEN, type TestServer } from './server.ts';

type Headers = Record<string, string | undefined>;

const sentHeaders = (headers: Headers): [string, string][] =>
  Object.entries({ 'X-AUTH-TOKEN': TEST_TOKEN, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined);

export async function get(server: Pick<TestServer, 'url'>, path: string, headers: Headers = {}): Promise<Answer> {
  return readAnswer(await fetch(`${server.url}${path}`, { headers: sentHeaders(headers) }));
}

type Send = (server: Pick<TestServer, 'url'>, path: string, body?: object, headers?: Headers) => Promise<Answer>;

const sender =
  (method: string): Send =>
  async (server, path, body, headers = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const all = sentHeaders({ ...(body && { 'content-type': 'application/json' }), ...headers });
    return readAnswer(await fetch(`${server.url}${path}`, { method, headers: all, ...sent }));
  };

export const patch = sender('PATCH');
export const remove = sender('DELETE');

export interface StreamedEvent {
  id: string;
  type: string;
  data: unknown;
}

export interface Stream {
  events: StreamedEvent[];
  /** What a reader that reconnects sends as `Last-Event-ID`. */
  lastId: string | undefined;
  isEnded: boolean;
}

/** Opens a stream of server-sent events and gathers them; comes back when it is open. */
export async function readStream(server: Pick<TestServer, 'url'>, path: string, headers: Headers = {}): Promise<Stream> {
  const response = await fetch(`${server.url}${path}`, { headers: sentHeaders(headers) });
  if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error(await response.text());
  const stream: Stream = { events: [], lastId: undefined, isEnded: false };
  const opened = Promise.withResolvers<void>();
  void (async () => {
    let text = '';
    try {
      for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
        opened.resolve();
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() as string;
        for (const block of blocks) {
          const fields = Object.fromEntries(
            block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          );
          stream.lastId = fields.id ?? stream.lastId;
          if (fields.data !== undefined)
            stream.events.push({ id: fields.id as string, type: fields.event as string, data: JSON.parse(fields.data) });
        }
      }
    } catch {
      // Cut off is ended, too.
    }
    stream.isEnded = true;
  })();
  await opened.promise;
  return stream;
}
