import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeBridge, type TestBridge } from '../support/admission.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { ENGINE } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const RUNS = ENGINE === 'sqlite' ? 12 : 5;
const MINUTE_MS = 60_000;
const CLIENTS = 4;
const UNLIMITED = {
  PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: '3600000',
  PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR: '3600000',
  PARLEY_ADMISSION_MISSES_PER_HOUR: '3600000',
};

/** What is done to which client; `minutes` is an overlap, or how far the clock is turned. */
const STEP = fc.record({
  what: fc.constantFrom('provision', 'deactivate', 'reactivate', 'rotate', 'terminate', 'erase', 'wait', 'ask', 'ask', 'ask'),
  client: fc.nat({ max: CLIENTS - 1 }),
  minutes: fc.constantFrom(0, 5, 60),
  pick: fc.nat(),
});
type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never;

interface ModelClient {
  clientId: number;
  status: 'active' | 'inactive' | 'ended';
  codes: { digits: string; role: string; validUntil: number }[];
  conference: string | undefined;
}

/** Every pass code that was ever given out is asked for again and again, whatever has become of it. */
class Run {
  readonly #server: TestServer;
  readonly #bridge: TestBridge;
  readonly #base: number;
  readonly #clients = new Map<number, ModelClient>();

  constructor(server: TestServer, bridge: TestBridge, base: number) {
    this.#server = server;
    this.#bridge = bridge;
    this.#base = base;
  }

  async take({ what, client: nth, minutes, pick }: Step): Promise<void> {
    const client = this.#clients.get(nth);
    if (what === 'wait') this.#server.advance(minutes * MINUTE_MS);
    else if (what === 'provision') await this.#provision(nth, client);
    else if (client !== undefined) await this.#do(what, client, minutes, pick);
  }

  async #provision(nth: number, client: ModelClient | undefined): Promise<void> {
    const answer = await this.#server.provision({ client: { externalId: this.#base + nth } });
    if (client !== undefined) return assert.equal(answer.status, client.status === 'ended' ? 409 : 200);
    const made: ModelClient = { clientId: answer.data.clientId, status: 'active', codes: [], conference: undefined };
    this.#clients.set(nth, made);
    this.#remember(made, answer.data.passCodes);
  }

  #remember(
    { codes }: ModelClient,
    { moderatorPassCode, participantPassCode }: { moderatorPassCode: string; participantPassCode: string },
  ): void {
    codes.push({ digits: moderatorPassCode, role: 'moderator', validUntil: Infinity });
    codes.push({ digits: participantPassCode, role: 'participant', validUntil: Infinity });
  }

  async #do(what: Step['what'], client: ModelClient, minutes: number, pick: number): Promise<void> {
    const { clientId } = client;
    if (what === 'ask') return this.#ask(client, pick);
    if (what === 'rotate') {
      const answer = await this.#server.post(`/v1/clients/${clientId}/rotate-passcodes`, { overlapMinutes: minutes });
      if (client.status === 'ended') return assert.equal(answer.status, 409);
      const until = Date.parse(answer.json.overlapUntil);
      for (const code of client.codes) if (code.validUntil === Infinity) code.validUntil = until;
      return this.#remember(client, answer.json.passCodes);
    }
    const path = {
      deactivate: DEACTIVATE,
      reactivate: REACTIVATE,
      terminate: `/v1/clients/${clientId}/terminate`,
      erase: `/v1/clients/${clientId}/erase`,
    };
    await this.#server.post(path[what as keyof typeof path], {
      clientId,
      ...((what === 'terminate' || what === 'erase') && { clientId: undefined }),
    });
    if (what === 'terminate' || what === 'erase') client.status = 'ended';
    else if (client.status !== 'ended') client.status = what === 'deactivate' ? 'inactive' : 'active';
  }

  async #ask(client: ModelClient, pick: number): Promise<void> {
    const code = client.codes[pick % client.codes.length] as ModelClient['codes'][number];
    const before = this.#server.now();
    const { json } = await this.#bridge.ask({ digits: code.digits });
    // A code that ran out while it was asked for may be answered either way.
    if (before < code.validUntil && this.#server.now() >= code.validUntil) return;
    if (client.status !== 'active' || before >= code.validUntil) {
      return assert.deepEqual(json, { action: 'reject', reason: 'not_recognised', triesLeft: 2 });
    }
    assert.deepEqual([json.action, json.role, json.client.clientId], ['accept', code.role, client.clientId]);
    client.conference ??= json.conference;
    assert.equal(json.conference, client.conference);
    const others = [...this.#clients.values()].filter((other) => other !== client).map(({ conference }) => conference);
    assert.ok(!others.includes(json.conference));
  }
}

test('whatever is done to clients in whatever order, a code opens its own conference exactly while it may', async (t) => {
  const server = await startTestServer(t, UNLIMITED);
  const bridge = await makeBridge(server);
  let base = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 20, maxLength: 60 }), async (steps) => {
      const run = new Run(server, bridge, (base += 100));
      for (let client = 0; client < CLIENTS; client++) await run.take({ what: 'provision', client, minutes: 0, pick: 0 });
      for (const step of steps) await run.take(step);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
