import type { Tenant } from '../../../src/domain/caller.ts';
import type { ProvisionRequest } from '../../../src/domain/client.ts';
import { ProvisioningError } from '../../../src/domain/errors.ts';
import type { ClientExternalId, ClientId, CompanyExternalId, EnterpriseId, TenantId } from '../../../src/domain/ids.ts';
import { RemotePlatform } from '../../../src/platform/remote/remote-platform.ts';
import type { Creates } from '../../../src/domain/vendor.ts';
import type { Advance, Advanced } from '../../../src/store/operations.ts';
import type { Database } from './database.ts';
import { type Owner, Schedule } from './schedule.ts';
import { type Mutant, networkedStore } from './store.ts';
import { CALL_MS, NetworkedVendor, SETTLE_MS, SimulatedVendor } from './vendor.ts';

const TENANT: Tenant = { tenantId: 1 as TenantId, name: 'default', onDifference: 'update', passwordDisclosure: 'always', isSandbox: false };
const CLIENTS = 3;
const RECOVER_EVERY_MS = 1_000;
const LEASE_MS = Math.max(5_000, 3 * CALL_MS);
/** However much fails, callers that repeat are answered within this time; once nothing fails any more, everything is true within that. */
const ANSWERED_WITHIN_MS = 40 * 60_000;
const CALM_WITHIN_MS = 20 * 60_000;

type Wish = { kind: 'provision'; first: string } | { kind: 'deactivate' } | { kind: 'reactivate' };

interface Node extends Owner {
  platform: RemotePlatform;
}

/** One customer's plan, and what its caller does with it: wish after wish, each repeated until it is acknowledged. */
interface Plan {
  externalId: number;
  wishes: Wish[];
  /** Calls whose wish may yet be put on record. */
  underWay: number;
  acknowledged: Wish | undefined;
  /** In vain, one after the other: the pauses between them grow. */
  tries: number;
  clientId: ClientId | undefined;
  answer: string | undefined;
  /** What was acknowledged last. */
  first: string;
  isActive: boolean;
}

export interface Circumstances {
  mutant?: Mutant | undefined;
  /** Nothing fails, but that the only node dies before this step and comes back. */
  dieAt?: number | undefined;
}

export interface Course {
  steps: number;
  crashes: number;
  acknowledged: number;
  /** Undefined where every promise was kept. */
  violation: string | undefined;
}

/**
 * One course of events: nodes of the real platform over the real store, a vendor, and a network, a scheduler and a fate drawn from a seed. While
 * things fail the callers repeat; then nothing fails any more, and what was promised is looked for.
 */
export class World {
  readonly #schedule: Schedule;
  readonly #database: Database;
  readonly #vendor: SimulatedVendor;
  readonly #mutant: Mutant | undefined;
  readonly #creates: Creates;
  readonly #nodes: Node[] = [];
  readonly #plans: Plan[];
  readonly #intents = new Map<number, { owner: Owner; at: number }>();
  readonly #onWish = new Map<string, () => void>();
  #isCalm = false;
  #crashes = 0;
  #acknowledged = 0;
  #violation: string | undefined;

