import { Secret } from '../domain/secret.ts';
import type { ClientId, TenantId } from '../domain/ids.ts';
import type { EngineRoom } from '../store/engine-rooms.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import type { Applied, ConferencingEngine, Medium, RoomSpec } from './engine.ts';
import { drawKey, drawPin, drawRoomNumber, roomPlace } from './room-keys.ts';

/** What somebody who was let in needs to join. Never the room's secret. */
export interface RoomTicket {
  engine: string;
  number: number;
  pin: Secret;
  media: readonly Medium[];
}

export interface RoomKeeperParts {
  store: Store;
  vault: Vault;
  engine: ConferencingEngine;
  now: () => number;
  /** After the engine has said that nobody is in the room of a client who was ended. */
  onClosed: (room: { tenantId: TenantId; clientId: ClientId; at: number }) => void;
  onFailure: (failure: { number: number; detail: string }) => void;
}

const LEASE_MS = 15_000;
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;
/** What is rejected stays so until somebody changes something. */
const REJECTED_RETRY_MS = 30_000;
const AT_ONCE = 32;
/** How long a room stays in which nobody is. */
const IDLE_MS = 15 * 60_000;
/** What the engine has is compared at least as often, and at once when it was restarted. */
const COMPARE_MS = 30_000;
/** A closed room is known for so long: a call to open it may have been on its way. */
const REMEMBER_MS = 24 * 3_600_000;

/**
 * Keeps an engine's rooms as the store wants them: made when somebody is let in, ended with the client, made again when the engine has lost them. What is
 * done is recorded for one revision only, so that what comes late undoes nothing newer.
 */
export class RoomKeeper {
  readonly #parts: RoomKeeperParts;
  #epoch: string | undefined;
  #comparedAt = -Infinity;
  #isUp = false;

  constructor(parts: RoomKeeperParts) {
    this.#parts = parts;
  }

  close(): Promise<void> {
    return this.#parts.engine.close();
  }

  get engineName(): string {
    return this.#parts.engine.name;
  }

  /** The engine answered when it was asked last. */
  get isUp(): boolean {
    return this.#isUp;
  }

  count(): Promise<{ wanted: number; pending: number }> {
    return this.#parts.store.engineRooms.count(this.engineName);
  }

