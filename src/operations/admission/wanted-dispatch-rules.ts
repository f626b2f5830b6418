import type { Bridge } from '../../domain/bridge.ts';
import type { ClientExternalId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import type { DispatchRule, KnownRule } from '../../engine/livekit-dispatch.ts';
import { sealedPlaces } from '../../platform/directory/secrets.ts';
import type { DialableCode } from '../../store/admission.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';

const PAGE = 1_000;

/** A code that should open a room at the engine. */
export interface Wanted {
  code: DialableCode;
  room: string;
  trunkIds: readonly string[];
}

/** By the code's index. */
export async function readWanted(
  { store, vault, now }: { store: Store; vault: Vault; now: () => number },
  bridge: Bridge,
): Promise<Map<string, Wanted>> {
  const trunkIds = (bridge.settings.sipTrunks ?? '').split(',');
  const wanted = new Map<string, Wanted>();
  const at = now();
  let after: DialableCode | undefined;
  for (;;) {
    const codes = await store.admission.listDialable({ tenantId: bridge.tenantId, at, after, limit: PAGE });
    for (const code of codes)
      wanted.set(keyOf(code.codeIndex), { code, room: vault.nameConference(code.tenantId, code.reservationId), trunkIds });
    after = codes.at(-1);
    if (codes.length < PAGE) return wanted;
  }
}

/** `known`: the code as the engine has it, for one that was replaced, of which only the index is on record. Undefined where nobody knows the code. */
export function ruleOf(
  vault: Vault,
  bridge: Bridge,
  { code, room, trunkIds }: Wanted,
  known: Secret | undefined,
): DispatchRule | undefined {
  const places = sealedPlaces(code.tenantId, code.clientExternalId as ClientExternalId);
  const place = code.role === 'moderator' ? places.moderatorPassCode : places.participantPassCode;
  const passCode = code.sealed === undefined ? known : vault.open(code.sealed, place);
  if (passCode === undefined) return undefined;
  return { room, code: passCode, role: code.role, trunkIds, maxParticipants: code.maxParticipants, name: nameOf(bridge) };
}

export function isAsWanted(rule: KnownRule | undefined, wanted: Wanted | undefined): boolean {
  if (rule === undefined || wanted === undefined) return false;
  const { code, room, trunkIds } = wanted;
  const isThere = rule.room === room && rule.trunkIds.toSorted().join() === trunkIds.toSorted().join();
  return isThere && rule.role === code.role && rule.maxParticipants === code.maxParticipants;
}

/** By which a bridge knows its own rules at the engine. */
export function nameOf({ bridgeId }: Bridge): string {
  return `parley-${bridgeId}`;
}

export function keyOf(codeIndex: Uint8Array): string {
  return Buffer.from(codeIndex).toString('hex');
}
