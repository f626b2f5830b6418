import type { Command } from 'commander';
import { printJson } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { printPairs } from './show.ts';
import { readId } from './which-client.ts';

const EXAMPLES = `
Examples:
  parley get 10000000
  parley get 10000000 --json`;

export function addGetCommand(get: Command): void {
  addCallerOptions(get.argument('<clientId>', 'the id that provision answered', readId))
    .addHelpText('after', EXAMPLES)
    .action(async (clientId: number, options: CallerOptions) => {
      const found = await withServer(options, (parley) => parley.clients.get(clientId));
      if (options.json) return printJson(found);
      printPairs([
        ['Client', found.clientId],
        ['Status', found.status],
        ['Hub', `${found.hub.hubUrl} (${found.hub.hubId})`],
      ]);
    });
}
