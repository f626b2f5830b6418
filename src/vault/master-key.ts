import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorError } from '../domain/errors.ts';
import type { Secret } from '../domain/secret.ts';
import { KEY_BYTES } from './vault.ts';

export interface MasterKeySource {
  /** PARLEY_MASTER_KEY, where the operator keeps the key elsewhere. */
  given: Secret | undefined;
  dataDir: string;
}

const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/;

export function masterKeyPath(dataDir: string): string {
  return join(dataDir, 'master.key');
}

/** Where a rotation keeps the coming key until the database is sealed with it. */
export function nextMasterKeyPath(dataDir: string): string {
  return join(dataDir, 'master.key.next');
}

export function decodeMasterKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim();
  if (!BASE64_KEY.test(trimmed)) {
    throw new OperatorError(`${where} must hold ${KEY_BYTES} bytes in base64 (make one with: openssl rand -base64 32).`);
  }
  return new Uint8Array(Buffer.from(trimmed, 'base64'));
}

/** The key that is given, or the one in the file; undefined where there is neither yet. */
export function readMasterKey(source: MasterKeySource): Uint8Array | undefined {
  if (source.given !== undefined) return decodeMasterKey(source.given.reveal(), 'PARLEY_MASTER_KEY');
  return readKeyFile(masterKeyPath(source.dataDir));
}

export function readKeyFile(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OperatorError(`The master key file ${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  return decodeMasterKey(text, `The master key file ${path}`);
}

/** Makes a key file with mode 0600, on disk before anything is sealed with it. Of two processes that start together, one makes it. */
export function makeKeyFile(path: string): Uint8Array {
  const key = randomBytes(KEY_BYTES);
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    writeSync(file, `${key.toString('base64')}\n`);
    fsyncSync(file);
    closeSync(file);
    // A link appears whole and never replaces what is there.
    linkSync(draft, path);
    syncDirectory(dirname(path));
    return new Uint8Array(key);
  } catch (error) {
    const existing = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readKeyFile(path) : undefined;
    if (existing !== undefined) return existing;
    throw new OperatorError(`The master key file ${path} cannot be made: ${(error as Error).message}.`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The last step of a rotation, also taken by the next start where a rotation died before it. */
export function adoptNextKeyFile(dataDir: string): void {
  renameSync(nextMasterKeyPath(dataDir), masterKeyPath(dataDir));
  syncDirectory(dataDir);
}

export function dropNextKeyFile(dataDir: string): void {
  rmSync(nextMasterKeyPath(dataDir), { force: true });
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
