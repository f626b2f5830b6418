import type { Command } from 'commander';
import { OperatorError } from '../domain/errors.ts';
import { findTenant } from '../operations/access/find-tenant.ts';
import { type VerifiedChain, verifyAudit } from '../operations/journal/verify-audit.ts';
import { JSON_OPTION, type OutputOptions, printJson, printTable } from './output.ts';
import { withStore } from './store.ts';

interface VerifyOptions extends OutputOptions {
  tenant?: string;
}

interface VerifiedTenant extends VerifiedChain {
  tenant: string;
}

export function addAuditCommands(audit: Command): void {
  audit
    .command('verify')
    .description('follow each chain from its first entry to its last, and say where one is broken')
    .option('--tenant <name>', 'this one alone')
    .option(...JSON_OPTION)
    .action(async ({ tenant, json }: VerifyOptions) => {
      const verified = await withStore(async (store) => {
        const tenants = tenant === undefined ? await store.listTenants() : [await findTenant(store, tenant)];
        const chains: VerifiedTenant[] = [];
        for (const { name, tenantId } of tenants) chains.push({ tenant: name, ...(await verifyAudit(store, tenantId)) });
        return chains;
      });
      if (json) printJson(verified);
      else {
        printTable(
          ['Tenant', 'Entries', 'Head', 'Result'],
          verified.map((chain) => [chain.tenant, String(chain.entries), chain.head.slice(0, 16), chain.problem ?? 'whole']),
        );
      }
      const broken = verified.filter(({ problem }) => problem !== undefined);
      if (broken.length > 0) {
        const names = broken.map((chain) => `${chain.tenant} (${chain.problem})`).join(', ');
        throw new OperatorError(`The audit was changed behind Parley's back: ${names}. Compare with a backup.`);
      }
    });
}
