import type { Tenant } from '../../domain/caller.ts';
import type { Outcome, ProvisionedClient } from '../../domain/client.ts';
import type { ClientExternalId } from '../../domain/ids.ts';
import type { StoredClient } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import { isDisclosed } from './disclosure.ts';
import { type Secrets, sealedPlaces } from './secrets.ts';

type OpenedSecrets = Omit<Secrets, 'password'> & { password: Secrets['password'] | undefined };

interface Circumstances {
  outcome: Outcome;
  changed: readonly string[];
  now: number;
  /** Where they were just drawn they need not be opened. */
  secrets?: OpenedSecrets;
}

/** What a provision answers, from what is on record. */
export function answerOf(
  vault: Vault,
  tenant: Tenant,
  externalId: ClientExternalId,
  client: StoredClient,
  { outcome, changed, now, secrets = openSecrets(vault, tenant, externalId, client) }: Circumstances,
): ProvisionedClient {
  const { companyId, clientId, status, hub, sourceVersion, passwordSetAt } = client;
  const discloses = outcome === 'created' || isDisclosed(tenant.passwordDisclosure, passwordSetAt, now);
  return {
    companyId,
    clientId,
    status,
    hub,
    sourceVersion,
    outcome,
    changed,
    ...secrets,
    password: discloses ? secrets.password : undefined,
  };
}

function openSecrets(vault: Vault, { tenantId }: Tenant, externalId: ClientExternalId, client: StoredClient): OpenedSecrets {
  const places = sealedPlaces(tenantId, externalId);
  return {
    // A vendor may keep it to itself.
    password: client.passwordSealed.length === 0 ? undefined : vault.open(client.passwordSealed, places.password),
    moderatorPassCode: vault.open(client.moderatorPassCodeSealed, places.moderatorPassCode),
    participantPassCode: vault.open(client.participantPassCodeSealed, places.participantPassCode),
  };
}
