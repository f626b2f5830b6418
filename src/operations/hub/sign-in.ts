import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { AdmissionDesk } from '../../admission/desk.ts';
import { countMiss, weighGuess } from '../../admission/guess.ts';
import type { ClientExternalId, ClientId } from '../../domain/ids.ts';
import { readPositiveId } from '../../domain/ids.ts';
import { searchKey } from '../../domain/search.ts';
import { Secret } from '../../domain/secret.ts';
import { callerAtAddress } from '../../domain/web-visitor.ts';
import { sealedPlaces } from '../../platform/directory/secrets.ts';
import type { HubRecord } from '../../store/records.ts';
import { findHost, type Host } from './host.ts';
import { openText, sealSession, sealText } from './host-session.ts';
import { hubBridge } from './hub-bridge.ts';

/** An address with more clients of one company than these names none of them. */
const MOST_CLIENTS = 50;
const CHOICE_PLACE = 'hub-choice';
const CHOICE_MS = 10 * 60_000;

export interface SignInVisit {
  hub: HubRecord;
  /** The visitor's, as the network or a trusted proxy gives it. */
  address: string;
  requestId: string;
}

export type SignedIn =
  | { kind: 'in'; session: string }
  /** The password is that of several clients of this address. `choice` stands for the password when one is chosen. */
  | { kind: 'choose'; choice: string; hosts: Pick<Host, 'clientId' | 'name'>[] }
  | { kind: 'wrong' };

interface Choice {
  hubUrl: string;
  clientIds: readonly ClientId[];
  expiresAt: number;
}

/**
 * A host by clientId or e-mail address and the password that provision answered. Whatever is wrong, the answer is the same. A wrong try is counted as a wrong pass code is: by the block of the visitor's
 * address, by the hub, and in the budget of all.
 */
export async function signInHost(
  desk: AdmissionDesk,
  { login, password }: { login: string; password: string },
  visit: SignInVisit,
): Promise<SignedIn> {
  const startedAt = performance.now();
  const at = desk.now();
  const bridge = await hubBridge(desk.store, visit.hub);
  const call = { callId: randomUUID(), accessNumber: undefined, caller: callerAtAddress(visit.address) };
  const guess = await weighGuess(desk, bridge, { ...call, digits: `sign-in|${searchKey(login)}` }, at);
  const found = guess.evaluation.kind === 'evaluate' ? await findHosts(desk, { login, password }, visit.hub) : [];
  const [first] = found;
  if (first === undefined) {
    await countMiss(desk, bridge, guess, { at, startedAt });
    return { kind: 'wrong' };
  }
  if (found.length === 1) return enter(desk, first, visit, at);
  const choice: Choice = { hubUrl: visit.hub.hubUrl, clientIds: found.map(({ clientId }) => clientId), expiresAt: at + CHOICE_MS };
  return {
    kind: 'choose',
    choice: sealText(desk.vault, CHOICE_PLACE, choice),
    hosts: found.map(({ clientId, name }) => ({ clientId, name })),
  };
}

/** Undefined where the choice is too old, or not one that was offered. */
export async function chooseHost(
  desk: AdmissionDesk,
  { choice, clientId }: { choice: string; clientId: string },
  visit: SignInVisit,
): Promise<SignedIn | undefined> {
  const at = desk.now();
  const offered = openText<Choice>(desk.vault, CHOICE_PLACE, choice);
  const chosen = offered?.clientIds.find((one) => String(one) === clientId);
  if (offered === undefined || chosen === undefined || offered.expiresAt <= at || offered.hubUrl !== visit.hub.hubUrl) return undefined;
  const host = await findHost(desk, visit.hub.tenantId, chosen);
  return host && enter(desk, host, visit, at);
}

async function findHosts(
  desk: AdmissionDesk,
  { login, password }: { login: string; password: string },
  { tenantId, companyId }: HubRecord,
): Promise<Host[]> {
  const { store, vault } = desk;
  const clientId = readPositiveId<ClientId>(login.trim());
  const records =
    clientId === undefined
      ? await store.listClients({ tenantId, companyId, email: searchKey(login.trim()), status: 'active', limit: MOST_CLIENTS })
      : [await store.findClientRecord(tenantId, { clientId })];
  const hosts = await Promise.all(records.map(async (record) => record && findHost(desk, tenantId, record.clientId)));
  return hosts.filter((host): host is Host => {
    if (host === undefined || host.companyId !== companyId) return false;
    const place = sealedPlaces(tenantId, host.externalId as ClientExternalId).password;
    return timingSafeEqual(vault.digestPassword(new Secret(password), place), host.passwordDigest);
  });
}

/** As if a sign-on link were made and followed on the spot: the client is looked at once more in the transaction that notes it in the audit. */
async function enter(desk: AdmissionDesk, host: Host, { requestId }: SignInVisit, at: number): Promise<SignedIn> {
  const { tenantId, clientId } = host;
  const origin = { actor: `client:${clientId}`, requestId };
  const isEntered = await desk.store.redeemSignOn({ tenantId, clientId, digest: randomBytes(32), expiresAt: at, at, origin });
  return isEntered ? { kind: 'in', session: sealSession(desk.vault, host, at) } : { kind: 'wrong' };
}
