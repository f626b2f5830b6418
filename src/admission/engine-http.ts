import { Agent } from 'undici';
import { engineUnavailable } from '../domain/errors.ts';

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

/** Calls to engines, made while a caller waits: bounded in time and in bytes, and never led elsewhere by a redirect. */
export class EngineHttp {
  readonly #agent: Agent;

  constructor({ maxAnswerBytes = MAX_ANSWER_BYTES } = {}) {
    this.#agent = new Agent({
      connect: { timeout: CONNECT_MS },
      headersTimeout: CALL_MS,
      bodyTimeout: CALL_MS,
      maxResponseSize: maxAnswerBytes,
      connections: 32,
      pipelining: 1,
    });
  }

  /** What the engine answered with 200. Anything else throws PLATFORM_UNAVAILABLE, and tells nothing of the address, which may hold a signature. */
  async call({ method, url, headers = {}, body, mayBeAbsent = false }: EngineCall): Promise<string> {
    const { origin, pathname, search } = new URL(url);
    try {
      const answer = await this.#agent.request({
        origin,
        path: pathname + search,
        method,
        headers,
        body: body ?? null,
        signal: AbortSignal.timeout(CALL_MS),
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200) return text;
      if (answer.statusCode === 404 && mayBeAbsent) return '';
      throw engineUnavailable(`the engine answered ${answer.statusCode}`);
    } catch (error) {
      if ((error as { name?: string }).name === 'ProvisioningError') throw error;
      throw engineUnavailable(`the engine did not answer (${(error as NodeJS.ErrnoException).code ?? (error as Error).name})`);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
