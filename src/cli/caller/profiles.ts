import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from '../../domain/errors.ts';

/** What `parley login` keeps: a server, and the token for it. */
export interface Profile {
  url: string;
  token: string;
}

export const STANDARD_PROFILE = 'default';

/** @throws {OperatorError} The file can be read by others, or is not one of profiles. */
export function readProfiles(path: string): Map<string, Profile> {
  if (!existsSync(path)) return new Map();
  if ((statSync(path).mode & 0o077) !== 0)
    throw new OperatorError(`${path} holds tokens and can be read by other users. Run: chmod 600 ${path}`);
  let profiles: unknown;
  try {
    profiles = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    profiles = undefined;
  }
  const entries = Object.entries((profiles ?? {}) as Record<string, Partial<Profile>>);
  const isGood = typeof profiles === 'object' && entries.every(([, one]) => typeof one?.url === 'string' && typeof one.token === 'string');
  if (profiles === undefined || !isGood)
    throw new OperatorError(`${path} is not a file of profiles. Remove it, and run: parley login --url <url>`);
  return new Map(entries as [string, Profile][]);
}

/** The file is there whole or as it was before, and never readable by others. */
export function writeProfiles(path: string, profiles: ReadonlyMap<string, Profile>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(Object.fromEntries(profiles), null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
