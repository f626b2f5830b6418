import assert from 'node:assert/strict';
import { readConfig } from '../../src/config.ts';
import type { ProvisioningError } from '../../src/domain/errors.ts';
import type { DialectName } from '../../src/domain/bridge.ts';
import { addAccessNumber } from '../../src/operations/bridges/access-numbers.ts';
import { createBridge, revokeBridge } from '../../src/operations/bridges/bridges.ts';
import { findTenant } from '../../src/operations/access/find-tenant.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { type Answer, post, type TestServer } from './server.ts';

export const ADMISSION = '/admission/json';
export const NUMBER = '+15145550100';
export const CALLER = '+14165550123';

export interface AskedCall {
  callId?: string;
  accessNumber?: string | undefined;
  digits?: string | undefined;
  caller?: string | undefined;
}

/** A bridge as its engine sees it: it asks, and tells who joined and left. */
export interface TestBridge {
  bridgeId: number;
  token: string;
  /** Each call of its own, unless it is named. */
  ask(call: AskedCall, at?: Pick<TestServer, 'url'>): Promise<Answer>;
  tell(events: object[], at?: Pick<TestServer, 'url'>): Promise<Answer>;
}

let calls = 0;

/** Beside the running server, as the command line does. */
export async function withStoreOf<T>(server: Pick<TestServer, 'settings'>, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(readConfig(server.settings).database);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Of one tenant, or (null) of all. */
export async function makeBridge(
  server: Pick<TestServer, 'settings' | 'url'>,
  tenantName: string | null = 'default',
  dialect: DialectName = 'json',
  settings: Readonly<Record<string, string>> = {},
): Promise<TestBridge> {
  const { bridgeId, token } = await withStoreOf(server, async (store) => {
    const tenant = tenantName === null ? undefined : await findTenant(store, tenantName);
    const openVault = () => Promise.reject(new Error('there are no secrets to seal'));
    return createBridge(store, openVault, { name: `bridge ${++calls}`, dialect, tenant, settings, secrets: {} }, Date.now());
  });
  return bridgeAt(server, bridgeId, token.reveal());
}

export function bridgeAt(server: Pick<TestServer, 'url'>, bridgeId: number, token: string): TestBridge {
  const headers = { 'X-AUTH-TOKEN': token };
  return {
    bridgeId,
    token,
    ask: ({ callId = `call-${++calls}`, accessNumber, digits, caller = CALLER }, at = server) =>
      post(`${at.url}${ADMISSION}`, { callId, accessNumber, digits, caller }, headers),
    tell: (events, at = server) => post(`${at.url}${ADMISSION}/events`, { events }, headers),
  };
}

export async function revoke(server: Pick<TestServer, 'settings'>, bridgeId: number): Promise<void> {
  await withStoreOf(server, (store) => revokeBridge(store, bridgeId, Date.now()));
}

/** In service for one tenant, or (null) for all. */
export async function putInService(server: Pick<TestServer, 'settings'>, number: string, tenantName: string | null): Promise<void> {
  await withStoreOf(server, async (store) =>
    addAccessNumber(store, number, tenantName === null ? undefined : await findTenant(store, tenantName), Date.now()),
  );
}

/** What is refused with a field is told with it, as the command line does. */
export async function assertRefused(made: Promise<unknown>, sentence: RegExp): Promise<void> {
  const error = await made.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason as ProvisioningError,
  );
  const told = Object.entries(error.fields).map(([field, problem]) => `${field} ${problem}.`);
  assert.match(told.join('\n'), sentence);
}
