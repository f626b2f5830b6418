import { randomBytes } from 'node:crypto';
import type { Agent } from 'undici';
import { isObject, parseJson } from '../../domain/json-gate.ts';
import { onFirstUse } from '../../domain/on-first-use.ts';
import type { Secret } from '../../domain/secret.ts';

const undici = onFirstUse<typeof import('undici')>('undici');
const CONNECT_MS = 1_000;
const CALL_MS = 3_000;
/** A list of some ten thousand rooms. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_CONNECTIONS = 8;
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const FORBIDDEN = 403;
const NO_SUCH_PLUGIN = 460;

export type JanusFailure = 'misconfigured' | 'not-sent' | 'unknown';

/** No answer of a plugin's. What Janus said is not repeated: it may hold what it was sent. */
export class JanusError extends Error {
  override readonly name = 'JanusError';
  readonly failure: JanusFailure;

  constructor(failure: JanusFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}

/** Janus' Admin API (https://janus.conf.meetecho.com/docs/admin): each request stands alone. Its status is 200 for errors too. */
export class AdminApi {
  readonly #url: URL;
  readonly #secret: Secret;
  #agent: Agent | undefined;

  constructor({ url, secret }: { url: URL; secret: Secret }) {
    this.#url = url;
    this.#secret = secret;
  }

  #openAgent(): Agent {
    return (this.#agent ??= new (undici().Agent)({
      connect: { timeout: CONNECT_MS, rejectUnauthorized: true },
      headersTimeout: CALL_MS,
      bodyTimeout: CALL_MS,
      maxResponseSize: MAX_ANSWER_BYTES,
      connections: MAX_CONNECTIONS,
      pipelining: 1,
    }));
  }

  /** What the plugin answers, which may be an error of its own. */
  async askPlugin(plugin: string, request: object): Promise<Record<string, unknown>> {
    const { response } = await this.ask('message_plugin', { plugin, request });
    if (!isObject(response)) throw new JanusError('unknown', `${plugin} has answered nothing`);
    return response;
  }

  async ask(janus: string, more: object = {}): Promise<Record<string, unknown>> {
    const transaction = randomBytes(8).toString('hex');
    const answer = await this.#send({ janus, transaction, admin_secret: this.#secret.reveal(), ...more }).catch(explain);
    if (!isObject(answer)) throw new JanusError('unknown', 'the answer is not an object');
    const { janus: kind, error, ...rest } = answer as Record<string, unknown>;
    if (kind !== 'error') return rest;
    const code = isObject(error) ? (error as { code?: unknown }).code : undefined;
    if (code === FORBIDDEN) throw new JanusError('misconfigured', 'Janus does not accept the admin secret');
    if (code === NO_SUCH_PLUGIN) throw new JanusError('misconfigured', 'Janus lacks a plugin');
    throw new JanusError('unknown', `Janus failed (${Number(code)})`);
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  async #send(body: object): Promise<unknown> {
    const { statusCode, body: answer } = await this.#openAgent().request({
      origin: this.#url.origin,
      path: this.#url.pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_MS),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (statusCode >= 300 && statusCode < 500)
      throw new JanusError('misconfigured', `there is no Admin API at that address (${statusCode})`);
    if (statusCode !== 200) throw new JanusError('unknown', `Janus failed (${statusCode})`);
    return parseJson(bytes);
  }
}

function explain(error: unknown): never {
  if (error instanceof JanusError) throw error;
  const { code = '', name } = error as { code?: string; name?: string };
  if (NEVER_CONNECTED.has(code)) throw new JanusError('not-sent', `Janus cannot be reached (${code})`, error);
  if (name === 'TimeoutError') throw new JanusError('unknown', 'Janus did not answer in time', error);
  throw new JanusError('unknown', `the connection to Janus broke (${code || name || 'error'})`, error);
}
