import type { DatabaseSync } from 'node:sqlite';
import type { EngineRoomStore, NewEngineRoom } from '../engine-rooms.ts';
import * as rooms from '../scripts/engine-rooms.ts';
import type { Append } from './journal.ts';
import { prepareScripts, SQLITE } from './script.ts';

type Input<Name extends keyof EngineRoomStore> = Parameters<EngineRoomStore[Name]>[0];

/** On the writer's side. */
export function prepareEngineRoomWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  return {
    ensureRoom: (room: NewEngineRoom) => run(rooms.ensureRoom(SQLITE, room)),
    findUnwantedRooms: (query: Input<'findUnwanted'>) => run(rooms.findUnwanted(query)),
    claimRooms: (query: Input<'claim'>) => run(rooms.claimRooms(SQLITE, query)),
    recordRoomApplied: (applied: Input<'recordApplied'>) => run(rooms.recordApplied(applied)),
    recordRoomFailure: (failure: Input<'recordFailure'>) => run(rooms.recordFailure(failure)),
    reopenClosingRoom: (reopened: Input<'reopenClosing'>) => run(rooms.reopenClosing(reopened)),
    lockRoom: (lock: Input<'lock'>) => run(rooms.lockRoom(lock)),
    removeRoomVisitor: (removal: Input<'removeVisitor'>) => run(rooms.removeVisitor(removal)),
    endRoom: (ended: Input<'end'>) => run(rooms.endRoom(ended)),
    forgetRooms: (closedBefore: number) => run(rooms.forgetRooms(closedBefore)),
  };
}

type Writes = ReturnType<typeof prepareEngineRoomWrites>;
type EngineRoomWrites = { [Name in keyof Writes]: (...input: Parameters<Writes[Name]>) => Promise<ReturnType<Writes[Name]>> };

export function makeEngineRoomStore(db: DatabaseSync, write: EngineRoomWrites, read: <T>(query: () => T) => T): EngineRoomStore {
  const run = prepareScripts(db);
  return {
    ensure: write.ensureRoom,
    findUnwanted: write.findUnwantedRooms,
    claim: write.claimRooms,
    recordApplied: write.recordRoomApplied,
    recordFailure: write.recordRoomFailure,
    reopenClosing: write.reopenClosingRoom,
    lock: write.lockRoom,
    removeVisitor: write.removeRoomVisitor,
    end: write.endRoom,
    forget: write.forgetRooms,
    list: async (query) => read(() => run(rooms.listRooms(query))),
    listOfClient: async (query) => read(() => run(rooms.listOfClient(query))),
    count: async (engine) => read(() => run(rooms.countRooms(engine))),
  };
}
