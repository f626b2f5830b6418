import { storeUnavailable } from '../../../src/domain/errors.ts';
import type { Advance, Advanced, Claim, OperationKey, Wish } from '../../../src/store/operations.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Owner, Schedule } from './schedule.ts';

/** What may be wrong with us: each is a safeguard taken away. */
export const MUTANTS = ['no fence', 'no lease', 'no intent', 'no look-up', 'no sweep', 'no settle time'] as const;
export type Mutant = (typeof MUTANTS)[number];

export interface StoreWorld {
  schedule: Schedule;
  store: Store;
  /** Looks at and changes rows beside the store, for the mutants. */
  execute: (sql: string, ...values: (number | null)[]) => void;
  isCalm: () => boolean;
  mutant: Mutant | undefined;
  /** A wish is on record: whatever becomes of the call that brought it, it is not made later than this. */
  onWish: (requestId: string) => void;
  onAdvance: (owner: Owner, advance: Advance, advanced: Advanced) => void;
}

const FAILURE = 0.015;
const LOST_ANSWER = 0.015;

/** The real store, a network away from one node: what is asked arrives, is committed, and its answer may be lost. */
export function networkedStore(world: StoreWorld, owner: Owner): Store {
  const operations = new Proxy(world.store.operations, {
    get: (target, name) => networked(world, owner, (...input) => mutate(world, owner, target as never, name as string, input)),
  });
  return new Proxy(world.store, {
    get: (target, name) => {
      if (name === 'operations') return operations;
      const method = Reflect.get(target, name) as (...input: unknown[]) => Promise<unknown>;
      return networked(world, owner, (...input) => method.apply(target, input));
    },
  });
}

function networked({ schedule, isCalm }: StoreWorld, owner: Owner, act: (...input: unknown[]) => Promise<unknown>) {
  return (...input: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const fate = isCalm() ? 1 : schedule.random();
      const fail = (): void => reject(storeUnavailable(new Error('simulated')));
      if (fate < FAILURE) return schedule.in(schedule.between(1, 2_000), fail, owner);
      schedule.in(schedule.between(0, 4), async () => {
        let outcome: () => void;
        try {
          const output = await act(...input);
          outcome = () => resolve(output);
        } catch (error) {
          outcome = () => reject(error);
        }
        if (fate < FAILURE + LOST_ANSWER) schedule.in(schedule.between(1, 2_000), fail, owner);
        else schedule.in(schedule.between(0, 4), outcome, owner);
      });
    });
}

type Methods = Record<string, (...input: unknown[]) => Promise<unknown>>;
const ROW = 'where tenant_id = ? and external_id = ?';

async function mutate(world: StoreWorld, owner: Owner, operations: Methods, name: string, input: unknown[]): Promise<unknown> {
  const { mutant, execute } = world;
  const [given] = input as [OperationKey & { epoch: number }];
  const row = [given?.tenantId, given?.externalId] as [number, number];
  if (name === 'claim' && mutant === 'no lease') execute(`update operations set lease_until = 0 ${ROW}`, ...row);
  if (name !== 'advance') {
    const output = await operations[name]?.(...input);
    if (name === 'wish') world.onWish((given as unknown as Wish).origin.requestId);
    return output;
  }
  const advance = { ...(given as Advance & Claim) };
  const before = (await operations.find?.({ ...given, at: world.schedule.now })) as { epoch: number } | undefined;
  if (mutant === 'no fence' && before !== undefined) advance.epoch = before.epoch;
  let advanced: Advanced;
  if (mutant === 'no intent' && advance.step.kind === 'intend' && before !== undefined)
    advanced = before.epoch === advance.epoch ? { kind: 'open', operation: before as never } : { kind: 'lost' };
  else advanced = (await operations.advance?.(advance)) as Advanced;
  if (mutant === 'no sweep' && advanced.kind === 'closed')
    execute(`delete from operations ${ROW} and request_revision is null and status_revision is null`, ...row);
  world.onAdvance(owner, advance, advanced);
  return advanced;
}
