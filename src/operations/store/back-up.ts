import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from '../../domain/errors.ts';
import { makePrivate } from '../../vault/private-file.ts';
import type { RecordCounts, Store } from '../../store/store.ts';

/** A store that is one file, and so can copy itself. */
export interface CopyingStore {
  /** A consistent copy of the present moment, while writes go on. */
  backUp(path: string): Promise<void>;
}

export interface OpenedBackup extends Pick<Store, 'findDamage' | 'countRecords' | 'findKeys' | 'close'> {}

/**
 * Writes a consistent copy of the present moment, while a server goes on writing, and reads all of it back before it gets its name.
 * Passwords and pass codes in it stay sealed: the master key is not part of it. A failure leaves no file; each repeat needs a new name.
 */
export async function backUp(store: CopyingStore, path: string, open: (path: string) => OpenedBackup): Promise<RecordCounts> {
  if (existsSync(path)) throw new OperatorError(`${path} exists already. A backup never replaces a file: choose another name.`);
  const draft = `${path}.partial`;
  rmSync(draft, { force: true });
  try {
    makePrivate(draft);
    await store.backUp(draft);
    const counts = await verify(open(draft));
    sync(draft);
    renameSync(draft, path);
    sync(dirname(path));
    return counts;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `The backup failed: ${(error as Error).message}. Check that there is room, and that the directory may be written.`,
      {
        cause: error,
      },
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

async function verify(copy: OpenedBackup): Promise<RecordCounts> {
  try {
    const damage = await copy.findDamage();
    if (damage !== undefined) throw new OperatorError(`The copy is damaged (${damage}). Run "parley doctor": the database itself may be.`);
    if ((await copy.findKeys()) === undefined) throw new OperatorError('The copy lacks its keys. Start the server once, then try again.');
    return await copy.countRecords();
  } finally {
    await copy.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
