import type { EngineRoomStore } from '../engine-rooms.ts';
import * as rooms from '../scripts/engine-rooms.ts';
import type { Script } from '../scripts/script.ts';
import type { Database } from './database.ts';
import { POSTGRES, runScript } from './script.ts';

type Guard = <A extends unknown[], T>(work: (...input: A) => Promise<T>) => (...input: A) => Promise<T>;

export function makeEngineRoomStore(database: Database, guarded: Guard): EngineRoomStore {
  const script = <A extends unknown[], T>(make: (...input: A) => Script<T>) =>
    guarded((...input: A) => runScript(database, () => make(...input)));
  return {
    ensure: script((room) => rooms.ensureRoom(POSTGRES, room)),
    findUnwanted: script((query) => rooms.findUnwanted(query)),
    claim: script((query) => rooms.claimRooms(POSTGRES, query)),
    recordApplied: script((applied) => rooms.recordApplied(applied)),
    recordFailure: script((failure) => rooms.recordFailure(failure)),
    reopenClosing: script((reopened) => rooms.reopenClosing(reopened)),
    lock: script((lock) => rooms.lockRoom(lock)),
    removeVisitor: script((removal) => rooms.removeVisitor(removal)),
    end: script((ended) => rooms.endRoom(ended)),
    forget: script((closedBefore) => rooms.forgetRooms(closedBefore)),
    list: script((query) => rooms.listRooms(query)),
    listOfClient: script((query) => rooms.listOfClient(query)),
    count: script((engine) => rooms.countRooms(engine)),
  };
}
