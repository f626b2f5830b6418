import type { Command } from 'commander';
import { rotateMasterKey } from '../operations/store/rotate-master-key.ts';
import { decodeMasterKey } from '../vault/master-key.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from './output.ts';
import { withStore } from './store.ts';
import { readFileSync } from 'node:fs';
import { OperatorError } from '../domain/errors.ts';

interface RotateOptions extends OutputOptions {
  newKeyFile?: string;
}

export function addKeyCommands(key: Command): void {
  key
    .command('rotate')
    .description('replace the master key; running servers go on undisturbed')
    .option('--new-key-file <path>', 'the new key (32 bytes, base64), where the key is given by PARLEY_MASTER_KEY')
    .option(...JSON_OPTION)
    .action(async (options: RotateOptions) => {
      const newKey = options.newKeyFile === undefined ? undefined : readNewKey(options.newKeyFile);
      await withStore((store, config) => rotateMasterKey(store, { given: config.masterKey, dataDir: config.dataDir }, newKey));
      const next =
        newKey === undefined
          ? 'Keep a copy of master.key apart from your backups.'
          : 'Set PARLEY_MASTER_KEY to the new key before the next start.';
      if (options.json) printJson({ rotated: true });
      else printLine(`The master key is rotated. ${next}`);
    });
}

function readNewKey(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  return decodeMasterKey(text, path);
}
