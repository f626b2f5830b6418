import type { Secret } from '../domain/secret.ts';

/** Where the records are: one file, or a PostgreSQL that any number of nodes share. */
export type StoreLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
  engine: 'sqlite';
  path: string;
}

export interface PostgresLocation {
  engine: 'postgres';
  url: Secret;
  /** Connections that this node holds at most: one that writes groups, one that listens, and the others for everything else. */
  connections: number;
}
