import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { BEFORE, change, type Happening, type Screen } from '../../conference/src/state.ts';
import { buildIfOlder } from '../../scripts/build-pages.ts';

const MOST_BYTES = 90_000;
const ada = { id: '1', name: 'Ada', role: 'moderator', muted: false, hand: false, by: 'web' } as const;
const joined = {
  type: 'joined',
  participant: '9',
  role: 'participant',
  media: ['audio'],
  locked: false,
  iceServers: [],
  participants: [ada],
} as const;

const after = (...events: readonly Happening[]): Screen => events.reduce(change, BEFORE);
const inside = [{ type: 'joining', muted: false }, joined] as const;

test('the script that it takes to join is small', async () => {
  await buildIfOlder('conference');
  const assets = fileURLToPath(new URL('../../dist/conference/assets/', import.meta.url));
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js.br'));
  const bytes = scripts.reduce((sum, name) => sum + readFileSync(assets + name).length, 0);
  assert.ok(scripts.length > 0 && bytes < MOST_BYTES, `${bytes} bytes`);
});

test('the screen follows what the server says: who is here, who talks, what is new', () => {
  const screen = after(
    ...inside,
    { type: 'participant', ...ada, id: '2', name: 'Grace', role: 'participant' },
    { type: 'participant', ...ada, id: '2', name: 'Grace', role: 'participant', hand: true },
    { type: 'talking', id: '1', talking: true },
  );
  assert.deepEqual(
    [screen.phase, screen.people.map(({ name, hand }) => [name, hand]), [...screen.talking], screen.news],
    [
      'in',
      [
        ['Ada', false],
        ['Grace', true],
      ],
      ['1'],
      { key: 'news.hand', values: { name: 'Grace' }, nth: 3 },
    ],
  );
  const gone = change(screen, { type: 'left', id: '1' });
  assert.deepEqual([gone.people.length, gone.talking.size, gone.news?.key], [1, 0, 'news.left']);
  assert.deepEqual(change(gone, { type: 'left', id: '77' }).news, gone.news, 'who was not here has not left');
});

test('what is lost comes back: the conference stays on the screen until it has, and what was seen of others is seen no more', () => {
  const lost = after(...inside, { type: 'talking', id: '1', talking: true }, { type: 'lost' }, { type: 'waiting', for: 'engine' });
  assert.deepEqual([lost.phase, lost.isReconnecting, lost.talking.size, lost.waitingFor], ['in', true, 0, 'engine']);
  const back = change(lost, joined);
  assert.deepEqual([back.isReconnecting, back.waitingFor, back.people.length], [false, undefined, 1]);
  assert.equal(after({ type: 'joining', muted: false }, { type: 'lost' }).isReconnecting, false, 'who was never in is not back');
});

test('being muted by a moderator, errors that people can do something about, and the end', () => {
  assert.equal(after(...inside, { type: 'muted', by: 'moderator' }).isMuted, true);
  assert.equal(after(...inside, { type: 'error', command: 'lock', code: 'not_allowed', message: '' }).problem, 'error.not_allowed');
  assert.equal(after(...inside, { type: 'error', command: 'answer', code: 'invalid', message: '' }).problem, undefined);
  const over = after(...inside, { type: 'lost' }, { type: 'over', reason: 'ended' });
  assert.deepEqual([over.phase, over.over, over.isReconnecting], ['over', 'ended', false]);
});
