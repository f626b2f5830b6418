import type { Command } from 'commander';
import { printJson, printLine } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { addWhichClient, findClient, nameOf, type WhichOptions } from './which-client.ts';

interface StatusOptions extends CallerOptions, WhichOptions {
  dryRun?: boolean;
}

type Verb = 'deactivate' | 'reactivate';

const WANTED = { deactivate: 'inactive', reactivate: 'active' } as const;

export function addDeactivateCommand(command: Command): void {
  addStatusCommand(command, 'deactivate');
}

export function addReactivateCommand(command: Command): void {
  addStatusCommand(command, 'reactivate');
}

function addStatusCommand(command: Command, verb: Verb): void {
  addCallerOptions(addWhichClient(command))
    .option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', `\nExamples:\n  parley ${verb} 10000000\n  parley ${verb} --external-id 100 --dry-run`)
    .action(async (given: number | undefined, options: StatusOptions) => {
      const { dryRun, json, externalId } = options;
      await withServer(options, async (parley) => {
        const wanted = WANTED[verb];
        if (dryRun) {
          const client = await findClient(command, parley, given, options);
          if (json) return printJson({ clientId: client.clientId, changes: changesOf(client.status, wanted) });
          const isSo = client.status === wanted;
          return printLine(
            isSo
              ? `${nameOf(client)} is ${wanted} already and would stay so.`
              : `${nameOf(client)} is ${client.status} and would be ${wanted}. Nothing was changed.`,
          );
        }
        // Where the clientId is given a token needs no more than the scope of the call itself.
        const isEnough = given !== undefined && externalId === undefined;
        const clientId = isEnough ? given : (await findClient(command, parley, given, options)).clientId;
        await parley.clients[verb](clientId);
        if (json) printJson({ clientId, status: wanted });
        else printLine(`Client ${clientId} is ${wanted}.`);
      });
    });
}

function changesOf(from: string, to: string): object[] {
  return from === to ? [] : [{ field: 'status', from, to }];
}
