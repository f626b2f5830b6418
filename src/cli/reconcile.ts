import { type Command, InvalidArgumentError } from 'commander';
import { OperatorError } from '../domain/errors.ts';
import { type PlatformReport, reconcilePlatform } from '../operations/platform/reconcile-platform.ts';
import { OWNER } from '../platform/gateway.ts';
import { openVendor } from '../platform/open-platform.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine, printTable, showTime } from './output.ts';
import { withStore } from './store.ts';

interface ReconcileOptions extends OutputOptions {
  platform?: boolean;
  rate: number;
}

const STANDARD_RATE = 5;
const MAX_RATE = 1_000;

export function addReconcileCommand(reconcile: Command): void {
  reconcile
    .requiredOption('--platform', 'with the remote platform: asks it for every client')
    .option('--rate <n>', 'at most so many questions a second', readRate, STANDARD_RATE)
    .option(...JSON_OPTION)
    .action(async ({ rate, json }: ReconcileOptions) => {
      const report = await withStore(async (store, config) => {
        if (config.platform === undefined)
          throw new OperatorError(
            'There is no remote platform: PARLEY_PLATFORM_URL is not set. Run this with the settings of the gateway.',
          );
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
    });
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
