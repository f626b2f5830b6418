import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readVariable } from '../config.ts';
import { DIALECT_NAMES } from '../domain/bridge.ts';
import { OperatorError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { createBridge, revokeBridge, rotateBridgeCredential, updateBridge } from '../operations/bridges/bridges.ts';
import { findTenant } from '../operations/access/find-tenant.ts';
import { unlockVault } from '../operations/store/unlock-vault.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine, printTable, showTime } from './output.ts';
import { withStore } from './store.ts';

interface CreateOptions extends OutputOptions {
  dialect: string;
  tenant?: string;
  shared?: boolean;
  set: Record<string, string>;
  secret: Record<string, string | undefined>;
}

interface UpdateOptions extends OutputOptions {
  set: Record<string, string>;
  secret: Record<string, string | undefined>;
  unset: string[];
  unsetSecret: string[];
}

const STANDARD_INPUT = 0;
const SET = ['--set <name=value>', 'a setting of the dialect; may be given several times'] as const;
const SECRET = [
  '--secret <name>',
  'a secret of the dialect: read from standard input, or NAME=@FILE from a file, or NAME=$VARIABLE from the environment; may be given several times',
] as const;

export function addBridgeCommands(bridge: Command): void {
  bridge
    .command('create <name>')
    .description('make a bridge and print its credential, for the only time')
    .addOption(new Option('--dialect <name>', 'how it speaks').choices(DIALECT_NAMES).makeOptionMandatory())
    .option('--tenant <name>', 'whose codes it may open; default, if left out')
    .addOption(new Option('--shared', "any tenant's codes").conflicts('tenant'))
    .option(...SET, gatherSetting, {})
    .option(...SECRET, gatherSecret, {})
    .option(...JSON_OPTION)
    .action(async (name: string, { dialect, tenant, shared, set, secret, json }: CreateOptions) => {
      const secrets = readSecrets(secret);
      const made = await withStore(async (store, config) => {
        const owner = shared ? undefined : await findTenant(store, tenant ?? 'default');
        const openVault = () => unlockVault(store, { given: config.masterKey, dataDir: config.dataDir });
        return createBridge(store, openVault, { name, dialect, tenant: owner, settings: set, secrets }, Date.now());
      });
      const shown = made.token.reveal();
      if (json) printJson({ bridgeId: made.bridgeId, name, dialect, tenant: shared ? null : (tenant ?? 'default'), token: shown });
      else printLine(shown);
    });

  bridge
    .command('list')
    .description('all bridges, without their secrets')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const bridges = await withStore((store) => store.admission.listBridges());
      if (options.json) return printJson(bridges.map(({ secretsSealed: _sealed, tenantId: _tenantId, ...shown }) => shown));
      printTable(
        ['Id', 'Name', 'Dialect', 'Tenant', 'Begins with', 'Settings', 'State', 'Made'],
        bridges.map((one) => [
          String(one.bridgeId),
          one.name,
          one.dialect,
          one.tenantName ?? '(shared)',
          one.hint,
          Object.entries(one.settings)
            .map(([key, value]) => `${key}=${value}`)
            .join(', '),
          one.revokedAt === undefined ? 'live' : 'revoked',
          showTime(one.createdAt),
        ]),
      );
    });

  bridge
    .command('update')
    .argument('<id>', 'the number that "parley bridge list" shows', readBridgeId)
    .description('change settings and secrets; what is not named stays, and running servers follow within a second')
    .option(...SET, gatherSetting, {})
    .option(...SECRET, gatherSecret, {})
    .option('--unset <name>', 'take a setting away; may be given several times', gatherName, [])
    .option('--unset-secret <name>', 'take a secret away; may be given several times', gatherName, [])
    .option(...JSON_OPTION)
    .action(async (bridgeId: number, { set, secret, unset, unsetSecret, json }: UpdateOptions) => {
      const changes = { settings: { ...nothing(unset), ...set }, secrets: { ...nothing(unsetSecret), ...readSecrets(secret) } };
      if (Object.keys({ ...changes.settings, ...changes.secrets }).length === 0)
        throw new OperatorError('Say what is to be changed: --set, --secret, --unset or --unset-secret.');
      const updated = await withStore((store, config) => {
        const openVault = () => unlockVault(store, { given: config.masterKey, dataDir: config.dataDir });
        return updateBridge(store, openVault, { bridgeId, changes }, Date.now());
      });
      if (updated === undefined) throw noBridge(bridgeId);
      if (json) printJson({ bridgeId, name: updated.name, dialect: updated.dialect, settings: updated.settings });
      else printLine(`Bridge ${bridgeId} is changed.`);
    });

  bridge
    .command('rotate')
    .argument('<id>', 'the number that "parley bridge list" shows', readBridgeId)
    .description('make another credential and print it, for the only time; the one before opens nothing within a second')
    .option(...JSON_OPTION)
    .action(async (bridgeId: number, { json }: OutputOptions) => {
      const token = await withStore((store) => rotateBridgeCredential(store, { bridgeId }, Date.now()));
      if (token === undefined) throw noBridge(bridgeId);
      if (json) printJson({ bridgeId, token: token.reveal() });
      else printLine(token.reveal());
    });

  bridge
    .command('revoke')
    .argument('<id>', 'the number that "parley bridge list" shows', readBridgeId)
    .description("end a bridge's credential on every running server within a second")
    .option(...JSON_OPTION)
    .action(async (bridgeId: number, options: OutputOptions) => {
      const revoked = await withStore((store) => revokeBridge(store, bridgeId, Date.now()));
      if (revoked === undefined) throw noBridge(bridgeId);
      if (options.json) return printJson({ bridgeId, revoked: true });
      printLine(`Bridge ${bridgeId} is revoked.`);
      if (revoked.keepsSecrets)
        printLine('A running server takes back the codes that its engine was told; parley_dispatch_rules says how many are left.');
    });
}

function noBridge(bridgeId: number): OperatorError {
  return new OperatorError(`There is no bridge ${bridgeId}. See: parley bridge list`);
}

function nothing(names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.map((name) => [name, null]));
}

function readSecrets(given: Readonly<Record<string, string | undefined>>): Record<string, Secret> {
  return Object.fromEntries(Object.entries(given).map(([name, from]) => [name, new Secret(readSecret(from))]));
}

function gatherName(name: string, before: string[]): string[] {
  return [...before, name];
}

function gatherSetting(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Give it as name=value.');
  return { ...before, [name]: value };
}

/** What stands after the equals sign says where the secret is. A secret itself is refused: others can read the command line. */
function gatherSecret(text: string, before: Record<string, string | undefined>): Record<string, string | undefined> {
  const [, name, from] = /^(\w+)(?:=([@$].+))?$/s.exec(text) ?? [];
  if (name === undefined)
    throw new InvalidArgumentError('Give NAME alone (standard input), NAME=@FILE or NAME=$VARIABLE; never the secret itself.');
  return { ...before, [name]: from };
}

function readSecret(from: string | undefined): string {
  if (from?.startsWith('$')) return readVariable(from.slice(1));
  const path = from === undefined ? STANDARD_INPUT : from.slice(1);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new OperatorError(`${from === undefined ? 'Standard input' : path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function readBridgeId(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Give the number that "parley bridge list" shows.');
  return Number(text);
}
