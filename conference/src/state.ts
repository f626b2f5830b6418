import type { OverReason, Participant, ServerFrame, WatchedTrack } from './protocol.ts';

export interface ChatLine {
  id: string;
  name: string;
  text: string;
  at: number;
}

/** Something that has just happened, for those who do not see it: a text's key, and what is put into it. */
export interface News {
  key: string;
  values: Readonly<Record<string, string>>;
  /** The same twice is told twice. */
  nth: number;
}

/** What the screen shows. Everything that the server says changes it here and nowhere else. */
export interface Screen {
  phase: 'before' | 'connecting' | 'waiting' | 'in' | 'over';
  waitingFor: 'moderator' | 'engine' | undefined;
  isReconnecting: boolean;
  ownId: string | undefined;
  isModerator: boolean;
  hasVideo: boolean;
  isLocked: boolean;
  isMuted: boolean;
  hand: boolean;
  people: readonly Participant[];
  talking: ReadonlySet<string>;
  watched: readonly WatchedTrack[];
  chat: readonly ChatLine[];
  news: News | undefined;
  problem: string | undefined;
  over: OverReason | undefined;
}

export const BEFORE: Screen = {
  phase: 'before',
  waitingFor: undefined,
  isReconnecting: false,
  ownId: undefined,
  isModerator: false,
  hasVideo: false,
  isLocked: false,
  isMuted: false,
  hand: false,
  people: [],
  talking: new Set(),
  watched: [],
  chat: [],
  news: undefined,
  problem: undefined,
  over: undefined,
};

export type Happening =
  | ServerFrame
  | { type: 'joining'; muted: boolean }
  | { type: 'lost' }
  | { type: 'mute'; muted: boolean }
  | { type: 'hand'; up: boolean }
  | { type: 'problem'; key: string | undefined };

const SHOWN_ERRORS: ReadonlySet<string> = new Set(['not_allowed', 'unavailable', 'unknown_participant']);
const MOST_LINES = 500;

export function change(screen: Screen, event: Happening): Screen {
  switch (event.type) {
    case 'joining':
      return { ...screen, phase: 'connecting', isMuted: event.muted, over: undefined };
    case 'lost':
      return { ...screen, isReconnecting: screen.phase === 'in' || screen.isReconnecting, talking: new Set(), watched: [] };
    case 'mute':
      return { ...screen, isMuted: event.muted, news: tell(screen, event.muted ? 'news.ownMuted' : 'news.ownUnmuted') };
    case 'hand':
      return { ...screen, hand: event.up };
    case 'problem':
      return { ...screen, problem: event.key };
    case 'waiting':
      return { ...screen, phase: screen.isReconnecting ? screen.phase : 'waiting', waitingFor: event.for };
    case 'joined':
      return {
        ...screen,
        phase: 'in',
        isReconnecting: false,
        waitingFor: undefined,
        ownId: event.participant,
        isModerator: event.role === 'moderator',
        hasVideo: event.media.includes('video'),
        isLocked: event.locked,
        people: event.participants,
        news: tell(screen, 'news.in'),
      };
    case 'participant':
      return changePerson(screen, event);
    case 'left': {
      const gone = screen.people.find(({ id }) => id === event.id);
      return {
        ...screen,
        people: screen.people.filter(({ id }) => id !== event.id),
        talking: without(screen.talking, event.id),
        news: gone === undefined ? screen.news : tell(screen, 'news.left', { name: gone.name }),
      };
    }
    case 'talking':
      return { ...screen, talking: event.talking ? new Set(screen.talking).add(event.id) : without(screen.talking, event.id) };
    case 'offer':
      return { ...screen, watched: event.tracks };
    case 'muted':
      return { ...screen, isMuted: true, news: tell(screen, 'news.muted') };
    case 'locked':
      return { ...screen, isLocked: event.locked, news: tell(screen, event.locked ? 'news.locked' : 'news.unlocked') };
    case 'chat': {
      const { id, name, text, at } = event;
      const chat = [...screen.chat, { id, name, text, at }].slice(-MOST_LINES);
      return { ...screen, chat, news: id === screen.ownId ? screen.news : tell(screen, 'news.chat', { name, text }) };
    }
    case 'error':
      return SHOWN_ERRORS.has(event.code) ? { ...screen, problem: `error.${event.code}` } : screen;
    case 'over':
      return { ...screen, phase: 'over', over: event.reason, isReconnecting: false };
    case 'answer':
      return screen;
  }
}

function changePerson(screen: Screen, { type: _type, ...person }: Participant & { type: 'participant' }): Screen {
  const known = screen.people.find(({ id }) => id === person.id);
  const people = known === undefined ? [...screen.people, person] : screen.people.map((one) => (one.id === person.id ? person : one));
  const told = newsOf(person, known);
  const news = told === undefined ? screen.news : tell(screen, told, { name: person.name });
  return { ...screen, people, news };
}

function without(set: ReadonlySet<string>, gone: string): ReadonlySet<string> {
  return new Set([...set].filter((one) => one !== gone));
}

function newsOf(person: Participant, known: Participant | undefined): string | undefined {
  if (known === undefined) return 'news.joined';
  if (person.hand && !known.hand) return 'news.hand';
  if (person.muted !== known.muted) return person.muted ? 'news.otherMuted' : 'news.otherUnmuted';
  return undefined;
}

function tell({ news }: Screen, key: string, values: News['values'] = {}): News {
  return { key, values, nth: (news?.nth ?? 0) + 1 };
}
