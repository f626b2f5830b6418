import { type DeclaredDialect, type DeclaredValue, optional } from './declared-dialect.ts';
import { freeswitch } from './dialects/freeswitch.ts';
import { twiml } from './dialects/twiml.ts';
import { asterisk } from './dialects/asterisk.ts';
import { pexip } from './dialects/pexip.ts';
import { bigbluebutton } from './dialects/bigbluebutton.ts';
import { jitsi } from './dialects/jitsi.ts';
import { livekit } from './dialects/livekit.ts';
import type { FieldProblem } from './errors.ts';
import type { CompanyId, TenantId } from './ids.ts';
import { findRegionProblem } from './phone-number.ts';
import { Secret } from './secret.ts';

/** What each dialect needs to know of a bridge. How it speaks is in src/http/admission/dialects. */
export const DIALECTS = {
  json: { settings: {}, secrets: {}, takesTokens: true },
  twiml,
  freeswitch,
  asterisk,
  pexip,
  bigbluebutton,
  jitsi,
  livekit,
  janus: { settings: {}, secrets: {}, takesTokens: false },
} as const satisfies Record<string, DeclaredDialect>;

export type DialectName = keyof typeof DIALECTS;
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

/** Who asks: an authenticated bridge, or a token in its place. Made by authentication only. */
export interface Bridge {
  /** Undefined: a token asks. */
  bridgeId: number | undefined;
  tokenId: number | undefined;
  /** Of a company's hub on the web: it opens this company's codes alone. */
  hubOf?: CompanyId;
  name: string;
  dialect: DialectName;
  /** Undefined: of any tenant. */
  tenantId: TenantId | undefined;
  /** In whose journal it is told of what concerns no tenant alone: the operator's, which is the first. */
  operatorTenantId: TenantId;
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, Secret>>;
  /** It has told of somebody who joined: who is let in and never joins is not there. */
  reportsJoins: boolean;
}

/** It compares codes itself, so it is told them, and has to be told of each change: docs/bridges/livekit.md. */
export function isToldCodes({ settings }: Pick<Bridge, 'settings'>): boolean {
  return settings.sipTrunks !== undefined;
}

/** By which a bridge's calls and counts are known. */
export function sourceOf({ bridgeId, tokenId, hubOf }: Bridge): string {
  if (hubOf !== undefined) return `h${hubOf}`;
  return bridgeId === undefined ? `t${tokenId}` : `b${bridgeId}`;
}

/** What every bridge may have, whatever it speaks. */
const COMMON_SETTINGS: Readonly<Record<string, DeclaredValue>> = {
  region: optional('the country in which callers are who give a national number, such as CA', findRegionProblem),
};

/** What is wrong with a bridge's settings and secrets, by `settings.<name>` and `secrets.<name>`. */
export function findBridgeProblems(
  dialect: DialectName,
  given: { settings: Readonly<Record<string, string>>; secrets: Readonly<Record<string, Secret>> },
): FieldProblem[] {
  const declared: DeclaredDialect = DIALECTS[dialect];
  const secrets = reveal(given.secrets);
  const problems = [
    ...findProblems(
      { field: 'settings', of: `setting of the dialect ${dialect}` },
      { ...declared.settings, ...COMMON_SETTINGS },
      given.settings,
    ),
    ...findProblems({ field: 'secrets', of: `secret of the dialect ${dialect}` }, declared.secrets, secrets),
  ];
  const together = problems.length === 0 ? declared.findTogether?.({ settings: given.settings, secrets }) : undefined;
  return together === undefined ? problems : [problemOf('settings', `do not go together: ${together}`)];
}

/** The secrets, and those that are made where they are needed and were not given. */
export async function completeSecrets(
  dialect: DialectName,
  { settings, secrets }: { settings: Readonly<Record<string, string>>; secrets: Readonly<Record<string, Secret>> },
): Promise<Record<string, Secret>> {
  const declared: DeclaredDialect = DIALECTS[dialect];
  const made = await declared.complete?.({ settings, secrets: reveal(secrets) });
  const sealed = Object.entries(made ?? {}).map(([name, value]): [string, Secret] => [name, new Secret(value)]);
  return { ...secrets, ...Object.fromEntries(sealed) };
}

function reveal(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));
}

function findProblems(
  { field, of }: { field: string; of: string },
  declared: Readonly<Record<string, DeclaredValue>>,
  given: Readonly<Record<string, string>>,
): FieldProblem[] {
  const names = Object.keys(declared);
  const there = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  const missing = names.filter((name) => declared[name]?.isRequired && given[name] === undefined);
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const problem = declared[name]?.find(value);
    return problem === undefined ? [] : [problemOf(`${field}.${name}`, problem)];
  });
  return [
    ...unknown.map((name) => problemOf(`${field}.${name}`, `is no ${of}: ${there}`)),
    ...missing.map((name) => problemOf(`${field}.${name}`, `is missing, a ${of}: ${declared[name]?.description}`)),
    ...wrong,
  ];
}

function problemOf(field: string, message: string): FieldProblem {
  return { field, code: 'FIELD_INVALID', message: message.replace(/\.$/, '') };
}
