import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBridge } from '../support/admission.ts';
import { DEACTIVATE } from '../support/bodies.ts';
import { get } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

async function metrics(server: TestServer): Promise<string> {
  return (await fetch(`${server.url}/metrics`)).text();
}

test('when a client is deactivated an engine that can is told to end its conference, until it has; others go on', async (t) => {
  const asked: string[] = [];
  let isAway = true;
  const connector = {
    name: 'test engine',
    eject: async ({ conference }: { conference: string }) => {
      asked.push(conference);
      if (isAway) throw new Error('the engine is away');
      return true;
    },
  };
  const server = await startTestServer(t, {}, { connectors: [connector] });
  const bridge = await makeBridge(server);
  const join = async (externalId: number) => {
    const { clientId, passCodes } = (await server.provision({ client: { externalId } })).data;
    const { conference } = (await bridge.ask({ callId: 'a', digits: passCodes.moderatorPassCode })).json;
    await bridge.tell([{ type: 'joined', conference, callId: 'a' }]);
    return { clientId, conference };
  };
  const [ended, going] = [await join(1), await join(2)];
  await server.post(DEACTIVATE, { clientId: ended.clientId });
  await until('the engine was asked again', () => asked.length >= 2);
  isAway = false;
  const live = async () => (await get(server, '/v1/conferences')).json.items.map(({ conference }: any) => conference);
  await until('the conference is over', async () => !(await live()).includes(ended.conference));
  assert.deepEqual([await live(), [...new Set(asked)]], [[going.conference], [ended.conference]]);
  const legs = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual(
    legs.map(({ endedBy }: any) => endedBy),
    ['ejection', null],
  );
});

test('how long after its end a client was last refused is a metric', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { clientId, passCodes } = (await server.provision()).data;
  await server.post(DEACTIVATE, { clientId });
  server.advance(120_000);
  assert.equal((await bridge.ask({ digits: passCodes.moderatorPassCode })).json.action, 'reject');
  const last = /^parley_admission_last_refused_after_deactivation_seconds (\d+)/m;
  await until('the refusal was timed', async () => Number(last.exec(await metrics(server))?.[1]) >= 120);
  const text = await metrics(server);
  assert.match(text, /^parley_admission_refused_after_deactivation_seconds_count 1$/m);
  assert.match(text, /^parley_admission_misses_total\{why="inactive"\} 1$/m);
  assert.match(text, /^parley_admissions_total\{action="reject"\} 1$/m);
  // Values are numbers of many digits: what must not be there would be in a name or a label.
  const named = text.replace(/ [-+.e\dNaInf]+$/gm, '');
  for (const secret of [passCodes.moderatorPassCode, String(clientId), 'Company Name']) assert.ok(!named.includes(secret));
});
