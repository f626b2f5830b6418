import type { Agent, Dispatcher } from 'undici';
import { onFirstUse } from '../domain/on-first-use.ts';
import type { Attempt } from '../domain/webhook.ts';
import { VERSION } from '../version.ts';
import { TargetRefused, type Targets } from './targets.ts';

const undici = onFirstUse<typeof import('undici')>('undici');
const CONNECT_MS = 5_000;
/** The whole attempt, whatever trickles in meanwhile. */
export const ATTEMPT_MS = 15_000;
const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_EXCERPT_CHARACTERS = 1_024;
const GONE = 410;
/** The library's own clock, which runs as long as ours. */
const TOO_LATE: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const ASKS_TO_WAIT: ReadonlySet<number> = new Set([429, 503]);

export interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** One POST to a receiver: no redirect is followed, no proxy asked, and nothing waited for without a limit. */
export class Sender {
  readonly #targets: Targets;
  #agent: Agent | undefined;
  readonly #stopping = new AbortController();

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  #openAgent(): Agent {
    return (this.#agent ??= new (undici().Agent)({
      connect: { timeout: CONNECT_MS, rejectUnauthorized: true, lookup: this.#targets.lookup },
      headersTimeout: ATTEMPT_MS,
      bodyTimeout: ATTEMPT_MS,
      maxHeaderSize: 16 * 1024,
      allowH2: false,
      pipelining: 1,
    }));
  }

  /** Undefined where this process stops before there is an end: nobody knows then whether it arrived. */
  async send({ url, headers, body }: Message): Promise<Attempt | undefined> {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    try {
      const target = new URL(url);
      this.#targets.require(target);
      const answer = await this.#openAgent().request({
        origin: target.origin,
        path: `${target.pathname}${target.search}`,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': `Parley/${VERSION}`, ...headers },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(ATTEMPT_MS), this.#stopping.signal]),
      });
      const excerpt = await readExcerpt(answer.body);
      return judge(answer, excerpt, durationMs());
    } catch (error) {
      if (this.#stopping.signal.aborted) return undefined;
      const failure = { status: undefined, excerpt: undefined, durationMs: durationMs(), retryAfterMs: undefined };
      return { outcome: 'failed', error: explain(error), ...failure };
    }
  }

  /** Lets go of whatever is still under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#agent?.destroy();
  }
}

function judge({ statusCode: status, headers }: Dispatcher.ResponseData, excerpt: string | undefined, durationMs: number): Attempt {
  const retryAfterMs = ASKS_TO_WAIT.has(status) ? readRetryAfter(headers['retry-after']) : undefined;
  const known = { status, excerpt, durationMs, retryAfterMs };
  if (status >= 200 && status < 300) return { outcome: 'delivered', error: undefined, ...known };
  if (status === GONE) return { outcome: 'gone', error: 'the receiver answered 410: it is gone', ...known };
  const error = status < 400 ? `the receiver redirects (${status}), which is not followed` : `the receiver answered ${status}`;
  return { outcome: 'failed', error, ...known };
}

/** The beginning of the answer. An answer that goes on, breaks off or dawdles has come all the same: its status is what counts. */
async function readExcerpt(stream: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // As much as has come.
  }
  // What is not text is not worth keeping, and some of it PostgreSQL does not take.
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .slice(0, MAX_EXCERPT_CHARACTERS)
    .replace(/[\p{Cc}\p{Cs}\ufffd]+/gu, ' ')
    .trim();
  return text || undefined;
}

/** Seconds, or a date (RFC 9110 10.2.3). */
function readRetryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : undefined;
}

/** In our own words: an error of the system may name addresses behind the receiver's name. */
function explain(error: unknown): string {
  const { code = '', name, cause } = error as { code?: string; name?: string; cause?: unknown };
  if (error instanceof TargetRefused || cause instanceof TargetRefused || code === 'TARGET_REFUSED')
    return 'refused: the target is not a public https address (PARLEY_WEBHOOK_ALLOW_PRIVATE)';
  if (name === 'TimeoutError' || TOO_LATE.has(code)) return `no answer within ${ATTEMPT_MS / 1_000} s`;
  return `no answer: ${code || name || 'error'}`;
}
