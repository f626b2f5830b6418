import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { fieldsInvalid, platformUnavailable, ProvisioningError } from '../domain/errors.ts';
import { type ClientId, readPositiveId } from '../domain/ids.ts';
import {
  FAULT_SYNTAX,
  faultOfAttempt,
  type FaultScript,
  readFaultScript,
  readMagicEmail,
  type SandboxFault,
  showFault,
} from '../domain/sandbox-fault.ts';
import type { Store } from '../store/store.ts';
import { PROBLEM_TYPE, renderError } from './errors.ts';
import { SANDBOX_HEADER } from './sandbox-header.ts';

/** Of a second delivery of the same request, made here: it meets no fault. */
const AGAIN_HEADER = 'x-parley-again';
const RETRY_AFTER_SECONDS = 2;
const VENDOR_BACK_AFTER_MS = 1_000;
/** How long it is remembered how often a request came, and of how many requests. */
const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 10_000;

/** The faults that a sandbox's callers ask for, around the handlers that everybody has. Counts attempts in this process. */
export class Sandbox {
  readonly #app: FastifyInstance;
  readonly #store: Store;
  readonly #again = randomUUID();
  readonly #attempts = new Map<string, { count: number; since: number }>();
  readonly #faults = new WeakMap<FastifyRequest, { fault: SandboxFault; second: Promise<unknown> | undefined }>();

  constructor(app: FastifyInstance, store: Store) {
    this.#app = app;
    this.#store = store;
  }

  /** When a request is known to be good, and before anything is done. */
  readonly before = (request: FastifyRequest): void | Promise<void> => {
    const isSandbox = request.caller?.tenant.isSandbox === true;
    const asked = request.headers['x-sandbox-fault'];
    if (isSandbox) return this.#begin(request, asked);
    if (asked !== undefined) throw headerProblem('is for sandbox tokens (parley_test_...) alone; leave it out');
  };

  /** When the answer is made, and before it leaves. */
  readonly after: onSendHookHandler = (request, reply, payload, done) => {
    const met = this.#faults.get(request);
    if (met === undefined || reply.statusCode !== 200) return done(null, payload);
    this.#end(met, request, reply, payload).then(
      (sent) => (sent === undefined ? undefined : done(null, sent)),
      (error: Error) => done(error),
    );
  };

  async #begin(request: FastifyRequest, asked: string | string[] | undefined): Promise<void> {
    if (request.headers[AGAIN_HEADER] === this.#again) return;
    const written = asked ?? (await this.#emailOf(request));
    const script = this.#readScript(asked, written);
    if (script === undefined) return;
    const name = nameOf(request);
    const fault = faultOfAttempt(script, name, this.#count(`${request.caller?.tenant.tenantId} ${name} ${String(written)}`));
    if (fault === undefined) return;
    switch (fault.kind) {
      case 'error-before-commit':
        throw failure();
      case 'rate-limit':
        throw new ProvisioningError(
          'RATE_LIMITED',
          'Too many requests, as the sandbox was asked to say. Repeat after the time in Retry-After.',
          {
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          },
        );
      case 'vendor-down':
        // As a gateway does it: what was wanted is carried out when the vendor is back.
        this.#deliverLater(request).catch(ignoreClosing);
        throw platformUnavailable(RETRY_AFTER_SECONDS);
      case 'lose-response':
      case 'slow':
      case 'error-after-commit':
      case 'duplicate-delivery':
        this.#faults.set(request, { fault, second: fault.kind === 'duplicate-delivery' ? this.#deliverAgain(request) : undefined });
    }
  }

  async #end(
    { fault, second }: { fault: SandboxFault; second: Promise<unknown> | undefined },
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<unknown> {
    void reply.header(SANDBOX_HEADER, showFault(fault));
    switch (fault.kind) {
      case 'lose-response':
        request.raw.socket.destroy();
        return undefined;
      case 'slow':
        await delay(fault.delayMs, undefined, { ref: false });
        return payload;
      case 'error-after-commit': {
        const { status, headers, body } = renderError(failure(), request.url.startsWith('/v1/') ? PROBLEM_TYPE : request.headers.accept);
        void reply.code(status).headers(headers);
        return body;
      }
      case 'duplicate-delivery':
        await second;
        return payload;
      case 'error-before-commit':
      case 'rate-limit':
      case 'vendor-down':
        return payload;
    }
  }

  #readScript(asked: string | string[] | undefined, written: string | string[] | undefined): FaultScript | undefined {
    if (asked === undefined) return typeof written === 'string' ? readMagicEmail(written) : undefined;
    const script = typeof asked === 'string' ? readFaultScript(asked) : undefined;
    if (script === undefined) throw headerProblem(`must be ${FAULT_SYNTAX}`);
    return script;
  }

  async #emailOf({ body, caller }: FastifyRequest): Promise<string | undefined> {
    const { client, clientId } = (body ?? {}) as { client?: { email?: unknown }; clientId?: unknown };
    if (typeof client?.email === 'string') return client.email.trim();
    const id = readPositiveId<ClientId>(clientId);
    if (id === undefined || caller === undefined) return undefined;
    return (await this.#store.findClientRecord(caller.tenant.tenantId, { clientId: id }))?.email;
  }

  #count(key: string): number {
    const now = performance.now();
    const known = this.#attempts.get(key);
    const count = known === undefined || now - known.since > REMEMBERED_MS ? 0 : known.count;
    this.#attempts.delete(key);
    this.#attempts.set(key, { count: count + 1, since: now });
    if (this.#attempts.size > MAX_REMEMBERED) this.#attempts.delete(this.#attempts.keys().next().value as string);
    return count;
  }

  async #deliverLater(request: FastifyRequest): Promise<void> {
    await delay(VENDOR_BACK_AFTER_MS, undefined, { ref: false });
    await this.#deliverAgain(request);
  }

  /** The whole way, as if the network had delivered it twice. */
  async #deliverAgain({ method, url, headers, body }: FastifyRequest): Promise<void> {
    const { 'x-sandbox-fault': _fault, 'content-length': _length, 'transfer-encoding': _coding, expect: _expect, ...rest } = headers;
    await this.#app.inject({
      method: method as 'POST',
      url,
      headers: { ...(rest as Record<string, string>), [AGAIN_HEADER]: this.#again },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
  }
}

/** By what it is about, so that a repeat is known as one. */
function nameOf({ method, url, body }: FastifyRequest): string {
  const { client, clientId } = (body ?? {}) as { client?: { externalId?: unknown }; clientId?: unknown };
  return `${method} ${url.split('?', 1)[0]} ${JSON.stringify(client?.externalId ?? clientId ?? null)}`;
}

function headerProblem(message: string): ProvisioningError {
  return fieldsInvalid([{ field: SANDBOX_HEADER, code: 'FIELD_INVALID', message }]);
}

function failure(): ProvisioningError {
  const message =
    'The sandbox fails here, as it was asked to. As with every 5xx the outcome is unknown: repeat the same request, repeating is safe.';
  return new ProvisioningError('INTERNAL', message);
}

/** A server that was stopped meanwhile takes nothing any more; its callers repeat. */
function ignoreClosing(error: unknown): void {
  if ((error as { code?: string }).code !== 'FST_ERR_REOPENED_CLOSE_SERVER') throw error;
}
