import type { Logger } from 'pino';
import type { AdmissionDesk } from '../admission/desk.ts';
import { EngineHttp } from '../engine/engine-http.ts';
import { LegBook } from '../admission/leg-book.ts';
import { RefusalClock } from '../admission/refusal-clock.ts';
import { Tarpit } from '../admission/tarpit.ts';
import { daysToHit, SAFE_DAYS } from '../domain/guessing.ts';
import { RoomKeeper, type RoomKeeperParts } from '../engine/room-keeper.ts';
import type { Metrics } from '../metrics.ts';
import { EngineEnder, type EngineEnderParts } from '../operations/admission/end-at-engine.ts';
import type { LiveConnector } from '../operations/admission/end-outlawed.ts';
import { DispatchKeeper, type DispatchKeeperParts } from '../operations/admission/keep-dispatch-rules.ts';

/** Of a list of all dispatch rules, where a server knows no pages. */
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/** Where callers are let in, and what is counted of them. */
export function openDesk({
  metrics,
  log,
  ...parts
}: Pick<AdmissionDesk, 'store' | 'vault' | 'limits' | 'defaultRegion' | 'now'> & { metrics: Metrics; log: Logger }): AdmissionDesk {
  const { store, limits } = parts;
  const tarpit = new Tarpit(limits.tarpitMax);
  metrics.watchAdmission({
    held: () => tarpit.held,
    daysToHit: async () => daysToHit(limits, await store.countPassCodes()),
    safeDays: SAFE_DAYS,
  });
  return {
    ...parts,
    tarpit,
    legs: new LegBook(store.admission, (error) => log.warn({ err: error }, 'legs are not on record yet')),
    refusals: new RefusalClock(store, (seconds) => metrics.observeRefusal(seconds, {})),
    counts: {
      answered: (action) => metrics.admissions.inc({ action }),
      missed: (why) => metrics.admissionMisses.inc({ why }),
      withheld: (by) => metrics.admissionThrottled.inc({ by }),
      alarmed: () => metrics.admissionAlarms.inc(),
    },
  };
}

/** The rooms of an engine that is told which to have. */
export function openRooms({
  metrics,
  log,
  ejections,
  ...parts
}: Pick<RoomKeeperParts, 'store' | 'vault' | 'engine' | 'now'> & {
  ejections: RefusalClock;
  metrics: Metrics;
  log: Logger;
}): RoomKeeper {
  const rooms = new RoomKeeper({
    ...parts,
    onClosed: (room) => ejections.note({ ...room, engine: parts.engine.name }),
    onFailure: ({ detail }) => {
      metrics.engineFailures.inc({ engine: parts.engine.name });
      log.warn({ engine: parts.engine.name, detail }, 'a room is not as it should be yet');
    },
  });
  metrics.watchEngine({ isUp: () => rooms.isUp, count: () => rooms.count() });
  return rooms;
}

/** Where an engine is told codes. */
export function openDispatchRules({
  metrics,
  log,
  ...parts
}: Pick<DispatchKeeperParts, 'store' | 'vault' | 'bridges' | 'now'> & { metrics: Metrics; log: Logger }): {
  keeper: DispatchKeeper;
  close: () => Promise<void>;
} {
  const engines = new EngineHttp({ maxAnswerBytes: MAX_LIST_BYTES });
  const keeper = new DispatchKeeper({
    ...parts,
    engines,
    onFailure: (failure) => {
      metrics.engineFailures.inc({ engine: 'livekit' });
      log.warn(failure, 'dispatch rules are not as they should be yet');
    },
  });
  metrics.watchDispatchRules(() => keeper.count());
  return { keeper, close: () => engines.close() };
}

/** Ends conferences at every engine that can be told to. */
export function openEngineEnder({
  ejections,
  metrics,
  log,
  ...parts
}: Pick<EngineEnderParts, 'bridges' | 'http' | 'now'> & { ejections: RefusalClock; metrics: Metrics; log: Logger }): EngineEnder {
  return new EngineEnder({
    ...parts,
    onEmpty: (engine, { tenantId, clientId, at }) => ejections.note({ tenantId, clientId, at, engine }),
    onFailure: (failure) => {
      metrics.engineFailures.inc({ engine: failure.engine });
      log.warn(failure, 'a conference is not ended yet');
    },
  });
}

/** It ends the legs that are its own; what else there is of the conference is for the others. */
export function liveConnectorOf(rooms: RoomKeeper): LiveConnector {
  return { name: rooms.engineName, eject: (conference) => rooms.eject(conference).then(() => false) };
}
