import type { ClientExternalId, TenantId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import type { ProvisionCommand } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';

export interface Secrets {
  password: Secret;
  moderatorPassCode: Secret;
  participantPassCode: Secret;
}

/** Where each secret belongs, known before the client has an id: a sealed value opens nowhere else. */
export function sealedPlaces(tenantId: TenantId, externalId: ClientExternalId) {
  const place = `${tenantId}|${externalId}`;
  return { password: `${place}|password`, moderatorPassCode: `${place}|moderator`, participantPassCode: `${place}|participant` };
}

export function sealSecrets(
  vault: Vault,
  secrets: Secrets,
  places: ReturnType<typeof sealedPlaces>,
): Pick<ProvisionCommand, 'password' | 'moderatorPassCode' | 'participantPassCode'> {
  const sealPassCode = (code: Secret, place: string) => ({ index: vault.indexPassCode(code), sealed: vault.seal(code, place) });
  return {
    password: {
      sealed: vault.seal(secrets.password, places.password),
      digest: vault.digestPassword(secrets.password, places.password),
    },
    moderatorPassCode: sealPassCode(secrets.moderatorPassCode, places.moderatorPassCode),
    participantPassCode: sealPassCode(secrets.participantPassCode, places.participantPassCode),
  };
}
