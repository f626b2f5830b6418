import type { Command } from 'commander';
import { printJson, printLine } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { readWholeNumber } from './read-record.ts';
import { printPairs } from './show.ts';
import { addWhichClient, findClient, nameOf, type WhichOptions } from './which-client.ts';

interface RotateOptions extends CallerOptions, WhichOptions {
  overlap: number;
  dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  parley rotate 10000000
  parley rotate --external-id 100 --overlap 0      # the old codes end at once
  parley rotate 10000000 --dry-run`;
const MONTH_MINUTES = 43_200;

export function addRotateCommand(rotate: Command): void {
  addCallerOptions(addWhichClient(rotate))
    .option('--overlap <minutes>', 'how long the old codes work as well', readWholeNumber(0, MONTH_MINUTES), 60)
    .option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (given: number | undefined, options: RotateOptions) => {
      const { overlap: overlapMinutes, dryRun, json, externalId } = options;
      await withServer(options, async (parley) => {
        if (dryRun) {
          const client = await findClient(rotate, parley, given, options);
          const changes = ['passCodes.moderatorPassCode', 'passCodes.participantPassCode'];
          if (json)
            return printJson({
              clientId: client.clientId,
              changes: changes.map((field) => ({ field, from: '***', to: '***' })),
              overlapMinutes,
            });
          return printLine(
            `${nameOf(client)} is ${client.status} and would get two new pass codes; the old ones would work for ${overlapMinutes} minutes more. Nothing was changed.`,
          );
        }
        const isEnough = given !== undefined && externalId === undefined;
        const clientId = isEnough ? given : (await findClient(rotate, parley, given, options)).clientId;
        const done = await parley.clients.rotatePassCodes(clientId, { overlapMinutes });
        if (json) return printJson(done);
        printPairs([
          ['Client', done.clientId],
          ['Moderator pass code', done.passCodes.moderatorPassCode],
          ['Participant pass code', done.passCodes.participantPassCode],
          ['Old codes work until', done.overlapUntil],
        ]);
      });
    });
}
