import type { Bridge } from '../domain/bridge.ts';
import { engineUnavailable } from '../domain/errors.ts';
import { isObject } from '../domain/json-gate.ts';
import type { Role } from '../domain/pass-code.ts';
import { Secret } from '../domain/secret.ts';
import type { EngineHttp } from './engine-http.ts';
import { callLiveKit } from './livekit-api.ts';

/** What LiveKit SIP lets a caller in by: who keys the code is in the room. https://docs.livekit.io/reference/telephony/sip-api */
export interface DispatchRule {
  room: string;
  code: Secret;
  role: Role;
  trunkIds: readonly string[];
  maxParticipants: number | undefined;
  /** Whose it is, for whoever looks at it there. */
  name: string;
}

export interface KnownRule extends Omit<DispatchRule, 'role'> {
  ruleId: string;
  role: string;
}

const PAGE = 100;
const GRANTS = { sip: { admin: true } };

/** Every rule that sends callers with a code into one room, whoever made it. */
export async function listDispatchRules(engines: EngineHttp, bridge: Bridge, now: number): Promise<KnownRule[]> {
  const found = new Map<string, KnownRule | undefined>();
  for (let afterId = ''; ;) {
    const body = { page: { after_id: afterId, limit: PAGE } };
    const items = readItems(await callSip(engines, bridge, now, 'ListSIPDispatchRule', body));
    const before = found.size;
    for (const item of items) found.set(textOf(item, 'sip_dispatch_rule_id'), readRule(item));
    afterId = textOf(items.at(-1), 'sip_dispatch_rule_id');
    // A server that knows no pages answers with all of them each time.
    if (items.length < PAGE || found.size === before) return [...found.values()].filter((rule) => rule !== undefined);
  }
}

export async function createDispatchRule(engines: EngineHttp, bridge: Bridge, rule: DispatchRule, now: number): Promise<string> {
  const { room, code, role, trunkIds, maxParticipants, name } = rule;
  const dispatchRule = {
    rule: { dispatchRuleDirect: { roomName: room, pin: code.reveal() } },
    trunkIds,
    name,
    attributes: { role },
    // Others in the room are not shown the number.
    hidePhoneNumber: true,
    ...(maxParticipants === undefined ? {} : { roomConfig: { maxParticipants } }),
  };
  const answer = await callSip(engines, bridge, now, 'CreateSIPDispatchRule', { dispatchRule });
  const ruleId = textOf(answer, 'sip_dispatch_rule_id');
  if (ruleId === '') throw engineUnavailable('LiveKit answered what is no dispatch rule');
  return ruleId;
}

/** Gone, or it was. */
export async function deleteDispatchRule(engines: EngineHttp, bridge: Bridge, ruleId: string, now: number): Promise<void> {
  await callSip(engines, bridge, now, 'DeleteSIPDispatchRule', { sipDispatchRuleId: ruleId });
}

async function callSip(engines: EngineHttp, bridge: Bridge, now: number, method: string, body: object): Promise<unknown> {
  const answer = await callLiveKit(engines, bridge, { now, method: `SIP/${method}`, grants: GRANTS, body });
  if (answer === undefined) {
    if (method.startsWith('Delete')) return undefined;
    throw engineUnavailable('this LiveKit has no SIP service');
  }
  try {
    return JSON.parse(answer);
  } catch {
    throw engineUnavailable('LiveKit answered what is no JSON');
  }
}

function readItems(answer: unknown): unknown[] {
  const items = memberOf(answer, 'items') ?? [];
  if (!isObject(answer) || !Array.isArray(items)) throw engineUnavailable('LiveKit answered what is no list of dispatch rules');
  return items;
}

function readRule(item: unknown): KnownRule | undefined {
  const direct = memberOf(memberOf(item, 'rule'), 'dispatch_rule_direct');
  const code = textOf(direct, 'pin');
  if (code === '') return undefined;
  const trunkIds = memberOf(item, 'trunk_ids');
  const maxParticipants = Number(memberOf(memberOf(item, 'room_config'), 'max_participants') ?? 0);
  return {
    ruleId: textOf(item, 'sip_dispatch_rule_id'),
    room: textOf(direct, 'room_name'),
    code: new Secret(code),
    role: textOf(memberOf(item, 'attributes'), 'role'),
    trunkIds: Array.isArray(trunkIds) ? trunkIds.map(String) : [],
    maxParticipants: maxParticipants === 0 ? undefined : maxParticipants,
    name: textOf(item, 'name'),
  };
}

/** Servers write names with underscores, and may write them in camel case. */
function memberOf(of: unknown, name: string): unknown {
  if (!isObject(of)) return undefined;
  const members = of as Record<string, unknown>;
  return members[name] ?? members[name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
}

function textOf(of: unknown, name: string): string {
  const text = memberOf(of, name);
  return typeof text === 'string' ? text : '';
}
