import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { makeBridge, NUMBER, putInService } from './admission.ts';
import { DEACTIVATE, type ProvisionAnswer } from './bodies.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { type Calls, TEST_TOKEN, type TestServer } from './server.ts';
import { until } from './until.ts';

const PEOPLE = [
  { externalId: 100, first: 'Ada', last: 'Lovelace', email: 'ada@example.com' },
  { externalId: 101, first: 'Grace', last: 'Hopper', email: 'grace@example.com' },
  { externalId: 102, first: 'Zoë', last: 'Østergård', email: 'zoe@example.com' },
  { externalId: 103, first: 'Alan', last: 'Turing', email: 'alan@example.com' },
  { externalId: 104, first: 'Katherine', last: 'Johnson', email: 'katherine@example.com' },
  { externalId: 105, first: 'Edsger', last: 'Dijkstra', email: 'edsger@example.com' },
] as const;
const COMPANIES = [
  { externalId: 50, name: 'Analytical Engines' },
  { externalId: 51, name: 'Compilers & Sons' },
] as const;

/** A reseller's customers, three to a company, the third of whom is deactivated. In the order of their external ids from 100 on. */
export async function provisionPeople(server: Calls): Promise<ProvisionAnswer['data'][]> {
  const made: ProvisionAnswer['data'][] = [];
  for (const [index, client] of PEOPLE.entries()) {
    const company = COMPANIES[index < 3 ? 0 : 1];
    made.push((await server.provision({ client, company })).data);
  }
  await server.post(DEACTIVATE, { clientId: made[2]?.clientId });
  return made;
}

/** A bridge has let the host and a guest of this client in; only the host has joined as yet. */
export async function beginConference(server: TestServer, { passCodes }: ProvisionAnswer['data']): Promise<void> {
  await putInService(server, NUMBER, 'default');
  const bridge = await makeBridge(server);
  const host = await bridge.ask({ callId: 'host', accessNumber: NUMBER, digits: passCodes.moderatorPassCode });
  await bridge.ask({ callId: 'guest', accessNumber: NUMBER, digits: passCodes.participantPassCode, caller: '+442079460999' });
  await bridge.tell([{ type: 'joined', conference: host.json.conference, callId: 'host' }]);
}

/**
 * A gateway before a vendor at which a repeat could make a second client: the answer to one provision was lost, so that it waits for somebody to look.
 * Its external id is 200.
 */
export async function startGatewayInNeed(t: TestContext): Promise<TestGateway> {
  const pair = await startGateway(t, { PARLEY_PLATFORM_CREATES: 'neither' });
  await provisionPeople(pair.gateway);
  pair.link.fates = ['lose'];
  await pair.gateway.provision({ client: { externalId: 200, first: 'Barbara', last: 'Liskov' }, company: COMPANIES[0] });
  await until('it waits for somebody', async () => (await pair.gateway.query('select 1 from operations where parked <> 0')).length === 1);
  return pair;
}

export async function signIn(page: Page, url: string, { path = '', token = TEST_TOKEN } = {}): Promise<void> {
  await page.goto(`${url}/console${path}`);
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}
