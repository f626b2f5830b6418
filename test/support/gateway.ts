import type { TestContext } from 'node:test';
import { type FlakyProxy, startFlakyProxy } from './flaky-proxy.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from './server.ts';

export interface TestGateway {
  /** The Parley that plays the vendor. */
  vendor: TestServer;
  gateway: TestServer;
  /** Between the two. */
  link: FlakyProxy;
}

/** Settings of a gateway to a vendor, impatient enough for a test. */
export function gatewaySettings(platformUrl: string): Record<string, string> {
  return {
    PARLEY_PLATFORM_URL: platformUrl,
    PARLEY_PLATFORM_TOKEN: TEST_TOKEN,
    PARLEY_PLATFORM_TIMEOUT_MS: '1000',
    PARLEY_PLATFORM_SETTLE_SECONDS: '2',
  };
}

/** A Parley in front of a Parley, each with a database of its own, and a link between them that can be broken. */
export async function startGateway(t: TestContext, environment: Record<string, string> = {}): Promise<TestGateway> {
  const vendor = await startTestServer(t);
  const link = await startFlakyProxy(t, () => vendor.url);
  const gateway = await startTestServer(t, { ...gatewaySettings(link.url), ...environment });
  return { vendor, gateway, link };
}
