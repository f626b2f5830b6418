import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Sealed } from '../vault/vault.ts';

/** Which rooms engines should have. A room follows its client: what is not wanted any more stays until the engine has said that it is gone. */
export interface EngineRoomStore {
  /** The reservation's room, or this one from now on. Undefined where the client is not active. */
  ensure(room: NewEngineRoom): Promise<EngineRoom | undefined>;
  /** Marks those to close whose client is not active, whose codes were rotated out, or where nobody has been for long. */
  findUnwanted(query: { engine: string; at: number; idleSince: number }): Promise<void>;
  /** Takes what is to be closed and is due, for as long as the lease. */
  claim(query: { engine: string; at: number; leaseUntil: number; limit: number }): Promise<EngineRoom[]>;
  /** False where the room is at another revision by now: then nothing is written. */
  recordApplied(applied: { number: number; revision: number; epoch: string | undefined; at: number }): Promise<boolean>;
  recordFailure(failure: { number: number; revision: number; nextAt: number; error: string }): Promise<void>;
  /** What the engine should have, and what it should have no more; a page at a time. */
  list(query: { engine: string; after: number; limit: number }): Promise<EngineRoom[]>;
  listOfClient(query: { engine: string; tenantId: TenantId; clientId: ClientId }): Promise<EngineRoom[]>;
  /** A closed room that the engine has again is closed again. */
  reopenClosing(reopened: { number: number; revision: number; at: number }): Promise<void>;
  /** Nobody new comes in from then on; undefined: everybody may again. */
  lock(lock: { number: number; lockedAt: number | undefined }): Promise<void>;
  /** Keeps a visitor out until the room ends. A repeat changes nothing. */
  removeVisitor(removal: { number: number; visitor: string }): Promise<void>;
  /** To be closed, whatever its client is. */
  end(ended: { number: number; at: number }): Promise<void>;
  count(engine: string): Promise<{ wanted: number; pending: number }>;
  forget(closedBefore: number): Promise<void>;
}

export interface NewEngineRoom {
  engine: string;
  tenantId: TenantId;
  clientId: ClientId;
  reservationId: number;
  /** When the caller asked, before anything was decided: codes rotated out since then close the room. */
  at: number;
  number: number;
  keysSealed: Sealed;
}

export interface EngineRoom {
  number: number;
  tenantId: TenantId;
  clientId: ClientId;
  reservationId: number;
  keysSealed: Sealed;
  hasVideo: boolean;
  state: 'wanted' | 'closing' | 'closed';
  revision: number;
  appliedRevision: number | undefined;
  attempts: number;
  lockedAt: number | undefined;
  /** Visitors of the web who may not come in again. */
  removed: readonly string[];
}
