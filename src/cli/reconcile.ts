import { type Command, InvalidArgumentError } from 'commander';
import { OperatorError } from '../domain/errors.ts';
import { type PlatformReport, reconcilePlatform } from '../operations/platform/reconcile-platform.ts';
import { OWNER } from '../platform/gateway.ts';
import { openVendor } from '../platform/open-platform.ts';
import { addConnectionOptions } from './caller/connection.ts';
import { addFileOptions, FIELDS_HELP } from './caller/moving/file-options.ts';
import type { ReconcileListOptions } from './caller/moving/reconcile-lists.ts';
import { JSON_OPTION, printJson, printLine, printTable, showTime } from './output.ts';
import { withStore } from './store.ts';

interface ReconcileOptions extends ReconcileListOptions {
  platform?: boolean;
  rate: number;
}

const STANDARD_RATE = 5;
const MAX_RATE = 1_000;

const EXAMPLES = `
Examples:
  parley reconcile customers.csv
  parley reconcile active-ids.csv --map client.externalId="Plan no." --plan drift.plan
  parley reconcile --platform --rate 20

The list needs your ids (client.externalId) or the clientIds, and is compared in whatever else it has: states, names, addresses. Nothing is changed.
${FIELDS_HELP}

The exit code is 0 where both sides agree, and 1 where they do not, where a row could not be read, or where that could not be found out.`;

export function addReconcileCommand(reconcile: Command): void {
  reconcile.argument('[list]', 'your own list: CSV, NDJSON or XLSX, or - for standard input');
  addFileOptions(addConnectionOptions(reconcile))
    .option('--plan <file>', 'write a plan that makes Parley as the list is, for "parley apply"')
    .option('--all', 'show every row that differs')
    .option('--platform', 'on the server: compare what is on record with the remote platform, client by client')
    .option('--rate <n>', 'with --platform: at most so many questions a second', readRate, STANDARD_RATE)
    .option(...JSON_OPTION)
    .addHelpText('after', EXAMPLES)
    .action(async (list: string | undefined, options: ReconcileOptions) => {
      if ((list === undefined) === (options.platform === undefined))
        reconcile.error('error: name a file with your own list, or give --platform');
      if (list === undefined) await reconcileWithPlatform(options);
      else await (await import('./caller/moving/reconcile-lists.ts')).reconcileList(list, options);
    });
}

async function reconcileWithPlatform({ rate, json }: ReconcileOptions): Promise<void> {
  const report = await withStore(async (store, config) => {
    if (config.platform === undefined)
      throw new OperatorError('There is no remote platform: PARLEY_PLATFORM_URL is not set. Run this with the settings of the gateway.');
    const vendor = openVendor(config.platform, () => {});
    try {
      return await reconcilePlatform(store, vendor, { tenantId: OWNER, ratePerSecond: rate, now: Date.now });
    } finally {
      await vendor.close();
    }
  });
  if (json) printJson(report);
  else show(report);
  const { drift, orphans } = report;
  if (drift.length + orphans.length > 0)
    throw new OperatorError(`${drift.length} differences and ${orphans.length} orphans. docs/gateway.md says what to do about each.`);
}

function show({ compared, underWay, tellsStatus, drift, orphans }: PlatformReport): void {
  printLine(
    `${compared} ${compared === 1 ? 'client' : 'clients'} compared${underWay > 0 ? `, ${underWay} of them with something under way` : ''}.`,
  );
  if (compared > 0 && !tellsStatus) printLine('The platform does not say whether a client is active: that was not compared.');
  if (drift.length > 0)
    printTable(
      ['Client', 'External id', 'What', 'On record', 'At the platform'],
      drift.map(({ clientId, externalId, kind, ours, theirs }) => [String(clientId), String(externalId), kind, ours, theirs]),
    );
  if (orphans.length > 0)
    printTable(
      ['Orphan at the platform', 'External id', 'Seen'],
      orphans.map(({ vendorClientId, externalId, foundAt }) => [String(vendorClientId), String(externalId), showTime(foundAt)]),
    );
}

function readRate(text: string): number {
  const rate = Number(text);
  if (!/^\d{1,4}$/.test(text) || rate < 1 || rate > MAX_RATE)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_RATE}.`);
  return rate;
}
