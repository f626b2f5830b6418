import { createHash, randomBytes } from 'node:crypto';
import type { AdmissionDesk } from '../../admission/desk.ts';
import { type AdmissionAnswer, cleanDigits } from '../../domain/admission.ts';
import { callerAtAddress } from '../../domain/web-visitor.ts';
import type { HubRecord } from '../../store/records.ts';
import type { Vault } from '../../vault/vault.ts';
import { admitCaller } from '../admission/admit-caller.ts';
import { openText, sealText } from './host-session.ts';
import { hubBridge } from './hub-bridge.ts';

/** Sealed for this and nothing else. */
const PLACE = 'hub-seat';
export const SEAT_MS = 24 * 3_600_000;
const SEAT_ID = /^[a-z0-9]{16}$/;

/** A place in a conference, which a browser keeps sealed: each connection is admitted anew with its code, so that what was true when it was taken decides nothing later. */
export interface Seat {
  seatId: string;
  /** It opens nothing at another hub. */
  hubUrl: string;
  passCode: string;
  /** The same browser's other seats have the same. */
  visitor: string;
  takenAt: number;
}

export type TakenSeat = { kind: 'taken'; seat: Seat } | { kind: 'refused'; answer: AdmissionAnswer };

export interface SeatWish {
  hub: HubRecord;
  passCode: string;
  address: string;
  /** As the browser has kept it. */
  visitor: string | undefined;
}

/** Somebody keys a pass code at a hub: as on the telephone, with the same counts. A repeat takes another seat. */
export async function takeSeat(desk: AdmissionDesk, { hub, passCode, address, visitor }: SeatWish): Promise<TakenSeat> {
  const seatId = drawId();
  const call = { callId: callIdOf(seatId), accessNumber: undefined, digits: passCode, caller: callerAtAddress(address) };
  const answer = await admitCaller(desk, await hubBridge(desk.store, hub), call);
  if (answer.action !== 'accept') return { kind: 'refused', answer };
  const digits = cleanDigits(passCode) ?? '';
  const known = visitor !== undefined && SEAT_ID.test(visitor) ? visitor : drawId();
  return { kind: 'taken', seat: { seatId, hubUrl: hub.hubUrl, passCode: digits, visitor: known, takenAt: desk.now() } };
}

export function sealSeat(vault: Vault, seat: Seat): string {
  return sealText(vault, PLACE, seat);
}

/** Undefined for whatever is no seat of this id at this hub. */
export function openSeat(
  vault: Vault,
  text: string | undefined,
  { seatId, hubUrl, at }: { seatId: string; hubUrl: string; at: number },
): Seat | undefined {
  const seat = openText<Seat>(vault, PLACE, text);
  return seat?.seatId === seatId && seat.hubUrl === hubUrl && seat.takenAt + SEAT_MS > at ? seat : undefined;
}

export function isSeatId(text: string): boolean {
  return SEAT_ID.test(text);
}

/** By which the leg is known, however often the browser connects again. */
export function callIdOf(seatId: string): string {
  return `web-${seatId}`;
}

export function seatIdOf(callId: string): string {
  return callId.slice('web-'.length);
}

/** By which the engine knows who sits there: below 2^53. */
export function participantIdOf(seatId: string): string {
  const digest = createHash('sha256').update(seatId).digest();
  return String(Number(digest.readBigUInt64BE() >> 12n) + 1);
}

function drawId(): string {
  return Array.from(randomBytes(16), (byte) => ((byte * 36) >> 8).toString(36)).join('');
}
