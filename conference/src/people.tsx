import { Phone } from 'lucide';
import type { Question } from './confirm.tsx';
import { Icon } from './icon.tsx';
import { rememberedName } from './kept.ts';
import { say } from './page.ts';
import type { Participant } from './protocol.ts';
import type { Session } from './session.ts';
import type { Screen } from './state.ts';

export function nameOf(person: Participant | undefined): string {
  return person === undefined || person.name === '' ? say('caller') : person.name;
}

function inOrder(people: readonly Participant[]): Participant[] {
  return people.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)) || one.id.localeCompare(other.id));
}

/** Who is here, oneself first. */
export function People({ screen, session, ask }: { screen: Screen; session: Session; ask: (question: Question) => void }) {
  const { people, talking, ownId = '', isMuted, hand, isModerator, isLocked } = screen;
  const own = { name: say('you', { name: rememberedName() }), role: isModerator ? 'moderator' : 'participant' };
  const marksOf = (one: { role: string; muted: boolean; hand: boolean }, id: string): string[] => [
    ...(one.role === 'moderator' ? [say('moderator')] : []),
    ...(one.muted ? [say('muted')] : talking.has(id) ? [say('talking')] : []),
    ...(one.hand ? [say('handUp')] : []),
  ];
  return (
    <section aria-labelledby="people">
      <h2 id="people">{say('people', { count: people.length + 1 })}</h2>
      {isModerator && <Moderation isLocked={isLocked} session={session} ask={ask} />}
      <ul class="people">
        <li class={talking.has(ownId) && !isMuted ? 'talks' : ''}>
          <Initials name={rememberedName()} />
          <span class="who">
            <span class="name">{own.name}</span>
            <Marks marks={marksOf({ role: own.role, muted: isMuted, hand }, ownId)} />
          </span>
        </li>
        {inOrder(people).map((person) => {
          const name = nameOf(person);
          return (
            <li key={person.id} class={talking.has(person.id) && !person.muted ? 'talks' : ''}>
              <Initials name={person.name} />
              <span class="who">
                <span class="name">{name}</span>
                <Marks marks={marksOf(person, person.id)} />
              </span>
              {isModerator && (
                <span class="acts">
                  {!person.muted && (
                    <button
                      type="button"
                      class="small"
                      aria-label={say('moderate.mute', { name })}
                      onClick={() => session.send({ type: 'mute-participant', participant: person.id })}
                    >
                      {say('moderate.mute.word')}
                    </button>
                  )}
                  <button
                    type="button"
                    class="small"
                    aria-label={say('moderate.remove', { name })}
                    onClick={() =>
                      ask({
                        text: say('confirm.remove', { name }),
                        yes: () => session.send({ type: 'remove', participant: person.id }),
                      })
                    }
                  >
                    {say('moderate.remove.word')}
                  </button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A face, as far as a name has one: the first letters of its first and last word. A caller by telephone has none. */
function Initials({ name }: { name: string }) {
  const words = name.split(/\s+/u).filter((word) => word !== '');
  const letters = [words[0], ...(words.length > 1 ? [words.at(-1)] : [])].map((word) => [...(word ?? '')][0] ?? '');
  return (
    <span class="initials" aria-hidden="true">
      {name === '' ? <Icon of={Phone} size={18} /> : letters.join('').toLocaleUpperCase()}
    </span>
  );
}

function Marks({ marks }: { marks: string[] }) {
  return (
    <span class="marks">
      {marks.map((mark) => (
        <span key={mark}>{mark}</span>
      ))}
    </span>
  );
}

/** What concerns everybody. */
function Moderation({ isLocked, session, ask }: { isLocked: boolean; session: Session; ask: (question: Question) => void }) {
  return (
    <div class="moderation">
      <button type="button" class="small" onClick={() => session.send({ type: 'mute-all' })}>
        {say('moderate.muteAll')}
      </button>
      <button type="button" class={isLocked ? 'small on' : 'small'} onClick={() => session.send({ type: 'lock', locked: !isLocked })}>
        {say(isLocked ? 'moderate.unlock' : 'moderate.lock')}
      </button>
      <button
        type="button"
        class="small danger"
        onClick={() => ask({ text: say('confirm.end'), yes: () => session.send({ type: 'end' }) })}
      >
        {say('moderate.end')}
      </button>
    </div>
  );
}