  /** Resolves with the way in when the engine has the room. Undefined where it has not, or where the client was ended meanwhile. */
  async open(client: { tenantId: TenantId; clientId: ClientId; reservationId: number; at: number }): Promise<RoomTicket | undefined> {
    const { store, vault } = this.#parts;
    const number = drawRoomNumber();
    const keys = JSON.stringify({ pin: drawPin().reveal(), secret: drawKey().reveal() });
    const keysSealed = vault.seal(new Secret(keys), roomPlace(number));
    const room = await store.engineRooms.ensure({ ...client, engine: this.engineName, number, keysSealed });
    if (room === undefined || (await this.#apply(room)) !== 'done') return undefined;
    return { engine: this.engineName, number: room.number, pin: this.#read(room).pin, media: mediaOf(room) };
  }

  /** The room as it is on record; undefined where there is none any more. */
  async find(number: number): Promise<EngineRoom | undefined> {
    const [room] = await this.#parts.store.engineRooms.list({ engine: this.engineName, after: number - 1, limit: 1 });
    return room?.number === number && room.state === 'wanted' ? room : undefined;
  }

  async muteParticipant(number: number, id: string): Promise<void> {
    const room = await this.find(number);
    if (room !== undefined) await this.#parts.engine.muteParticipant(this.#read(room), id);
  }

  async removeParticipant(number: number, id: string): Promise<void> {
    const room = await this.find(number);
    if (room !== undefined) await this.#parts.engine.removeParticipant(this.#read(room), id);
  }

  /** Ids of all who are in a room of this client now; throws where the engine does not answer. */
  async listParticipants(client: { tenantId: TenantId; clientId: ClientId }): Promise<ReadonlySet<string>> {
    const { store, engine } = this.#parts;
    const rooms = await store.engineRooms.listOfClient({ ...client, engine: this.engineName });
    const wanted = rooms.filter(({ state }) => state === 'wanted');
    const inside = await Promise.all(wanted.map((room) => engine.listParticipants(this.#read(room))));
    return new Set(inside.flatMap((ids) => [...ids]));
  }

  /** Throws everybody out; who comes afterwards is in another room. */
  async end(number: number): Promise<void> {
    await this.#parts.store.engineRooms.end({ number, at: this.#parts.now() });
    await this.#endUnwanted();
  }

  /** One round: ends what is not wanted any more, and makes again what the engine has lost. */
  async keep(): Promise<void> {
    const { store, engine, now } = this.#parts;
    await this.#endUnwanted();
    const epoch = await engine.epoch().catch(() => undefined);
    this.#isUp = epoch !== undefined;
    const isDue = epoch !== this.#epoch || now() - this.#comparedAt >= COMPARE_MS;
    if (epoch === undefined || !isDue) return;
    this.#epoch = epoch;
    this.#comparedAt = now();
    if (!(await this.#compare())) this.#comparedAt = now() - COMPARE_MS + LONGEST_RETRY_MS;
    await store.engineRooms.forget(now() - REMEMBER_MS);
  }

  /** Ends what the engine has of a client who is not active any more; throws where it could not. Legs that came in elsewhere are others' to end. */
  async eject({ tenantId, clientId, conference }: { tenantId: TenantId; clientId: ClientId; conference: string }): Promise<void> {
    await this.#endUnwanted();
    const { store, now } = this.#parts;
    const rooms = await store.engineRooms.listOfClient({ tenantId, clientId, engine: this.engineName });
    if (rooms.some(({ state }) => state !== 'closed')) throw new Error('the engine has not ended every room yet');
    await store.admission.endLegs({ tenantId, conference, at: now(), dialect: this.engineName });
  }

  async #endUnwanted(): Promise<void> {
    const { store, now } = this.#parts;
    const engine = this.engineName;
    const at = now();
    await store.engineRooms.findUnwanted({ engine, at, idleSince: at - IDLE_MS });
    for (let claimed = AT_ONCE; claimed === AT_ONCE;) {
      const rooms = await store.engineRooms.claim({ engine, at, leaseUntil: at + LEASE_MS, limit: AT_ONCE });
      await Promise.all(rooms.map((room) => this.#apply(room)));
      claimed = rooms.length;
    }
  }

  /** True where everything is as it should be, or was made so. */
  async #compare(): Promise<boolean> {
    const { store, engine } = this.#parts;
    const there = await engine.inventory();
    let isAlike = true;
    for (let after = 0; ;) {
      const rooms = await store.engineRooms.list({ engine: this.engineName, after, limit: AT_ONCE });
      const alike = await Promise.all(rooms.map((room) => this.#mend(room, there.get(room.number))));
      isAlike &&= alike.every(Boolean);
      const last = rooms.at(-1);
      if (last === undefined || rooms.length < AT_ONCE) return isAlike;
      after = last.number;
    }
  }

  async #mend(room: EngineRoom, found: ReadonlySet<Medium> | undefined): Promise<boolean> {
    const { store, now } = this.#parts;
    const isMissing = room.state === 'wanted' && mediaOf(room).some((medium) => found?.has(medium) !== true);
    if (isMissing) return (await this.#apply(room)) === 'done';
    if (room.state === 'closed' && found !== undefined) {
      await store.engineRooms.reopenClosing({ number: room.number, revision: room.revision, at: now() });
    }
    return true;
  }

  /** Where the room has another revision by the time that the engine has answered, the engine is told of that one. */
  async #apply(room: EngineRoom): Promise<'done' | 'failed'> {
    const { store, engine, now, onFailure } = this.#parts;
    const { number, revision } = room;
    const applied = await engine.apply(this.#read(room));
    if (applied.kind !== 'applied') {
      onFailure({ number, detail: applied.detail });
      const nextAt = now() + retryMs(room, applied);
      await store.engineRooms.recordFailure({ number, revision, nextAt, error: `${applied.kind}: ${applied.detail}` });
      return 'failed';
    }
    if (!(await store.engineRooms.recordApplied({ number, revision, epoch: this.#epoch, at: now() }))) {
      const [current] = await store.engineRooms.list({ engine: this.engineName, after: number - 1, limit: 1 });
      if (current?.number === number) await this.#apply(current);
      return 'failed';
    }
    if (room.state !== 'wanted') await this.#ended(room);
    return 'done';
  }

  async #ended({ tenantId, clientId, reservationId }: EngineRoom): Promise<void> {
    const { store, vault, now, onClosed } = this.#parts;
    const at = now();
    const rooms = await store.engineRooms.listOfClient({ tenantId, clientId, engine: this.engineName });
    // Who came by the new codes already is in another room.
    const isFollowed = rooms.some((room) => room.reservationId === reservationId && room.state === 'wanted');
    const conference = vault.nameConference(tenantId, reservationId);
    if (!isFollowed) await store.admission.endLegs({ tenantId, conference, at, dialect: this.engineName });
    if ((await store.findClient(tenantId, clientId))?.status !== 'active') onClosed({ tenantId, clientId, at });
  }

  #read(room: EngineRoom): RoomSpec {
    const { pin, secret } = JSON.parse(this.#parts.vault.open(room.keysSealed, roomPlace(room.number)).reveal());
    const media = new Set(room.state === 'wanted' ? mediaOf(room) : []);
    return { number: room.number, pin: new Secret(pin), secret: new Secret(secret), media };
  }
}

function mediaOf({ hasVideo }: EngineRoom): Medium[] {
  return hasVideo ? ['audio', 'video'] : ['audio'];
}

function retryMs({ attempts }: EngineRoom, { kind }: Applied): number {
  return kind === 'rejected' ? REJECTED_RETRY_MS : Math.min(RETRY_MS * 2 ** Math.min(attempts, 10), LONGEST_RETRY_MS);
}
