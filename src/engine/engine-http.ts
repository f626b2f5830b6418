import type { Agent } from 'undici';
import { engineUnavailable } from '../domain/errors.ts';
import { onFirstUse } from '../domain/on-first-use.ts';

const undici = onFirstUse<typeof import('undici')>('undici');
const CONNECT_MS = 3_000;
const CALL_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface EngineCall {
  method: 'GET' | 'POST';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** That there is no such thing (404) is an answer too: an empty one. */
  mayBeAbsent?: boolean;
}

export interface EngineAnswer {
  status: number;
  text: string;
  /** Name and value of each, without what the engine says of them. */
  cookies: string[];
}

/**
 * Calls to engines, some made while a caller waits: bounded in time and in bytes, and never led elsewhere by a redirect. What fails throws ENGINE_UNAVAILABLE, and
 * tells nothing of the address, which may hold a signature.
 */
export class EngineHttp {
  readonly #maxAnswerBytes: number;
  #agent: Agent | undefined;

  constructor({ maxAnswerBytes = MAX_ANSWER_BYTES } = {}) {
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  #openAgent(): Agent {
    return (this.#agent ??= new (undici().Agent)({
      connect: { timeout: CONNECT_MS },
      headersTimeout: CALL_MS,
      bodyTimeout: CALL_MS,
      maxResponseSize: this.#maxAnswerBytes,
      connections: 32,
      pipelining: 1,
    }));
  }

  /** What the engine answered, whatever that says. */
  async exchange({ method, url, headers = {}, body }: Omit<EngineCall, 'mayBeAbsent'>): Promise<EngineAnswer> {
    const { origin, pathname, search } = new URL(url);
    try {
      const answer = await this.#openAgent().request({
        origin,
        path: pathname + search,
        method,
        headers,
        body: body ?? null,
        signal: AbortSignal.timeout(CALL_MS),
      });
      const cookies = [answer.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';', 1)[0] as string);
      return { status: answer.statusCode, text: await answer.body.text(), cookies };
    } catch (error) {
      throw engineUnavailable(`the engine did not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})`);
    }
  }

  /** What the engine answered with a 2xx. */
  async send({ mayBeAbsent = false, ...call }: EngineCall): Promise<EngineAnswer> {
    const answer = await this.exchange(call);
    if (answer.status >= 200 && answer.status < 300) return answer;
    if (answer.status === 404 && mayBeAbsent) return { ...answer, text: '' };
    throw engineUnavailable(`the engine answered ${answer.status}`);
  }

  async call(call: EngineCall): Promise<string> {
    return (await this.send(call)).text;
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }
}
