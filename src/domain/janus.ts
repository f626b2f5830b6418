import type { Secret } from './secret.ts';

/** A Janus that is told which rooms to have, as the operator describes it. */
export interface JanusSettings {
  /** Of the Admin API. */
  url: URL;
  adminSecret: Secret;
  /** Without it nobody makes a room. */
  roomAdminKey: Secret;
  /** Undefined: browsers are not let in, only telephones are. */
  sessions: JanusSessions | undefined;
}

/** Where sessions of Janus' own API are opened, for browsers. */
export interface JanusSessions {
  /** A WebSocket. */
  url: URL;
  apiSecret: Secret | undefined;
}
