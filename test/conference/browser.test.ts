import assert from 'node:assert/strict';
import { heardBy, joinAs, startHub, withJanusAndBrowser } from '../support/conference.ts';
import { until } from '../support/until.ts';

withJanusAndBrowser('a moderator and a guest type their codes into the hub, and each hears the other', async (t) => {
  const hub = await startHub(t);
  const host = await joinAs(t, hub, 'Ada', hub.moderatorPassCode);
  const guest = await joinAs(t, hub, 'Grace', hub.participantPassCode);
  await host.page.getByText('Grace').first().waitFor();
  await guest.page.getByText('Ada').first().waitFor();
  for (const one of [host, guest])
    await until('the other is heard', async () => {
      const { bytes, energy } = await heardBy(one);
      return bytes > 10_000 && energy > 0.0001;
    });
  assert.equal(await host.page.getByRole('button', { name: 'End for all' }).count(), 1);
  assert.equal(await guest.page.getByRole('button', { name: 'End for all' }).count(), 0);
});
