import type { AdmissionStore, Miss, RecordedMiss } from '../admission.ts';
import { GROUP_LIMITS, Gatherer } from '../gatherer.ts';
import type { Row } from '../rows.ts';
import * as reads from '../scripts/admission-reads.ts';
import * as bridges from '../scripts/bridges.ts';
import { listDialable } from '../scripts/dialable.ts';
import * as legReads from '../scripts/leg-reads.ts';
import * as legs from '../scripts/legs.ts';
import { packLegs } from '../scripts/packed-legs.ts';
import * as misses from '../scripts/misses.ts';
import type { Script } from '../scripts/script.ts';
import type { Database } from './database.ts';
import { POSTGRES, runScript } from './script.ts';

type Guard = <A extends unknown[], T>(work: (...input: A) => Promise<T>) => (...input: A) => Promise<T>;

export function makeAdmissionStore(database: Database, guarded: Guard): AdmissionStore {
  const script = <A extends unknown[], T>(make: (...input: A) => Script<T>) =>
    guarded((...input: A) => runScript(database, () => make(...input)));
  // All of them write the same few rows: together they hold one connection, and guessers none of the others'.
  const together = new Gatherer<Miss, RecordedMiss>(
    (group) => runScript(database, () => misses.recordMisses(POSTGRES, group)),
    GROUP_LIMITS,
  );
  return {
    // One statement, one round trip, no transaction around it.
    find: guarded(async (asked) => {
      const [row] = await database.query<Row>(reads.admissionSql(POSTGRES), reads.admissionValues(asked));
      return reads.readAdmission(row as Row);
    }),
    recordMiss: guarded((miss) => together.submit(miss)),
    recordLegs: script((admitted) => legs.recordLegs(POSTGRES, packLegs(admitted))),
    reserveLeg: script((admitted, maxParticipants) => legs.reserveLeg(POSTGRES, { admitted, maxParticipants })),
    reportLeg: script((reported) => legs.reportLeg(POSTGRES, reported)),
    endCall: script((ended) => legs.endCall(ended)),
    endLegs: script((ending) => legs.endLegs(ending)),
    sweep: guarded(async (at) => {
      await runScript(database, () => legs.expireLegs(at));
      await runScript(database, () => misses.forgetGuesses(at));
    }),
    listLive: script((query) => legReads.listLive(query)),
    findOutlawed: script((query) => legReads.findOutlawed(query)),
    listOpenCalls: script((query) => legReads.listOpenCalls(query)),
    listBrowserLegs: script((query) => legReads.listBrowserLegs(query)),
    endLeg: script((ended) => legs.endLeg(ended)),
    listUsage: script((query) => legReads.listUsage(query)),
    createBridge: script((bridge) => bridges.createBridge(bridge)),
    forgetSecrets: script((bridgeId) => bridges.forgetSecrets(bridgeId)),
    updateBridge: script((update) => bridges.updateBridge(update)),
    rotateBridgeCredential: script((rotation) => bridges.rotateBridgeCredential(rotation)),
    revokeBridge: script((revocation) => bridges.revokeBridge(revocation)),
    listDialable: script((query) => listDialable(POSTGRES, query)),
    listBridgesOf: script((dialect) => bridges.listBridgesOf(dialect)),
    listBridges: script((tenantId) => bridges.listBridges(tenantId)),
    findBridge: script((hash) => bridges.findBridge(hash)),
    findBridgeById: script((bridgeId) => bridges.findBridgeById(bridgeId)),
    addAccessNumber: script((number) => bridges.addAccessNumber(number)),
    removeAccessNumber: script((removal) => bridges.removeAccessNumber(removal)),
    listAccessNumbers: script(() => bridges.listAccessNumbers()),
    findRails: script((key) => reads.findRails(key)),
    findHost: script((reservationId) => reads.findHost(reservationId)),
    setRails: script((change) => bridges.setRails(change)),
  };
}
