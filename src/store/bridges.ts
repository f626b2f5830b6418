import type { DialectName } from '../domain/bridge.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { Sealed } from '../vault/vault.ts';
import type { Answered, Keyed } from './idempotency.ts';

/** Which bridges may ask, and which numbers are dialled. */
export interface BridgeStore {
  createBridge(bridge: NewBridge): Promise<MadeBridge>;
  /** Undefined, and nothing is written, where it is not as it was read any more. */
  updateBridge(update: BridgeUpdate): Promise<BridgeRecord | undefined>;
  rotateBridgeCredential(rotation: BridgeRotation): Promise<RotatedBridge>;
  revokeBridge(revocation: BridgeRevocation): Promise<boolean>;
  /** Of one that is revoked. */
  forgetSecrets(bridgeId: number): Promise<void>;
  /** Of one dialect, that are live or have secrets still. */
  listBridgesOf(dialect: DialectName): Promise<BridgeRecord[]>;
  /** This tenant's, or all. */
  listBridges(tenantId?: TenantId): Promise<BridgeSummary[]>;
  findBridge(tokenHash: Uint8Array): Promise<BridgeRecord | undefined>;
  findBridgeById(bridgeId: number): Promise<BridgeRecord | undefined>;
  addAccessNumber(number: NewAccessNumber): Promise<'added' | 'unchanged' | 'taken'>;
  removeAccessNumber(removal: { number: string; at: number; origin: Origin }): Promise<boolean>;
  listAccessNumbers(): Promise<AccessNumber[]>;
}

export interface NewBridge {
  tenantId: TenantId | undefined;
  name: string;
  dialect: DialectName;
  tokenHash: Uint8Array;
  hint: string;
  secretsSealed: Sealed | undefined;
  settings: Readonly<Record<string, string>>;
  /** For the audit: names, never values. */
  secretNames: readonly string[];
  /** Whose key it is, where a caller asks. */
  keyed: Keyed | undefined;
  at: number;
  origin: Origin;
}

export type MadeBridge = { kind: 'made'; bridgeId: number } | { kind: 'taken' } | Answered;

export interface BridgeUpdate {
  /** As it was read. */
  bridge: BridgeRecord;
  settings: Readonly<Record<string, string>>;
  secretsSealed: Sealed | undefined;
  /** For the audit: names, never values. */
  changed: { settings: readonly string[]; secrets: readonly string[] };
  at: number;
  origin: Origin;
}

export type RotatedBridge = { kind: 'rotated' } | { kind: 'not-found' } | Answered;

export interface BridgeRotation {
  bridgeId: number;
  keyed: Keyed | undefined;
  tokenHash: Uint8Array;
  hint: string;
  at: number;
  origin: Origin;
}

export interface BridgeSummary {
  bridgeId: number;
  name: string;
  dialect: string;
  /** Undefined where all tenants share it, as its name is. */
  tenantId: TenantId | undefined;
  secretsSealed: Sealed | undefined;
  tenantName: string | undefined;
  hint: string;
  settings: Readonly<Record<string, string>>;
  createdAt: number;
  revokedAt: number | undefined;
}

export interface BridgeRecord {
  bridgeId: number;
  name: string;
  dialect: string;
  tokenHash: Uint8Array;
  tenantId: TenantId | undefined;
  operatorTenantId: TenantId;
  secretsSealed: Sealed | undefined;
  settings: Readonly<Record<string, string>>;
  revokedAt: number | undefined;
  reportsJoins: boolean;
}

export interface BridgeRevocation {
  bridgeId: number;
  /** They are needed to take back what the bridge has, and forgotten after that. */
  keepsSecrets: boolean;
  at: number;
  origin: Origin;
}

export interface AccessNumber {
  number: string;
  /** Undefined where all tenants share it, as its name is. */
  tenantId: TenantId | undefined;
  tenantName: string | undefined;
  createdAt: number;
}

export interface NewAccessNumber {
  number: string;
  tenantId: TenantId | undefined;
  at: number;
  origin: Origin;
}
