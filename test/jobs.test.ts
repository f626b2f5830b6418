import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBridge } from './support/admission.ts';
import { DEACTIVATE } from './support/bodies.ts';
import { askDoctor } from './support/doctor.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

interface ShownJob {
  name: string;
  lastSuccessAt: string | null;
  failures: number;
  late: boolean;
}

async function jobsOf(server: TestServer): Promise<Map<string, ShownJob>> {
  const { status, jobs } = (await (await fetch(`${server.url}/readyz?verbose`)).json()) as { status: string; jobs: ShownJob[] };
  assert.equal(status, 'ready');
  return new Map(jobs.map((job) => [job.name, job]));
}

test('what is done in the background has a name, and it is told when it ran, how long it took and whether it failed', async (t) => {
  const server = await startTestServer(t);
  const quick = ['follow access', 'terminate clients', 'dispatch webhooks', 'keep search', 'end conferences'];
  await until('they have run', async () => {
    const jobs = await jobsOf(server);
    return quick.every((name) => jobs.get(name)?.lastSuccessAt !== null && jobs.has(name));
  });
  const jobs = [...(await jobsOf(server)).values()];
  assert.deepEqual(
    jobs.filter(({ failures, late }) => failures > 0 || late),
    [],
  );
  assert.deepEqual(await (await fetch(`${server.url}/readyz`)).json(), { status: 'ready' });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  for (const { name } of jobs) {
    assert.match(metrics, new RegExp(`^parley_job_failures\\{job="${name}"\\} 0$`, 'm'));
    assert.match(metrics, new RegExp(`^parley_job_last_run_timestamp_seconds\\{job="${name}"\\} [0-9.]+$`, 'm'));
  }
});

test('a job that fails is counted and tried anew, and the others go on', async (t) => {
  const server = await startTestServer(t);
  await server.query('alter table search_progress rename to search_progress_away');
  await until('it fails', async () => ((await jobsOf(server)).get('keep search')?.failures ?? 0) > 1);
  const others = (await jobsOf(server)).get('terminate clients');
  assert.equal(others?.failures, 0);
  assert.equal((await server.provision()).status, 200);
  await server.query('alter table search_progress_away rename to search_progress');
  const failures = async () => (await jobsOf(server)).get('keep search')?.failures;
  const before = await failures();
  const succeeded = (await jobsOf(server)).get('keep search')?.lastSuccessAt;
  await until('it succeeds again', async () => (await jobsOf(server)).get('keep search')?.lastSuccessAt !== succeeded);
  assert.ok(((await failures()) ?? 0) <= (before ?? 0) + 1);
});

test('a stop waits for the run that is under way', async (t) => {
  const began = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let isDone = false;
  const connector = {
    name: 'slow engine',
    async eject() {
      began.resolve();
      await goOn.promise;
      isDone = true;
      return true;
    },
  };
  const server = await startTestServer(t, {}, { connectors: [connector] });
  const bridge = await makeBridge(server);
  const { clientId, passCodes } = (await server.provision()).data;
  await bridge.ask({ callId: 'a', digits: passCodes.moderatorPassCode });
  await server.post(DEACTIVATE, { clientId });
  await began.promise;
  const stopping = server.stop().then(() => isDone);
  setImmediate(goOn.resolve);
  assert.equal(await stopping, true);
});

test('the doctor tells of the jobs of the server that runs', async (t) => {
  const server = await startTestServer(t);
  const settings = { ...server.settings, PARLEY_PORT: new URL(server.url).port };
  const jobs = (await askDoctor(settings)).find(({ check }) => check === 'jobs');
  assert.deepEqual([jobs?.result, /^\d+ background jobs, none is late$/.test(jobs?.detail ?? '')], ['ok', true]);
});
