import type { ClientId, TenantId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import { findHost, type Host } from './host.ts';

export const SESSION_MS = 12 * 3_600_000;
/** Sealed for this and nothing else. */
const PLACE = 'hub-session';

interface Session {
  tenantId: TenantId;
  clientId: ClientId;
  /** It opens this hub alone. */
  hubUrl: string;
  /** Another password ends it. */
  passwordSetAt: number;
  expiresAt: number;
}

interface Parts {
  store: Store;
  vault: Vault;
}

/** What a browser keeps. Nothing is stored: it is sealed, and what it says is compared with the record at each use. */
export function sealSession(vault: Vault, { tenantId, clientId, hubUrl, passwordSetAt }: Host, at: number): string {
  const session: Session = { tenantId, clientId, hubUrl, passwordSetAt, expiresAt: at + SESSION_MS };
  return sealText(vault, PLACE, session);
}

/** Undefined for whatever is no session of an active client at this hub: too old, another hub's, ended by a new password, or forged. */
export async function openSession(parts: Parts, text: string | undefined, hubUrl: string, at: number): Promise<Host | undefined> {
  const session = openText<Session>(parts.vault, PLACE, text);
  if (session === undefined || session.expiresAt <= at || session.hubUrl !== hubUrl) return undefined;
  const host = await findHost(parts, session.tenantId, session.clientId);
  return host?.passwordSetAt === session.passwordSetAt ? host : undefined;
}

export function sealText(vault: Vault, place: string, value: object): string {
  return Buffer.from(vault.seal(new Secret(JSON.stringify(value)), place)).toString('base64url');
}

export function openText<T>(vault: Vault, place: string, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(vault.open(new Uint8Array(Buffer.from(text, 'base64url')), place).reveal()) as T;
  } catch {
    return undefined;
  }
}
