import { type Guest, hears, joinAs, startHub, WATCH_PEERS } from '../support/conference.ts';
import { Firefox } from '../support/firefox.ts';
import { findChromium, findFirefox, findJanus } from '../support/programs.ts';
import { testsWith } from '../support/tests-with.ts';
import { until } from '../support/until.ts';

const withFirefox = testsWith('Janus, Chromium and Firefox', () => [findJanus(), findChromium(), findFirefox()].join());

const listed = ({ page }: Guest, name: string) => page.getByRole('listitem').filter({ hasText: name });

withFirefox('a guest in Firefox types the code, hears and is heard, sees a camera, is muted by the moderator and leaves', async (t) => {
  const hub = await startHub(t, { hasVideo: true });
  const host = await joinAs(t, hub, 'Ada', hub.moderatorPassCode);
  const firefox = await Firefox.open((end) => t.after(end));
  await firefox.goto(hub.address);
  await firefox.type('[name=code]', hub.participantPassCode, { thenEnter: true });
  await firefox.see('the name to type', '[name=name]');
  await firefox.see('the level of the microphone', 'meter');
  await firefox.evaluate(WATCH_PEERS);
  await firefox.type('[name=name]', 'Grace', { thenEnter: true });
  await firefox.see('who is here', '.people');
  await listed(host, 'Grace').waitFor();
  await Promise.all([hears(host), hears({ page: firefox })]);

  await host.page.getByRole('button', { name: 'Turn the camera on', exact: true }).click();
  await firefox.see('the camera of Ada', 'video');
  await until('pictures arrive in Firefox', () => firefox.evaluate(`document.querySelector('video').videoWidth > 0`));
  await firefox.evaluate(`document.querySelector('[aria-label="Turn the camera on"]').focus()`);
  await firefox.press(' ');
  await host.page.getByText('Camera of Grace').waitFor();
  await until('pictures of Firefox arrive', () => host.page.evaluate(`document.querySelector('video').videoWidth > 0`));

  await host.page.getByRole('button', { name: 'Mute Grace', exact: true }).click();
  await until('Firefox says that it is muted', () =>
    firefox.evaluate(`document.querySelector('output').textContent.includes('You were muted')`),
  );
  await listed(host, 'Grace').getByText('muted').waitFor();
  await firefox.evaluate(`document.querySelector('.controls .danger').focus()`);
  await firefox.press(' ');
  await firefox.see('the end', 'main.card [role=alert]');
  await listed(host, 'Grace').waitFor({ state: 'detached' });
});
