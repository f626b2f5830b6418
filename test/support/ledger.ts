import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE } from './bodies.ts';
import { type Answer, post, TEST_TOKEN } from './server.ts';

const HEADERS = { 'X-AUTH-TOKEN': TEST_TOKEN };
/** Each caller has clients of its own, and repeats their provisions in turn. */
const CLIENTS_OF_A_CALLER = 400;
const COMPANIES = 50;
/** A statement whose answer was lost ends within this time (DESIGN: 4 s in the database, 5 s at the node), and may take effect until then. */
const DOUBT_MS = 10_000;
const PAUSE_AFTER_FAILURE_MS = 20;

/** What callers were told while things failed, to be held against what is there afterwards. */
export class Ledger {
  /** Every provision's answer that arrived whole. */
  readonly #answers = new Map<number, string>();
  /** The lifecycle that was last acknowledged. */
  readonly #isActive = new Map<number, boolean>();
  /** Since when a change of lifecycle is under way or its outcome unknown. */
  readonly #doubts = new Map<number, number>();
  /** Answers of success. */
  answered = 0;
  /** Answers of 503, each with Retry-After. */
  refused = 0;
  /** Requests without an answer. */
  cutOff = 0;
  repeated = 0;

  get acknowledged(): number {
    return this.#answers.size;
  }

  /** Provisions, deactivates and reactivates the caller's own clients, at whichever server it is told to, until it is over. */
  async callRepeatedly(caller: number, pickUrl: () => string, isOver: () => boolean): Promise<void> {
    for (let i = 0; !isOver(); i++) {
      const externalId = caller * CLIENTS_OF_A_CALLER + 1 + (i % CLIENTS_OF_A_CALLER);
      const text = await this.#provision(pickUrl(), externalId);
      if (text === undefined) await delay(PAUSE_AFTER_FAILURE_MS);
      else if (i % 3 === 0) await this.#changeStatus(pickUrl(), externalId, i % 2 === 0, JSON.parse(text).data.clientId);
    }
  }

  /** Every acknowledged answer comes again, byte for byte, and every acknowledged lifecycle is still true; asked at the servers in turn. */
  async check(urls: readonly string[]): Promise<void> {
    const queue = [...this.#answers];
    const worker = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const [externalId, text] = next;
        const url = urls[queue.length % urls.length] as string;
        assert.equal((await this.#call(url, PROVISION, bodyOf(externalId)))?.text, text);
        const expected = this.#isActive.get(externalId);
        if (expected === undefined) continue;
        const got = await this.#call(url, GET, { clientId: JSON.parse(text).data.clientId });
        assert.equal(got?.headers.get('x-client-status'), expected ? 'active' : 'inactive');
      }
    };
    await Promise.all(Array.from({ length: 24 }, worker));
    this.repeated += this.#answers.size;
  }

  async #provision(url: string, externalId: number): Promise<string | undefined> {
    const text = (await this.#call(url, PROVISION, bodyOf(externalId)))?.text;
    if (text === undefined) return undefined;
    const before = this.#answers.get(externalId);
    if (before !== undefined) assert.equal(text, before);
    else this.#isActive.set(externalId, true);
    this.#answers.set(externalId, text);
    return text;
  }

  async #changeStatus(url: string, externalId: number, isActive: boolean, clientId: number): Promise<void> {
    const doubt = this.#doubts.get(externalId);
    if (doubt !== undefined && performance.now() - doubt < DOUBT_MS) return;
    this.#doubts.set(externalId, performance.now());
    this.#isActive.delete(externalId);
    if ((await this.#call(url, isActive ? REACTIVATE : DEACTIVATE, { clientId })) === undefined) return;
    this.#isActive.set(externalId, isActive);
    this.#doubts.delete(externalId);
  }

  /** Undefined where nobody knows the outcome; an answer that a fault may not cause fails the test. */
  async #call(url: string, path: string, body: unknown): Promise<Answer | undefined> {
    let answer: Answer;
    try {
      answer = await post(`${url}${path}`, body, HEADERS);
    } catch {
      this.cutOff++;
      return undefined;
    }
    if (answer.status === 503) {
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
      this.refused++;
      return undefined;
    }
    assert.equal(answer.status, 200, answer.text);
    this.answered++;
    return answer;
  }
}

function bodyOf(externalId: number): unknown {
  return provisionBody({ company: { externalId: 1 + (externalId % COMPANIES) }, client: { externalId } });
}
