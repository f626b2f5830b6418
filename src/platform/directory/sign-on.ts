import { createHash } from 'node:crypto';
import type { Tenant } from '../../domain/caller.ts';
import { clientInactive, clientNotFound, clientTerminated } from '../../domain/errors.ts';
import type { ClientId, TenantId } from '../../domain/ids.ts';
import type { Origin } from '../../domain/journal.ts';
import { Secret } from '../../domain/secret.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import type { SignedOn, SignOnVisit } from '../platform.ts';

const VALID_MS = 60_000;
/** Sealed for this and nothing else: a sealed value of another place is no link. */
const PLACE = 'sign-on';

interface Link {
  tenantId: TenantId;
  clientId: ClientId;
  /** Who asked for it, for the audit. */
  actor: string;
  expiresAt: number;
}

interface Parts {
  store: Store;
  vault: Vault;
}

/** The link is sealed (AES-GCM): nobody can make one, change one, or read out of one whom it is for. Nothing is stored until it is used. */
export async function issueSignOn(
  { store, vault }: Parts,
  { tenantId }: Tenant,
  clientId: ClientId,
  { at, origin }: { at: number; origin: Origin },
): Promise<string> {
  const client = await store.findClient(tenantId, clientId);
  if (client === undefined) throw clientNotFound();
  if (client.status === 'inactive') throw clientInactive();
  if (client.status !== 'active') throw clientTerminated();
  const link: Link = { tenantId, clientId, actor: origin.actor, expiresAt: at + VALID_MS };
  const sealed = vault.seal(new Secret(JSON.stringify(link)), PLACE);
  return `https://${client.hub.hubUrl}/signon?token=${Buffer.from(sealed).toString('base64url')}`;
}

/** Undefined for whatever is not a fresh link of an active client at its own hub: who follows one that is not learns no more than that. */
export async function redeemSignOn(
  { store, vault }: Parts,
  { token, host, requestId }: SignOnVisit,
  at: number,
): Promise<SignedOn | undefined> {
  const sealed = new Uint8Array(Buffer.from(token, 'base64url'));
  const link = openLink(vault, sealed);
  if (link === undefined || link.expiresAt <= at) return undefined;
  const { tenantId, clientId, actor, expiresAt } = link;
  const record = await store.findClientRecord(tenantId, { clientId });
  if (record?.hub.hubUrl !== host) return undefined;
  const digest = new Uint8Array(createHash('sha256').update(sealed).digest());
  const isRedeemed = await store.redeemSignOn({ tenantId, clientId, digest, expiresAt, at, origin: { actor, requestId } });
  return isRedeemed ? { tenantId, clientId } : undefined;
}

function openLink(vault: Vault, sealed: Uint8Array): Link | undefined {
  try {
    return JSON.parse(vault.open(sealed, PLACE).reveal()) as Link;
  } catch {
    return undefined;
  }
}
