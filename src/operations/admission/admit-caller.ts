import type { AdmissionDesk } from '../../admission/desk.ts';
import { admit, type AdmissionAnswer, type Call, cleanDigits, type CodeRecord, decideCode, wallOf } from '../../domain/admission.ts';
import { type Bridge, sourceOf } from '../../domain/bridge.ts';
import { KNOWN_MS } from '../../domain/guessing.ts';
import { expiryOf, legKeyOf } from '../../domain/leg.ts';
import { maskNumber } from '../../domain/phone-number.ts';
import type { AdmissionFound, AdmittedLeg } from '../../store/admission.ts';
import { type AskedCall, readCall } from '../../admission/asked-call.ts';
import { countMiss, evaluateGuess, type Guess } from '../../admission/guess.ts';

/**
 * Who is this, and may they come in? Decided from one local reading, so that a change of any client counts from the moment it is acknowledged, on every
 * node. A repeat for the same call is answered alike and is the same leg. A miss is counted before it is answered; whatever a code is that opens nothing
 * (unknown, inactive, ended, rotated out, another tenant's, of a country that is not let in, or not looked up at all), the answer and its time are the same.
 */
export async function admitCaller(desk: AdmissionDesk, bridge: Bridge, call: Call): Promise<AdmissionAnswer> {
  const answer = await decide(desk, bridge, call);
  desk.counts.answered(answer.action);
  return answer;
}

async function decide(desk: AdmissionDesk, bridge: Bridge, call: Call): Promise<AdmissionAnswer> {
  const startedAt = performance.now();
  const { limits } = desk;
  const at = desk.now();
  const digits = cleanDigits(call.digits);
  const asked = readCall(desk.vault, bridge, call, { digits, defaultRegion: desk.defaultRegion });
  const found = await desk.store.admission.find(asked.query);
  const wall = wallOf(bridge, { given: call.accessNumber !== undefined, ...found.dialled });
  if (wall.kind === 'nobody') return { action: 'reject', reason: 'number_not_in_service', triesLeft: 0 };
  if (found.tries >= limits.triesPerCall) return { action: 'drop' };
  if (digits === undefined) return { action: 'request_pass_code', triesLeft: limits.triesPerCall - found.tries };

  const evaluation = evaluateGuess(limits, asked, found, at);
  if (evaluation.kind === 'withhold') {
    desk.counts.withheld(evaluation.by);
    return turnAway(desk, bridge, { asked, found, evaluation, at, startedAt });
  }
  const decision = decideCode(found.code, { wall, at, callerCountry: asked.caller?.country });
  if (decision.kind === 'hit') return letIn(desk, bridge, { asked, found, code: decision.code, call, at });
  desk.counts.missed(decision.why);
  if (found.code !== undefined && (decision.why === 'inactive' || decision.why === 'ended')) desk.refusals.note({ ...found.code, at });
  return turnAway(desk, bridge, { asked, found, evaluation, at, startedAt });
}

async function turnAway(
  desk: AdmissionDesk,
  bridge: Bridge,
  { at, startedAt, ...guess }: Guess & { at: number; startedAt: number },
): Promise<AdmissionAnswer> {
  const triesLeft = await countMiss(desk, bridge, guess, { at, startedAt });
  return triesLeft > 0 ? { action: 'reject', reason: 'not_recognised', triesLeft } : { action: 'drop' };
}

interface LetIn {
  asked: AskedCall;
  found: AdmissionFound;
  code: CodeRecord;
  call: Call;
  at: number;
}

const KNOWN_AGAIN_MS = 24 * 3_600_000;

async function letIn(desk: AdmissionDesk, bridge: Bridge, { asked, found, code, call, at }: LetIn): Promise<AdmissionAnswer> {
  const conference = desk.vault.nameConference(code.tenantId, code.reservationId);
  const { maxParticipants, maxDurationSeconds } = code.rails;
  const maxDurationMs = maxDurationSeconds === undefined ? undefined : maxDurationSeconds * 1000;
  const { pair } = asked.query;
  const isFresh = found.pair.admittedAt === undefined || at - found.pair.admittedAt > KNOWN_AGAIN_MS;
  const admitted: AdmittedLeg = {
    leg: {
      legKey: legKeyOf(sourceOf(bridge), call.callId, conference),
      tenantId: code.tenantId,
      clientId: code.clientId,
      companyId: code.companyId,
      conference,
      role: code.role,
      bridgeId: bridge.bridgeId,
      accessNumber: asked.number?.e164,
      callId: call.callId,
      callerDigest: asked.query.buckets.caller,
      callerMasked: asked.caller && maskNumber(asked.caller),
      admittedAt: at,
      expiresAt: expiryOf(at, { reportsJoins: bridge.reportsJoins, maxDurationMs }),
    },
    pair: pair && isFresh ? { pair, reservationId: code.reservationId, forgetAt: at + KNOWN_MS } : undefined,
  };
  if (maxParticipants === undefined) await desk.legs.add(admitted);
  else if (!(await desk.store.admission.reserveLeg(admitted, maxParticipants))) {
    return { action: 'reject', reason: 'conference_full', triesLeft: 0 };
  }
  return admit(code, conference);
}
