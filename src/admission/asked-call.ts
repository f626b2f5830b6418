import type { Call } from '../domain/admission.ts';
import { type Bridge, sourceOf } from '../domain/bridge.ts';
import type { CountryCode } from '../domain/country.ts';
import { type GuessingLimits, type Paying, perHourOf, type SourceKind } from '../domain/guessing.ts';
import type { TenantId } from '../domain/ids.ts';
import { type PhoneNumber, readCallingParty, readPhoneNumber } from '../domain/phone-number.ts';
import { Secret } from '../domain/secret.ts';
import type { AdmissionFound, AdmissionQuery, Charge } from '../store/admission.ts';
import type { Vault } from '../vault/vault.ts';

/** A call as it is looked for: nothing of it in the clear but what was dialled and how the bridge calls it. */
export interface AskedCall {
  number: PhoneNumber | undefined;
  /** Undefined for a caller who withholds the number or has none. */
  caller: PhoneNumber | undefined;
  query: AdmissionQuery;
}

const MOST_REMEMBERED = 10_000;
/** Of numbers, bridges and the whole there are few, each is asked for in every call, and callers come back. */
const remembered = new WeakMap<Vault, Map<string, Uint8Array>>();

/** A national number is one of the country in which the call arrives: that of the number dialled, else of the bridge, else of the server. */
export function readCall(
  vault: Vault,
  bridge: Bridge,
  call: Call,
  { digits, defaultRegion }: { digits: string | undefined; defaultRegion: CountryCode | undefined },
): AskedCall {
  const region = bridge.settings.region ?? defaultRegion;
  const number = readPhoneNumber(call.accessNumber, region);
  const { number: caller, identity } = readCallingParty(call.caller, number?.country ?? region);
  const source = sourceOf(bridge);
  const codeIndex = vault.indexPassCode(new Secret(digits ?? ''));
  const callerDigest = identity === undefined ? undefined : digestOf(vault, 'caller', identity);
  return {
    number,
    caller,
    query: {
      codeIndex,
      accessNumber: number?.e164,
      callKey: `${source}|${call.callId}`,
      pair: callerDigest && vault.indexSubject('pair', `${latin1(callerDigest)}|${latin1(codeIndex)}`),
      buckets: {
        caller: callerDigest,
        number: number && digestOf(vault, 'bucket', `number|${number.e164}`),
        bridge: digestOf(vault, 'bucket', `bridge|${source}`),
        global: digestOf(vault, 'bucket', 'global'),
        share: number && digestOf(vault, 'bucket', `share|${number.e164}`),
        second: digestOf(vault, 'bucket', 'second'),
      },
    },
  };
}

const KINDS: Readonly<Record<Paying, readonly SourceKind[]>> = {
  budget: ['caller', 'number', 'bridge', 'global'],
  share: ['caller', 'share'],
  second: ['caller', 'second'],
};

/** What a miss that was looked up is charged to. */
export function chargesOf(
  limits: GuessingLimits,
  bridge: Bridge,
  { number, query }: AskedCall,
  found: AdmissionFound,
  pays: Paying,
): Charge[] {
  const ofBridge = bridge.tenantId ?? bridge.operatorTenantId;
  const told: Readonly<Record<SourceKind, TenantId | undefined>> = {
    caller: undefined,
    number: found.dialled.known?.tenantId ?? ofBridge,
    bridge: ofBridge,
    global: bridge.operatorTenantId,
    share: found.dialled.known?.tenantId ?? ofBridge,
    second: bridge.operatorTenantId,
  };
  return KINDS[pays].flatMap((kind): Charge[] => {
    const bucket = query.buckets[kind];
    const tenantId = told[kind];
    const data = { source: kind, bridgeId: bridge.bridgeId ?? null, accessNumber: number?.e164 ?? null };
    return bucket === undefined
      ? []
      : [{ kind, bucket, perHour: perHourOf(limits, kind, found.dialled.numbers), alarm: tenantId && { tenantId, data } }];
  });
}

function digestOf(vault: Vault, kind: 'caller' | 'bucket', subject: string): Uint8Array {
  const known = remembered.get(vault) ?? new Map<string, Uint8Array>();
  remembered.set(vault, known);
  const key = `${kind}|${subject}`;
  const digest = known.get(key) ?? vault.indexSubject(kind, subject);
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, digest);
  return digest;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
