import type { Command } from 'commander';
import type { Client, Company, Parley, ProvisionedClient, ProvisionRecord } from '../../../sdk/src/index.ts';
import { printJson, printLine } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { readPassword, readRecord, readWholeNumber } from './read-record.ts';
import { addRecordOptions, type LooseRecord, mergeOptions } from './record-options.ts';
import { printPairs, showChanges } from './show.ts';

interface ProvisionCommandOptions extends CallerOptions {
  passwordFile?: string;
  sourceVersion?: number;
  onlyIfNew?: boolean;
  dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  parley provision --external-id 100 --first Ada --last Lovelace --email ada@example.com \\
    --company-external-id 50 --enterprise-id 799 --company-name Analytical --country Canada
  parley provision record.json --dry-run
  parley provision record.json --email new@example.com --json
  generate-record | parley provision -

The record is the body of the provision call: {"company":{...},"client":{...},"contact":{...}}. An option goes before what the record says.
A password stands in the record or in a file (--password-file), never on the command line, where other users could read it.`;

export function addProvisionCommand(provision: Command): void {
  provision.argument('[file]', 'a JSON file with the record, or - for standard input');
  addCallerOptions(addRecordOptions(provision))
    .option('--password-file <file>', 'a file with a password of your own; otherwise one is drawn')
    .option(
      '--source-version <n>',
      'your version of the record: an older one overwrites nothing',
      readWholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option('--only-if-new', 'refuse where the client is there already')
    .option('--dry-run', 'say what would change, and write nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: ProvisionCommandOptions) => {
      const { passwordFile, sourceVersion, onlyIfNew, dryRun, json } = options;
      if (file === '-' && passwordFile === '-') provision.error('error: standard input can hold the record or the password, not both');
      const merged = mergeOptions(file === undefined ? {} : await readRecord(file), { ...options });
      if (passwordFile !== undefined) merged.client = { ...merged.client, password: await readPassword(passwordFile) };
      const record = merged as unknown as ProvisionRecord;
      await withServer(options, async (parley) => {
        if (dryRun) return preview(parley, merged, { sourceVersion, onlyIfNew }, json);
        const done = await parley.clients.provision(record, { sourceVersion, onlyIfNew });
        if (json) printJson(done);
        else show(done);
      });
    });
}

const WORDS = { created: 'is new', updated: 'was changed', unchanged: 'is as it was' } as const;

function show({ clientId, companyId, outcome, changed, status, password, passCodes, hub }: ProvisionedClient): void {
  printLine(`Client ${clientId} ${WORDS[outcome]}${changed.length > 0 ? `: ${changed.join(', ')}` : ''}.`);
  printPairs([
    ['Client', clientId],
    ['Status', status],
    ['Company', companyId],
    ['Password', password || 'is not shown any more'],
    ['Moderator pass code', passCodes.moderatorPassCode],
    ['Participant pass code', passCodes.participantPassCode],
    ['Hub', hub.hubUrl],
  ]);
}

async function preview(
  parley: Parley,
  wanted: LooseRecord,
  terms: { sourceVersion: number | undefined; onlyIfNew: boolean | undefined },
  json: boolean | undefined,
): Promise<void> {
  const { outcome, changed, clientId } = await parley.clients.validate(wanted as unknown as ProvisionRecord, terms);
  const client = clientId === null ? undefined : await parley.clients.find({ clientId });
  const company = client && (await parley.companies.find({ companyId: client.company.companyId }));
  const changes = changed.map((field) => {
    const [part, name] = field.split('.') as [string, string];
    const isSecret = field === 'client.password';
    return { field, from: isSecret ? '***' : recorded(field, client, company), to: isSecret ? '***' : (wanted[part]?.[name] ?? null) };
  });
  if (json) return printJson({ outcome, clientId, changes });
  if (outcome === 'created') return printLine('A new client would be made. Nothing was written.');
  if (outcome === 'unchanged') return printLine(`Client ${clientId} would stay as it is.`);
  printLine(`Client ${clientId} would be changed. Nothing was written.`);
  showChanges(changes);
}

function recorded(field: string, client: Client | undefined, company: Company | undefined): unknown {
  const [part, name] = field.split('.') as [string, string];
  const source = part === 'company' ? company : part === 'contact' ? client?.contact : client;
  return (source as Record<string, unknown> | undefined)?.[name] ?? null;
}
