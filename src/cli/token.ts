import { type Command, InvalidArgumentError } from 'commander';
import { OperatorError } from '../domain/errors.ts';
import { SCOPES, type Scope } from '../domain/caller.ts';
import { readPositiveId, type TokenId } from '../domain/ids.ts';
import { createToken } from '../operations/access/create-token.ts';
import { findTenant } from '../operations/access/find-tenant.ts';
import { revokeToken } from '../operations/access/revoke-token.ts';
import type { TokenSummary } from '../store/access.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine, printTable, showTime } from './output.ts';
import { withStore } from './store.ts';

interface CreateOptions extends OutputOptions {
  tenant: string;
  scopes: Scope[];
  expires?: number;
}

const DURATION = /^(\d{1,5})([mhd])$/;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export function addTokenCommands(token: Command): void {
  token
    .command('create <name>')
    .description('make a token and print it, for the only time')
    .option('--tenant <name>', 'whose it is', 'default')
    .option('--scopes <list>', `what it may do, with commas between: ${SCOPES.join(', ')}`, readScopes, [...SCOPES])
    .option('--expires <when>', 'a duration (90d, 12h, 30m) or an ISO 8601 time; never, if left out', readExpiry)
    .option(...JSON_OPTION)
    .action(async (name: string, { tenant, scopes, expires, json }: CreateOptions) => {
      const made = await withStore(async (store) =>
        createToken(store, { tenant: await findTenant(store, tenant), name, scopes, expiresAt: expires }, Date.now()),
      );
      const shown = made.token.reveal();
      if (json) printJson({ tokenId: made.tokenId, tenant, name, scopes, expiresAt: expires ?? null, token: shown });
      else printLine(shown);
    });

  token
    .command('list')
    .description('all tokens, without their secrets')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const tokens = await withStore((store) => store.listTokens());
      if (options.json) return printJson(tokens);
      printTable(
        ['Id', 'Tenant', 'Name', 'Begins with', 'Scopes', 'State', 'Expires', 'Last used'],
        tokens.map((one) => [
          String(one.tokenId),
          one.tenantName,
          one.name,
          one.hint,
          one.scopes.join(','),
          stateOf(one),
          showTime(one.expiresAt),
          showTime(one.lastUsedAt),
        ]),
      );
    });

  token
    .command('revoke')
    .argument('<id>', 'the number that "parley token list" shows', readTokenId)
    .description('end a token on every running server within a second')
    .option(...JSON_OPTION)
    .action(async (tokenId: TokenId, options: OutputOptions) => {
      if (!(await withStore((store) => revokeToken(store, tokenId, Date.now()))))
        throw new OperatorError(`There is no token ${tokenId}. See: parley token list`);
      if (options.json) printJson({ tokenId, revoked: true });
      else printLine(`Token ${tokenId} is revoked.`);
    });
}

function stateOf({ revokedAt, expiresAt }: TokenSummary): string {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt <= Date.now() ? 'expired' : 'live';
}

function readScopes(list: string): Scope[] {
  return list.split(',').map((name) => {
    const scope = SCOPES.find((known) => known === name.trim());
    if (scope === undefined) throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}.`);
    return scope;
  });
}

function readExpiry(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (unit !== undefined) return Date.now() + Number(count) * (UNIT_MS[unit] as number);
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Give a duration such as 90d, 12h or 30m, or a time such as 2030-01-31T00:00:00Z.');
  return at;
}

function readTokenId(text: string): TokenId {
  const tokenId = readPositiveId<TokenId>(text);
  if (tokenId === undefined) throw new InvalidArgumentError('Give the number that "parley token list" shows.');
  return tokenId;
}
