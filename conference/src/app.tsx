import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { Before } from './before.tsx';
import { Inside } from './inside.tsx';
import { base, say } from './page.ts';
import type { TrackKind } from './protocol.ts';
import { Session, type Wish } from './session.ts';
import { BEFORE, change, type Screen } from './state.ts';

type Streams = ReadonlyMap<string, MediaStream>;

export function App() {
  const [screen, happen] = useReducer(change, BEFORE);
  const [pictures, setPictures] = useState<Streams>(new Map());
  const [own, setOwn] = useState<ReadonlyMap<TrackKind, MediaStream>>(new Map());
  const [isSoundBlocked, setSoundBlocked] = useState(false);
  const session = useRef<Session | undefined>(undefined);
  const sound = useRef(new Audio());

  const play = (): void => {
    sound.current.play().then(
      () => setSoundBlocked(false),
      () => setSoundBlocked(true),
    );
  };

  const join = (wish: Wish): void => {
    session.current = new Session(wish, {
      happen,
      pictures: setPictures,
      sound(stream) {
        sound.current.srcObject = stream;
        play();
      },
      own: (kind, stream) =>
        setOwn((before) => {
          const after = new Map(before);
          if (stream === undefined) after.delete(kind);
          else after.set(kind, stream);
          return after;
        }),
    });
  };

  useLayoutEffect(() => {
    document.title = titleOf(screen);
  }, [screen]);

  // Whoever cannot see that the page is another one is led to its head.
  useLayoutEffect(() => {
    if (screen.phase !== 'before') document.querySelector('h1')?.focus();
  }, [screen.phase]);

  return (
    <>
      <output class="unseen" key={screen.news?.nth}>
        {screen.news === undefined ? '' : say(screen.news.key, nameless(screen.news.values))}
      </output>
      {isSoundBlocked && (
        <div class="banner" role="alert">
          <p>{say('sound.what')}</p>
          <button type="button" onClick={play}>
            {say('sound.on')}
          </button>
        </div>
      )}
      <View screen={screen} pictures={pictures} own={own} session={session.current} join={join} happen={happen} />
    </>
  );
}

interface ViewProps {
  screen: Screen;
  pictures: Streams;
  own: ReadonlyMap<TrackKind, MediaStream>;
  session: Session | undefined;
  join: Parameters<typeof Before>[0]['join'];
  happen: Parameters<typeof Inside>[0]['happen'];
}

function View({ screen, pictures, own, session, join, happen }: ViewProps) {
  if (screen.phase === 'before') return <Before join={join} />;
  if (screen.phase === 'over') return <Over screen={screen} />;
  if (screen.phase === 'in' && session !== undefined)
    return <Inside screen={screen} pictures={pictures} own={own} session={session} happen={happen} />;
  return (
    <main class="card">
      <h1 tabIndex={-1}>{say('title')}</h1>
      <output>{screen.waitingFor === undefined ? say('connecting') : say(`waiting.${screen.waitingFor}`)}</output>
      <div class="row">
        <button type="button" class="plain" onClick={() => session?.leave()}>
          {say('leave')}
        </button>
      </div>
    </main>
  );
}

const MAY_RETURN: ReadonlySet<string> = new Set(['left', 'full', 'replaced', 'locked']);

function Over({ screen }: { screen: Screen }) {
  return (
    <main class="card">
      <h1 tabIndex={-1}>{say('title')}</h1>
      <p role="alert">{say(`over.${screen.over ?? 'left'}`)}</p>
      <div class="row">
        {MAY_RETURN.has(screen.over ?? '') && (
          <button type="button" onClick={() => location.reload()}>
            {say('again')}
          </button>
        )}
        <a class="button" href={`${base}/`}>
          {say('back')}
        </a>
      </div>
    </main>
  );
}

function titleOf({ phase, isReconnecting, people }: Screen): string {
  if (isReconnecting || phase === 'waiting' || phase === 'connecting') return `… ${say('title')}`;
  return phase === 'in' ? `(${people.length + 1}) ${say('title')}` : say('title');
}

function nameless(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return values.name === '' ? { ...values, name: say('caller') } : values;
}
