import type { DatabaseSync } from 'node:sqlite';
import type { Origin } from '../../domain/journal.ts';
import type { AdmissionStore, AdmittedLeg, EndedCall, EndedLegs, Miss, RailsChange, RecordedMiss, ReportedLeg } from '../admission.ts';
import type { BridgeRevocation, BridgeRotation, BridgeUpdate, NewAccessNumber, NewBridge } from '../bridges.ts';
import * as reads from '../scripts/admission-reads.ts';
import * as bridges from '../scripts/bridges.ts';
import { listDialable } from '../scripts/dialable.ts';
import * as legReads from '../scripts/leg-reads.ts';
import * as legs from '../scripts/legs.ts';
import { type PackedLegs, packLegs } from '../scripts/packed-legs.ts';
import * as misses from '../scripts/misses.ts';
import type { Append } from './journal.ts';
import { prepareScripts, SQLITE } from './script.ts';

/** On the writer's side. */
export function prepareAdmissionWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  return {
    recordMiss: (miss: Miss) => run(misses.recordMisses(SQLITE, [miss]))[0] as RecordedMiss,
    recordLegs: (packed: PackedLegs) => run(legs.recordLegs(SQLITE, packed)),
    reserveLeg: (reservation: { admitted: AdmittedLeg; maxParticipants: number }) => run(legs.reserveLeg(SQLITE, reservation)),
    reportLeg: (reported: ReportedLeg) => run(legs.reportLeg(SQLITE, reported)),
    endCall: (ended: EndedCall) => run(legs.endCall(ended)),
    endLeg: (ended: { legKey: string; at: number }) => run(legs.endLeg(ended)),
    endLegs: (ending: EndedLegs) => run(legs.endLegs(ending)),
    sweepAdmission(at: number) {
      run(legs.expireLegs(at));
      run(misses.forgetGuesses(at));
    },
    createBridge: (bridge: NewBridge) => run(bridges.createBridge(bridge)),
    updateBridge: (update: BridgeUpdate) => run(bridges.updateBridge(update)),
    rotateBridgeCredential: (rotation: BridgeRotation) => run(bridges.rotateBridgeCredential(rotation)),
    revokeBridge: (revocation: BridgeRevocation) => run(bridges.revokeBridge(revocation)),
    forgetSecrets: (bridgeId: number) => run(bridges.forgetSecrets(bridgeId)),
    addAccessNumber: (number: NewAccessNumber) => run(bridges.addAccessNumber(number)),
    removeAccessNumber: (removal: { number: string; at: number; origin: Origin }) => run(bridges.removeAccessNumber(removal)),
    setRails: (change: RailsChange) => run(bridges.setRails(change)),
  };
}

type Writes = ReturnType<typeof prepareAdmissionWrites>;
export type AdmissionWrites = { [Name in keyof Writes]: (...input: Parameters<Writes[Name]>) => Promise<ReturnType<Writes[Name]>> };
type Read = <T>(query: () => T) => T;

/** What the store offers, over the writer and its own connection for reading. */
export function makeAdmissionStore(db: DatabaseSync, write: AdmissionWrites, read: Read): AdmissionStore {
  const run = prepareScripts(db);
  return {
    recordMiss: write.recordMiss,
    recordLegs: (admitted) => write.recordLegs(packLegs(admitted)),
    reportLeg: write.reportLeg,
    endCall: write.endCall,
    endLegs: write.endLegs,
    createBridge: write.createBridge,
    updateBridge: write.updateBridge,
    rotateBridgeCredential: write.rotateBridgeCredential,
    revokeBridge: write.revokeBridge,
    forgetSecrets: write.forgetSecrets,
    addAccessNumber: write.addAccessNumber,
    removeAccessNumber: write.removeAccessNumber,
    setRails: write.setRails,
    reserveLeg: (admitted, maxParticipants) => write.reserveLeg({ admitted, maxParticipants }),
    sweep: write.sweepAdmission,
    find: async (query) => read(() => run(reads.findAdmission(SQLITE, query))),
    listLive: async (query) => read(() => run(legReads.listLive(query))),
    findOutlawed: async (query) => read(() => run(legReads.findOutlawed(query))),
    listOpenCalls: async (query) => read(() => run(legReads.listOpenCalls(query))),
    listBrowserLegs: async (query) => read(() => run(legReads.listBrowserLegs(query))),
    endLeg: write.endLeg,
    listUsage: async (query) => read(() => run(legReads.listUsage(query))),
    listDialable: async (query) => read(() => run(listDialable(SQLITE, query))),
    listBridgesOf: async (dialect) => read(() => run(bridges.listBridgesOf(dialect))),
    listBridges: async (tenantId) => read(() => run(bridges.listBridges(tenantId))),
    findBridge: async (hash) => read(() => run(bridges.findBridge(hash))),
    findBridgeById: async (bridgeId) => read(() => run(bridges.findBridgeById(bridgeId))),
    listAccessNumbers: async () => read(() => run(bridges.listAccessNumbers())),
    findRails: async (key) => read(() => run(reads.findRails(key))),
    findHost: async (reservationId) => read(() => run(reads.findHost(reservationId))),
  };
}