  constructor(seed: number, database: Database, { mutant, dieAt }: Circumstances = {}) {
    this.#schedule = new Schedule(seed, database.clock);
    this.#database = database;
    this.#mutant = mutant;
    this.#isCalm = dieAt !== undefined;
    const classes: Creates[] = ['repeatable', 'repeatable', 'findable', 'neither'];
    const drawn = dieAt === undefined ? this.#schedule.pick(classes) : (classes[1 + (seed % 3)] as Creates);
    this.#creates = mutant === 'no look-up' ? 'findable' : drawn;
    const range = database.nextRange();
    this.#vendor = new SimulatedVendor(this.#schedule, this.#creates, range);
    this.#vendor.onMade = (externalId) => {
      const made = this.#vendor.records.filter((one) => one.externalId === externalId).length;
      if (made > 1) this.#violate(`client ${externalId} (${this.#creates}): the vendor has ${made}`);
    };
    this.#plans = Array.from({ length: CLIENTS }, (_, i) => this.#makePlan(range + i));
    const nodes = dieAt === undefined ? this.#schedule.between(1, 3) : 1;
    for (let i = 0; i < nodes; i++) this.#startNode(i);
    this.#schedule.onStep = (step) => {
      if (step === dieAt) this.#kill(0);
    };
  }

  async play(): Promise<Course> {
    const schedule = this.#schedule;
    for (const plan of this.#plans) schedule.in(schedule.between(0, 500), () => this.#ask(plan));
    schedule.in(schedule.between(500, 5_000), () => this.#makeTrouble());
    schedule.in(RECOVER_EVERY_MS, () => this.#operate());
    let isOver = false;
    let latest = schedule.now + ANSWERED_WITHIN_MS;
    await schedule.play(() => {
      const isSaid = this.#plans.every(({ wishes, underWay }) => wishes.length === 0 && underWay === 0);
      if (isSaid && !isOver) {
        isOver = this.#isCalm = true;
        latest = schedule.now + CALM_WITHIN_MS;
      }
      return this.#violation !== undefined || (isOver && this.#isIdle()) || schedule.now > latest;
    });
    for (const node of this.#nodes) node.isDead = true;
    this.#database.clock = schedule.now + 60_000;
    if (this.#violation === undefined) await this.#check();
    this.#database.forget();
    return { steps: schedule.steps, crashes: this.#crashes, acknowledged: this.#acknowledged, violation: this.#violation };
  }

  #makePlan(externalId: number): Plan {
    const schedule = this.#schedule;
    const wishes: Wish[] = [{ kind: 'provision', first: 'first' }];
    for (let i = schedule.between(1, 5); i > 0; i--)
      wishes.push(
        schedule.pick<Wish>([
          { kind: 'provision', first: `change${i}` },
          { kind: 'provision', first: 'first' },
          { kind: 'deactivate' },
          { kind: 'deactivate' },
          { kind: 'reactivate' },
        ]),
      );
    return {
      externalId,
      wishes,
      underWay: 0,
      acknowledged: undefined,
      tries: 0,
      clientId: undefined,
      answer: undefined,
      first: '',
      isActive: true,
    };
  }

  #pauseMs(): number {
    return this.#schedule.between(1_000, 20_000);
  }

  #startNode(index: number): void {
    const schedule = this.#schedule;
    const owner: Owner = { isDead: false, pausedUntil: 0 };
    const isCalm = (): boolean => this.#isCalm;
    const creates = this.#mutant === 'no look-up' ? 'repeatable' : this.#creates;
    const settleMs = this.#mutant === 'no settle time' ? 0 : SETTLE_MS;
    const platform = new RemotePlatform({
      store: networkedStore(
        {
          schedule,
          store: this.#database.store,
          execute: this.#database.execute,
          isCalm,
          mutant: this.#mutant,
          onWish: (requestId) => this.#onWish.get(requestId)?.(),
          onAdvance: (...seen) => this.#watch(...seen),
        },
        owner,
      ),
      vault: this.#database.vault,
      vendor: new NetworkedVendor({ schedule, vendor: this.#vendor, isCalm, owner }, { creates, settleMs }),
      now: () => schedule.now,
      stuckAfterMs: 15 * 60_000,
      process: {
        elapsedMs: () => schedule.now,
        sleep: (ms) => new Promise((resolve) => schedule.in(ms, () => resolve(undefined), owner)),
        random: schedule.random,
      },
    });
    const node = Object.assign(owner, { platform });
    this.#nodes[index] = node;
    const recover = (): void => {
      platform.recover().catch(ignoreTransient);
      schedule.in(RECOVER_EVERY_MS, recover, owner);
    };
    schedule.in(schedule.between(1, RECOVER_EVERY_MS), recover, owner);
  }

  /** Nodes die and come back, or stand still for a while and go on as if nothing had been. */
  #makeTrouble(): void {
    const schedule = this.#schedule;
    if (this.#isCalm) return;
    const index = schedule.between(0, this.#nodes.length - 1);
    const node = this.#nodes[index] as Node;
    if (node.isDead) {
      // It is coming back already.
    } else if (schedule.chance(0.5)) {
      node.pausedUntil = schedule.now + this.#pauseMs();
    } else {
      this.#kill(index);
    }
    schedule.in(schedule.between(500, 5_000), () => this.#makeTrouble());
  }

  #kill(index: number): void {
    (this.#nodes[index] as Node).isDead = true;
    this.#crashes++;
    this.#schedule.in(this.#schedule.between(100, 5_000), async () => {
      // The only one that has the database knows that whoever held a lease is dead.
      if (this.#nodes.length === 1) {
        await this.#database.store.operations.releaseAll();
        this.#intents.clear();
      }
      this.#startNode(index);
    });
  }

  /** Somebody looks at what waits for an operator, when the vendor can show what it has. */
  #operate(): void {
    const { operations } = this.#database.store;
    const schedule = this.#schedule;
    schedule.in(SETTLE_MS, async () => {
      const listed = await operations.list({ tenantId: TENANT.tenantId, after: 0, stuckOnly: true, limit: 100, at: schedule.now });
      for (const { operationId, isParked, sinceCalledMs } of listed)
        if (isParked && sinceCalledMs >= SETTLE_MS)
          await operations.resolve({ tenantId: TENANT.tenantId, operationId, action: 'retry', at: schedule.now });
      this.#operate();
    });
  }

  #ask(plan: Plan): void {
    const schedule = this.#schedule;
    const [wish] = plan.wishes;
    if (wish === undefined || wish === plan.acknowledged) return;
    const node = schedule.pick(this.#nodes);
    if (node.isDead) return schedule.in(schedule.between(200, 2_000), () => this.#ask(plan));
    plan.underWay++;
    const origin = { actor: 'token:1', requestId: String(this.#onWish.size) };
    let isOver = false;
    let isOnRecord = false;
    const onRecord = (): void => {
      if (!isOnRecord) plan.underWay--;
      isOnRecord = true;
    };
    this.#onWish.set(origin.requestId, onRecord);
    const end = (after: () => void): void => {
      onRecord();
      giveUp(after);
    };
    const giveUp = (after: () => void): void => {
      if (!isOver) after();
      isOver = true;
    };
    const askAgain = (): void => schedule.in(schedule.between(100, 2_000) * Math.min(++plan.tries, 10), () => this.#ask(plan));
    // A caller whose node has died sees its connection break; one who waits too long asks another node.
    const feel = (): void => (node.isDead ? end(askAgain) : isOnRecord && isOver ? undefined : schedule.in(1_000, feel));
    schedule.in(1_000, feel);
    schedule.in(schedule.between(2_000, 10_000), () => giveUp(askAgain));
    schedule.in(
      schedule.between(0, 10),
      () => {
        const { platform } = node;
        const call =
          wish.kind === 'provision'
            ? platform.provision(TENANT, this.#request(plan, wish.first), origin).then((answer) => {
                const { companyId, clientId, password, moderatorPassCode, participantPassCode, hub } = answer;
                const codes = [password?.reveal(), moderatorPassCode.reveal(), participantPassCode.reveal()];
                return JSON.stringify([companyId, clientId, ...codes, hub]);
              })
            : platform[wish.kind](TENANT, plan.clientId as ClientId, origin).then(() => undefined);
        call.then(
          (answer) => end(() => this.#acknowledge(plan, wish, answer)),
          (error: unknown) => {
            if (error instanceof ProvisioningError && isRepeatable(error)) end(askAgain);
            else this.#violate(`client ${plan.externalId}: ${wish.kind} ended with ${String(error)}`);
          },
        );
      },
      node,
    );
    // Now and then a caller sends the same once more before it has its answer.
    if (!this.#isCalm && schedule.chance(0.15) && plan.underWay < 3)
      schedule.in(schedule.between(1, 2_000), () => this.#repeat(plan, wish));
  }

  #repeat(plan: Plan, wish: Wish): void {
    if (plan.wishes[0] === wish) this.#ask(plan);
  }

  #acknowledge(plan: Plan, wish: Wish, answer: string | undefined): void {
    const schedule = this.#schedule;
    this.#acknowledged++;
    if (answer !== undefined) {
      if (plan.answer !== undefined && plan.answer !== answer)
        this.#violate(`client ${plan.externalId}: two answers, ${plan.answer} and ${answer}`);
      plan.answer = answer;
      plan.clientId = (JSON.parse(answer) as number[])[1] as ClientId;
    }
    if (plan.wishes[0] !== wish || plan.acknowledged === wish) return;
    plan.acknowledged = wish;
    plan.tries = 0;
    // What was sent twice may be under way still: nothing else follows before that can not be put on record any more.
    const proceed = (): void => {
      if (plan.underWay > 0) return schedule.in(500, proceed);
      if (wish.kind === 'provision') plan.first = wish.first;
      else plan.isActive = wish.kind === 'reactivate';
      plan.wishes.shift();
      this.#ask(plan);
    };
    proceed();
  }

  #request({ externalId }: Plan, first: string): ProvisionRequest {
    return {
      company: {
        externalId: Math.floor(externalId / 2) as CompanyExternalId,
        enterpriseId: 1 as EnterpriseId,
        name: 'Company',
        isGlobalMeetEnabled: true,
        isWebConfEnabled: false,
      },
      client: { externalId: externalId as ClientExternalId, first, last: 'Last', email: 'me@example.com' },
      contact: { address: null, city: null, state: null, country: 'CA', postalCode: null },
      password: undefined,
      terms: { mustBeNew: false, sourceVersion: undefined },
    };
  }

  /** A lease is there so that two do not call at once. */
  #watch(owner: Owner, { externalId, step, at }: Advance, advanced: Advanced): void {
    const intent = this.#intents.get(externalId);
    if (step.kind === 'intend' && advanced.kind === 'open') {
      if (intent !== undefined && intent.owner !== owner && this.#schedule.now - intent.at < LEASE_MS)
        this.#violate(`client ${externalId}: two nodes announced a call within one lease, at ${at}`);
      this.#intents.set(externalId, { owner, at: this.#schedule.now });
      // The worst moments to stand still are between an announced call and its record.
      if (!this.#isCalm && this.#schedule.chance(0.1))
        this.#schedule.in(this.#schedule.between(0, 150), () => {
          owner.pausedUntil = this.#schedule.now + this.#pauseMs();
        });
    } else if (intent?.owner === owner) this.#intents.delete(externalId);
  }

  #isIdle(): boolean {
    return this.#database.countOperations() === 0;
  }

  async #check(): Promise<void> {
    if (this.#plans.some(({ wishes }) => wishes.length > 0)) return this.#violate('a caller is never answered');
    if (!this.#isIdle()) return this.#violate('something is under way for ever');
    for (const plan of this.#plans) {
      const { externalId, first, isActive, clientId } = plan;
      const record = await this.#database.store.findClientRecord(TENANT.tenantId, { externalId: externalId as ClientExternalId });
      const bound = this.#vendor.records.find((one) => one.clientId === clientId);
      const who = `client ${externalId} (${this.#creates})`;
      if (record?.clientId !== clientId) this.#violate(`${who}: on record is ${record?.clientId}, and ${clientId} was answered`);
      else if (record?.first !== first || (record.status === 'active') !== isActive)
        this.#violate(`${who}: on record is ${record?.first}, ${record?.status}; acknowledged was ${first}, ${isActive}`);
      else if (bound?.first !== first || bound.isActive !== isActive)
        this.#violate(`${who}: the vendor has ${bound?.first}, ${bound?.isActive}; acknowledged was ${first}, ${isActive}`);
    }
  }

  #violate(what: string): void {
    this.#violation ??= what;
  }
}

function isRepeatable({ code }: ProvisioningError): boolean {
  return ['STORE_UNAVAILABLE', 'OVERLOADED', 'PLATFORM_UNAVAILABLE', 'PLATFORM_ANSWER_WRONG', 'IN_PROGRESS', 'NEEDS_OPERATOR'].includes(
    code,
  );
}

function ignoreTransient(error: unknown): void {
  if (!(error instanceof ProvisioningError)) throw error;
}
