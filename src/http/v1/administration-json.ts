import { Type } from 'typebox';
import { DIALECT_NAMES } from '../../domain/bridge.ts';
import { ON_DIFFERENCE, PASSWORD_DISCLOSURES, SCOPES } from '../../domain/caller.ts';
import type { AccessNumber } from '../../operations/bridges/administer-access-numbers.ts';
import type { ShownBridge } from '../../operations/bridges/administer-bridges.ts';
import type { TenantSummary, TokenSummary } from '../../store/access.ts';

const Time = Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });
const NullableTime = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time', description });
const Texts = (description: string, example: object) =>
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description,
    examples: [example],
  });

export const BridgeJson = Type.Object({
  bridgeId: Type.Integer({ examples: [3] }),
  name: Type.String({ examples: ['Asterisk in Montreal'] }),
  dialect: Type.Unsafe<string>({ type: 'string', enum: DIALECT_NAMES }),
  shared: Type.Boolean({ description: 'Whether it opens the conferences of all tenants.' }),
  settings: Texts('By name. What there is depends on the dialect.', { region: 'CA' }),
  secrets: Type.Array(Type.String(), { description: 'The names of those that are set; never what they are.' }),
  credentialHint: Type.String({ description: 'How its credential begins.', examples: ['parley_bridge_k3nb…'] }),
  createdAt: Time,
  revokedAt: NullableTime('Since when it opens nothing. Null: it is live.'),
});

export const CredentialJson = Type.String({
  description: 'What the bridge shows when it asks. Shown this once: keep it.',
  examples: ['parley_bridge_k3nbq2xw5v7mzd4hjt6yrpcfaeusgo2l5abcde'],
});

export function toBridge({ isShared, secretNames, hint, createdAt, revokedAt, ...bridge }: ShownBridge): object {
  const { bridgeId, name, dialect, settings } = bridge;
  return {
    bridgeId,
    name,
    dialect,
    shared: isShared,
    settings,
    secrets: secretNames,
    credentialHint: hint,
    createdAt: toTime(createdAt),
    revokedAt: toTime(revokedAt),
  };
}

export const AccessNumberJson = Type.Object({
  number: Type.String({ description: 'E.164.', examples: ['+15145550100'] }),
  shared: Type.Boolean({ description: 'Whether the codes of all tenants are taken there.' }),
  createdAt: Time,
});

export function toAccessNumber({ number, isShared, createdAt }: AccessNumber): object {
  return { number, shared: isShared, createdAt: toTime(createdAt) };
}

export const TokenJson = Type.Object({
  tokenId: Type.Integer({ examples: [7] }),
  name: Type.String({ examples: ['billing'] }),
  hint: Type.String({ description: 'How it begins.', examples: ['parley_q7dm…'] }),
  scopes: Type.Unsafe<string[]>({ type: 'array', items: { type: 'string', enum: SCOPES } }),
  createdAt: Time,
  expiresAt: NullableTime('Null: never.'),
  lastUsedAt: NullableTime('To within a few seconds. Null: never yet.'),
  revokedAt: NullableTime('Since when it opens nothing. Null: it was not revoked.'),
});

export const TokenSecretJson = Type.String({
  description: 'The token itself. Shown this once: keep it.',
  examples: ['parley_q7dmw3kz5x2nbvhj6ty4rpcfaeusgo7labcdef'],
});

export function toToken({ tokenId, name, hint, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }: TokenSummary): object {
  return {
    tokenId,
    name,
    hint,
    scopes,
    createdAt: toTime(createdAt),
    expiresAt: toTime(expiresAt),
    lastUsedAt: toTime(lastUsedAt),
    revokedAt: toTime(revokedAt),
  };
}

export const TenantJson = Type.Object({
  tenantId: Type.Integer({ examples: [2] }),
  name: Type.String({ examples: ['acme'] }),
  onDifference: Type.Unsafe<string>({
    type: 'string',
    enum: ON_DIFFERENCE,
    description: 'What a provision does with details that differ from the record.',
  }),
  passwordDisclosure: Type.Unsafe<string>({
    type: 'string',
    enum: PASSWORD_DISCLOSURES,
    description: 'How long answers repeat the password: always, for 24 hours (window), or only once (never).',
  }),
  sandbox: Type.Boolean({ description: 'For trying things out: its tokens begin with parley_test_, and faults happen on request.' }),
  clients: Type.Integer(),
  liveTokens: Type.Integer(),
  createdAt: Time,
});

export function toTenant({
  tenantId,
  name,
  onDifference,
  passwordDisclosure,
  isSandbox,
  clients,
  liveTokens,
  createdAt,
}: TenantSummary): object {
  return { tenantId, name, onDifference, passwordDisclosure, sandbox: isSandbox, clients, liveTokens, createdAt: toTime(createdAt) };
}

const toTime = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
