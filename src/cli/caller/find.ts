import { type Command, Option } from 'commander';
import { printJson, printLine, printTable } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { readWholeNumber } from './read-record.ts';
import { readId } from './which-client.ts';

interface FindOptions extends CallerOptions {
  status?: 'active' | 'inactive' | 'terminated' | 'erased';
  companyId?: number;
  limit: number;
}

const EXAMPLES = `
Examples:
  parley find lovelace analytical
  parley find ada@example.com --status active
  parley find +14165550123 --json

Words of name, company, e-mail or hub in any order, an id of ours or yours, or a telephone number of somebody who was in the conference.
A pass code is better searched for in the console: what stands on a command line is in the shell's history.`;
const MOST = 200;

export function addFindCommand(find: Command): void {
  addCallerOptions(find.argument('<words...>', 'whatever you know of the client'))
    .addOption(new Option('--status <status>', 'only those').choices(['active', 'inactive', 'terminated', 'erased']))
    .option('--company-id <id>', 'only those of this company', readId)
    .option('--limit <n>', 'how many at most', readWholeNumber(1, MOST), 50)
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], options: FindOptions) => {
      const { status, companyId, limit, json } = options;
      const found = await withServer(options, (parley) => parley.clients.search(words.join(' '), { status, companyId, limit }));
      if (json) return printJson(found);
      if (found.length === 0) return printLine('No client matches all of these words.');
      printTable(
        ['Client', 'External id', 'Status', 'Name', 'E-mail', 'Company', 'Hub'],
        found.map(({ clientId, externalId, first, last, email, company, hub, ...client }) => [
          String(clientId),
          String(externalId),
          client.status,
          [first, last].filter(Boolean).join(' '),
          email,
          company.name,
          hub.hubUrl,
        ]),
      );
    });
}
