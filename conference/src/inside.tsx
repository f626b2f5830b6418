import { useEffect, useState } from 'preact/hooks';
import { Chat } from './chat.tsx';
import { Confirm, type Question } from './confirm.tsx';
import { Controls } from './controls.tsx';
import { Devices } from './device-choice.tsx';
import { isKeyOn } from './kept.ts';
import { pictureKey } from './media.ts';
import { company, numbers, say } from './page.ts';
import { nameOf, People } from './people.tsx';
import { Picture } from './picture.tsx';
import type { TrackKind } from './protocol.ts';
import type { Session } from './session.ts';
import type { Happening, Screen } from './state.ts';

interface Props {
  screen: Screen;
  pictures: ReadonlyMap<string, MediaStream>;
  own: ReadonlyMap<TrackKind, MediaStream>;
  session: Session;
  happen: (event: Happening) => void;
}

const PROBLEM_MS = 8_000;

/** The conference itself. */
export function Inside({ screen, pictures, own, session, happen }: Props) {
  const [question, setQuestion] = useState<Question>();
  const { hasVideo, problem } = screen;

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog') !== null;
      if (event.key.toLowerCase() === 'm' && !event.repeat && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && isKeyOn())
        void session.toggleMute();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [session]);

  useEffect(() => {
    if (problem === undefined || problem === 'noWay') return undefined;
    const timer = setTimeout(() => happen({ type: 'problem', key: undefined }), PROBLEM_MS);
    return () => clearTimeout(timer);
  }, [problem, happen]);

  const tiles = screen.watched.flatMap(({ participant, kind }) => {
    const stream = pictures.get(pictureKey(participant, kind));
    const name = nameOf(screen.people.find(({ id }) => id === participant));
    return stream === undefined ? [] : [{ key: pictureKey(participant, kind), stream, label: say(`tile.${kind}`, { name }) }];
  });

  return (
    <main class="inside">
      <header>
        <h1 tabIndex={-1}>{say('title')}</h1>
        <p class="quiet">{company}</p>
      </header>
      {screen.isReconnecting && <output class="banner">{say('reconnecting')}</output>}
      {problem !== undefined && (
        <p class="banner wrong" role="alert">
          {say(problem)}
          {problem === 'noWay' && <Numbers />}
        </p>
      )}
      {(tiles.length > 0 || own.size > 0) && (
        <section class="tiles">
          {tiles.map(({ key, stream, label }) => (
            <Picture key={key} stream={stream} label={label} />
          ))}
          {[...own].map(([kind, stream]) => (
            <Picture key={kind} stream={stream} label={say(`tile.own.${kind}`)} isOwn={kind === 'camera'} />
          ))}
        </section>
      )}
      <div class={hasVideo ? 'columns' : ''}>
        <People screen={screen} session={session} ask={setQuestion} />
        {hasVideo && <Chat lines={screen.chat} send={(text) => session.send({ type: 'chat', text })} />}
      </div>
      <Devices session={session} hasVideo={hasVideo} />
      <Controls screen={screen} own={own} session={session} />
      {question !== undefined && <Confirm question={question} done={() => setQuestion(undefined)} />}
    </main>
  );
}

/** Another way in. */
function Numbers() {
  return numbers.map(({ number, shown }) => (
    <span key={number}>
      {' '}
      <a href={`tel:${number}`}>{shown}</a>
    </span>
  ));
}
