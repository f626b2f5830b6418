import type { AdmissionDesk } from '../../admission/desk.ts';
import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientStatus } from '../../domain/client.ts';
import { fieldsInvalid } from '../../domain/errors.ts';
import type { ClientId, CompanyId, TenantId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import { describeNumber, readCallingParty } from '../../domain/phone-number.ts';
import { gramsOfQueried, MOST_SEARCH_WORDS, readSearch, scoreOf, type SearchQuery, type Stage } from '../../domain/search-words.ts';
import { Secret } from '../../domain/secret.ts';
import type { ClientRecord } from '../../store/records.ts';
import type { SearchKeeper } from './keep-search.ts';

export interface ClientSearch {
  q: string;
  limit: number;
  status?: ClientStatus | undefined;
  companyId?: CompanyId | undefined;
}

export type SearchParts = Pick<AdmissionDesk, 'store' | 'vault' | 'legs' | 'defaultRegion' | 'now'> & { search: SearchKeeper };

/** Of each stage, what is looked at more closely: enough that the best of many are among them, and few enough to be quick. */
const LOOKED_AT = 60;
/** Of each word of a query. */
const GRAMS_OF_ONE = 3;
const GRAMS_OF_SEVERAL = 2;
const SHORT_WORD = 4;
const PASS_CODE = /^[1-9]\d{9}$/;
const NUMBER = /^[1-9]\d{0,15}$/;
/** Digits that may be a telephone number, or an address at which a SIP caller is. */
const CALLER = /^\+?[\d\s().\-/]{7,}$|^(?:sips?|tel):|@/i;
const ENDED: ReadonlySet<ClientStatus> = new Set(['terminated', 'erased']);

/**
 * Clients by whatever somebody knows of them, the best match first: an id, a hub, a whole pass code, the number of a caller who was in their conference, or words
 * of name, address, company and hub. Changes nothing; that a pass code was looked up is in the audit before the answer leaves.
 */
export async function searchClients(parts: SearchParts, caller: Caller, search: ClientSearch): Promise<ClientRecord[]> {
  requireScope(caller, 'read');
  const query = readSearch(search.q);
  if (query === undefined)
    throw fieldsInvalid([{ field: 'q', code: 'FIELD_INVALID', message: `must have at most ${MOST_SEARCH_WORDS} words` }]);
  const { tenantId } = caller.tenant;
  await parts.search.catchUp(tenantId);
  const known = await findKnown(parts, caller, search);
  const byWords = query.length === 0 ? [] : await findByWords(parts, tenantId, query, search);
  const ids = [...new Set([...known, ...byWords])];
  return inOrder(parts, tenantId, ids, search);
}

/** By what is somebody's alone, or nearly so. */
async function findKnown(parts: SearchParts, caller: Caller, { q, limit }: ClientSearch): Promise<ClientId[]> {
  const { store } = parts;
  const { tenantId } = caller.tenant;
  const digits = q.replace(/[\s.-]/g, '');
  const found: ClientId[] = [];
  if (PASS_CODE.test(digits)) found.push(...(await findByPassCode(parts, caller, digits)));
  if (NUMBER.test(digits)) found.push(...(await findByIds(parts, tenantId, Number(digits), limit)));
  const host = /^(?:https?:\/\/)?([a-z0-9.-]+\.[a-z0-9-]+)(?::\d+)?\/?$/i.exec(q)?.[1];
  const company = host && (await store.findCompanyRecord(tenantId, { hubUrl: host.toLowerCase() }));
  if (company) found.push(...(await clientsOf(parts, tenantId, company.companyId, limit)));
  if (CALLER.test(q)) found.push(...(await findByCaller(parts, tenantId, q, limit)));
  return found;
}

async function findByPassCode({ store, vault, now }: SearchParts, caller: Caller, digits: string): Promise<ClientId[]> {
  const { tenantId } = caller.tenant;
  const clientId = await store.search.findByPassCode({ tenantId, codeIndex: vault.indexPassCode(new Secret(digits)) });
  const record = clientId && (await store.findClientRecord(tenantId, { clientId }));
  if (!record) return [];
  const { externalId, company } = record;
  await store.search.recordLookUp({
    tenantId,
    clientId: record.clientId,
    companyId: company.companyId,
    externalId,
    by: 'pass-code',
    at: now(),
    origin: originOf(caller),
  });
  return [record.clientId];
}

/** Ours or the caller's, of a client or of a company. */
async function findByIds(parts: SearchParts, tenantId: TenantId, id: number, limit: number): Promise<ClientId[]> {
  const { store } = parts;
  const found: ClientId[] = [];
  for (const key of [{ clientId: id as ClientId }, { externalId: id as never }]) {
    const record = await store.findClientRecord(tenantId, key);
    if (record !== undefined) found.push(record.clientId);
  }
  for (const key of [{ companyId: id as CompanyId }, { externalId: id as never }]) {
    const record = await store.findCompanyRecord(tenantId, key);
    if (record !== undefined) found.push(...(await clientsOf(parts, tenantId, record.companyId, limit)));
  }
  return found;
}

async function clientsOf({ store }: SearchParts, tenantId: TenantId, companyId: CompanyId, limit: number): Promise<ClientId[]> {
  return (await store.listClients({ tenantId, companyId, limit })).map(({ clientId }) => clientId);
}

/** A national number is one of the server's region, or of a country in which numbers are in service. */
async function findByCaller(
  { store, vault, legs, defaultRegion }: SearchParts,
  tenantId: TenantId,
  q: string,
  limit: number,
): Promise<ClientId[]> {
  await legs.flush();
  const numbers = await store.admission.listAccessNumbers();
  const regions = new Set([defaultRegion, ...numbers.slice(0, 50).map(({ number }) => describeNumber(number).country)]);
  const identities = new Set([...regions].map((region) => readCallingParty(q, region).identity));
  const found: ClientId[] = [];
  for (const identity of identities) {
    if (identity === undefined) continue;
    found.push(...(await store.search.findByCaller({ tenantId, callerDigest: vault.indexSubject('caller', identity), limit })));
  }
  return found;
}

async function findByWords(
  { store }: SearchParts,
  tenantId: TenantId,
  query: SearchQuery,
  { status, companyId, limit }: ClientSearch,
): Promise<ClientId[]> {
  const scores = new Map<ClientId, number>();
  const isOne = query.length === 1 && query.flat().every((words) => words.length === 1);
  const most = isOne ? GRAMS_OF_ONE : GRAMS_OF_SEVERAL;
  /** Returns whether that was all there is. */
  const look = async (stage: Stage, asked: SearchQuery = query): Promise<boolean> => {
    const grams = asked.map((alternatives) => alternatives.map((words) => words.flatMap((word) => gramsOfQueried(word, stage, most))));
    const atMost = Math.max(LOOKED_AT, 2 * limit);
    const texts = await store.search.findTexts({ tenantId, words: asked, grams, status, companyId, limit: atMost });
    for (const { clientId, text, status: is } of texts) {
      const score = scoreOf(query, text);
      if (score !== undefined) scores.set(clientId, score - (ENDED.has(is) ? 0.5 : 0));
    }
    return texts.length < atMost;
  };
  await look('whole');
  // Who has written several words and finds them all has found whom he looks for.
  if (scores.size >= limit || (query.length > 1 && scores.size > 0)) return inOrderOf(scores);
  // A few letters are in the midst of too many words: what begins with them comes first.
  if (query.flat(2).every((word) => word.length <= SHORT_WORD)) {
    await look('beginning');
    if (scores.size < limit) await look('anywhere');
    return inOrderOf(scores);
  }
  // "ann.lee" is two words; that it is one on record is looked for where it is nobody's as two.
  const apart = query.map(onlyLongest);
  const isAll = await look('anywhere', apart);
  if (scores.size === 0 && query.flat().length > apart.flat().length) await look('anywhere');
  // What begins with the words is among what has them anywhere, unless there is too much of that to look at.
  if (!isAll && scores.size < limit) await look('beginning');
  return inOrderOf(scores);
}

/** Of alternatives those with the most words. */
function onlyLongest(alternatives: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const most = Math.max(...alternatives.map(({ length }) => length));
  return alternatives.filter(({ length }) => length === most);
}

function inOrderOf(scores: ReadonlyMap<ClientId, number>): ClientId[] {
  return [...scores].toSorted(([a, one], [b, other]) => other - one || b - a).map(([clientId]) => clientId);
}

async function inOrder(
  { store }: SearchParts,
  tenantId: TenantId,
  ids: readonly ClientId[],
  { status, companyId, limit }: ClientSearch,
): Promise<ClientRecord[]> {
  if (ids.length === 0) return [];
  const records = await store.listClients({ tenantId, clientIds: ids.slice(0, 4 * limit), status, companyId, limit: ids.length });
  const places = new Map(ids.map((clientId, place) => [clientId, place]));
  return records.toSorted((one, other) => (places.get(one.clientId) ?? 0) - (places.get(other.clientId) ?? 0)).slice(0, limit);
}
