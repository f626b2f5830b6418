import { isObject, parseJson } from '../domain/json-gate.ts';
import type { Candidate, Track } from '../engine/media.ts';

/** docs/conference-protocol.md */
export const SUBPROTOCOL = 'parley.conference.v1';
export const MAX_FRAME_BYTES = 64 * 1024;
const MAX_NAME = 60;
const MAX_CHAT = 1_000;
const MAX_TRACKS = 4;

export type BrowserFrame =
  | { type: 'join'; name: string; muted: boolean }
  | { type: 'offer'; channel: 'audio' | 'publish'; sdp: string; tracks: Track[] }
  | { type: 'answer'; channel: 'watch'; sdp: string }
  | { type: 'candidate'; channel: 'audio' | 'publish' | 'watch'; candidate: Candidate }
  | { type: 'mute'; muted: boolean }
  | { type: 'hand'; up: boolean }
  | { type: 'chat'; text: string }
  | { type: 'unpublish' }
  | { type: 'leave' }
  | { type: 'mute-participant'; participant: string }
  | { type: 'mute-all' }
  | { type: 'remove'; participant: string }
  | { type: 'lock'; locked: boolean }
  | { type: 'end' };

type Fields = Readonly<Record<string, unknown>>;
type Read = (fields: Fields) => object | undefined;

const CHANNELS = ['audio', 'publish', 'watch'] as const;
/** Invisible characters turn names around and hide what follows. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu;

const READ: { readonly [Type in BrowserFrame['type']]: Read } = {
  join: ({ name, muted }) => {
    const shown = typeof name === 'string' ? name.replace(INVISIBLE, '').trim() : '';
    return shown !== '' && [...shown].length <= MAX_NAME && typeof muted === 'boolean' ? { name: shown, muted } : undefined;
  },
  offer: ({ channel, sdp, tracks }) => {
    const read = readTracks(tracks);
    return (channel === 'audio' || channel === 'publish') && isText(sdp) && read !== undefined ? { channel, sdp, tracks: read } : undefined;
  },
  answer: ({ channel, sdp }) => (channel === 'watch' && isText(sdp) ? { channel, sdp } : undefined),
  candidate: ({ channel, candidate }) => {
    const known = CHANNELS.find((one) => one === channel);
    const read = readCandidate(candidate);
    return known === undefined || read === undefined ? undefined : { channel: known, candidate: read };
  },
  mute: ({ muted }) => (typeof muted === 'boolean' ? { muted } : undefined),
  hand: ({ up }) => (typeof up === 'boolean' ? { up } : undefined),
  chat: ({ text }) => (isText(text) && text.trim() !== '' && [...text].length <= MAX_CHAT ? { text: text.trim() } : undefined),
  unpublish: () => ({}),
  leave: () => ({}),
  'mute-participant': readParticipant,
  'mute-all': () => ({}),
  remove: readParticipant,
  lock: ({ locked }) => (typeof locked === 'boolean' ? { locked } : undefined),
  end: () => ({}),
};

export type ReadFrame = { frame: BrowserFrame } | { problem: string; command: string };

/** What a browser sent, field by field; a problem says what is wrong with it. */
export function readFrame(bytes: Buffer): ReadFrame {
  const fields = parseQuietly(bytes);
  if (fields === undefined) return { problem: 'is not one JSON object', command: '' };
  const { type } = fields;
  if (typeof type !== 'string' || !Object.hasOwn(READ, type)) return { problem: 'has no type that is known here', command: '' };
  const read = READ[type as BrowserFrame['type']](fields);
  return read === undefined
    ? { problem: `lacks a field, or has a wrong one`, command: type }
    : { frame: { type, ...read } as BrowserFrame };
}

function parseQuietly(bytes: Buffer): Fields | undefined {
  try {
    const parsed = parseJson(bytes);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function readParticipant({ participant }: Fields): object | undefined {
  return typeof participant === 'string' && /^\d{1,16}$/.test(participant) ? { participant } : undefined;
}

function readTracks(tracks: unknown): Track[] | undefined {
  if (tracks === undefined) return [];
  if (!Array.isArray(tracks) || tracks.length > MAX_TRACKS) return undefined;
  const read = tracks.map((track) => {
    const { mid, kind } = (isObject(track) ? track : {}) as { mid?: unknown; kind?: unknown };
    return typeof mid === 'string' && mid.length <= 16 && (kind === 'camera' || kind === 'screen') ? { mid, kind } : undefined;
  });
  return read.every((track) => track !== undefined) ? (read as Track[]) : undefined;
}

/** Undefined where it is none. */
function readCandidate(value: unknown): Candidate | undefined {
  if (value === null) return null;
  if (!isObject(value)) return undefined;
  const { candidate, sdpMid = null, sdpMLineIndex = null } = value as Record<string, unknown>;
  const isSane =
    typeof candidate === 'string' &&
    (sdpMid === null || typeof sdpMid === 'string') &&
    (sdpMLineIndex === null || typeof sdpMLineIndex === 'number');
  return isSane ? { candidate, sdpMid, sdpMLineIndex } : undefined;
}
