import type { Tenant } from '../../domain/caller.ts';
import { clientNotFound, overloaded } from '../../domain/errors.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Origin } from '../../domain/journal.ts';
import { drawPassCode } from '../../domain/pass-code.ts';
import { Secret } from '../../domain/secret.ts';
import { openAnswer, sealAnswer } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import type { RotatedPassCodes, Rotation } from '../platform.ts';
import { sealedPlaces } from './secrets.ts';

const MAX_DRAWS = 8;

interface Answer {
  moderator: string;
  participant: string;
  overlapUntil: number;
}

/** Draws and seals before the transaction, as a provision does. The answer is sealed too, so that a key's repeat can have it. */
export async function rotatePassCodes(
  { store, vault }: { store: Store; vault: Vault },
  tenant: Tenant,
  clientId: ClientId,
  { overlapMs, idempotency }: Rotation,
  { at, origin }: { at: number; origin: Origin },
): Promise<RotatedPassCodes> {
  const { tenantId } = tenant;
  const record = await store.findClientRecord(tenantId, { clientId });
  if (record === undefined) throw clientNotFound();
  const places = sealedPlaces(tenantId, record.externalId);
  const overlapUntil = at + overlapMs;
  for (let draw = 1; draw <= MAX_DRAWS; draw++) {
    const [moderator, participant] = [drawPassCode(), drawPassCode()];
    const answer: Answer = { moderator: moderator.reveal(), participant: participant.reveal(), overlapUntil };
    const result = await store.changeClient({
      tenantId,
      clientId,
      at,
      origin,
      change: { kind: 'rotate-pass-codes', overlapUntil },
      passCodes: {
        moderator: { index: vault.indexPassCode(moderator), sealed: vault.seal(moderator, places.moderatorPassCode) },
        participant: { index: vault.indexPassCode(participant), sealed: vault.seal(participant, places.participantPassCode) },
      },
      idempotency: sealAnswer(vault, tenantId, idempotency, answer),
    });
    switch (result.kind) {
      case 'applied':
      case 'unchanged':
        return asSecrets(answer);
      case 'not-found':
        throw clientNotFound();
      case 'answered':
        return asSecrets(openAnswer<Answer>(vault, tenantId, idempotency, result));
      case 'pass-code-taken':
    }
  }
  throw overloaded();
}

function asSecrets({ moderator, participant, overlapUntil }: Answer): RotatedPassCodes {
  return { moderatorPassCode: new Secret(moderator), participantPassCode: new Secret(participant), overlapUntil };
}
