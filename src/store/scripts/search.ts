import type { ClientStatus } from '../../domain/client.ts';
import { type ClientId, FIRST_CLIENT_ID, type TenantId } from '../../domain/ids.ts';
import { entryOfLookUp } from '../../domain/journal.ts';
import { gramsOf, searchTextOf } from '../../domain/search-words.ts';
import type { Row } from '../rows.ts';
import type { BehindTenant, FoundText, LookUp, TextQuery } from '../search.ts';
import { append, type Dialect, idAt, insert, lock, query, sameTenant, type Script, update, type Value } from './script.ts';

/** What changes the words that a client is found by. */
const OF_CLIENTS = new Set(['client.provisioned', 'client.updated', 'client.erased']);
const OF_COMPANIES = 'company.updated';
const NO_SWEEP = { company_id: null, company_after: null };

interface Step {
  clientIds: readonly number[];
  progress: Record<string, Value>;
}

/**
 * One step of keeping the words that clients are found by: first through all clients by their ids, then after the journal. How far it is stands in the same
 * transaction as what was done, so that a crash loses nothing.
 */
export function* follow(
  dialect: Dialect,
  { tenantId, limit }: { tenantId: TenantId; limit: number },
): Script<{ isBehind: boolean; isBuilding: boolean }> {
  yield* lock(`search/${tenantId}`);
  const [head] = yield* query('select seq from journal_heads where tenant_id = $1', tenantId);
  const readTo = (head?.seq as number | undefined) ?? 0;
  const [known] = yield* query('select read_to, built_to, company_id, company_after from search_progress where tenant_id = $1', tenantId);
  if (known === undefined) yield* insert('search_progress', { tenant_id: tenantId, read_to: readTo, built_to: 0 });
  const progress = known ?? { read_to: readTo, built_to: 0, company_id: null, company_after: null };
  const step = yield* nextStep({ tenantId, limit }, progress);
  yield* writeTexts(dialect, tenantId, step.clientIds);
  const isMoved = Object.keys(step.progress).length > 0;
  if (isMoved) yield* update('search_progress', step.progress, 'tenant_id = $1', tenantId);
  const after: Row = { ...progress, ...step.progress };
  const isBuilding = after.built_to !== null;
  return { isBuilding, isBehind: isBuilding || after.company_id !== null || (after.read_to as number) < readTo };
}

function* nextStep({ tenantId, limit }: { tenantId: TenantId; limit: number }, progress: Row): Script<Step> {
  if (progress.built_to !== null) {
    const clientIds = yield* idsAfter('tenant_id = $1', [tenantId], progress.built_to as number, limit);
    return { clientIds, progress: { built_to: clientIds.length < limit ? null : (clientIds.at(-1) as number) } };
  }
  if (progress.company_id !== null) {
    const of = [tenantId, progress.company_id as number];
    const clientIds = yield* idsAfter('tenant_id = $1 and company_id = $2', of, progress.company_after as number, limit);
    return { clientIds, progress: clientIds.length < limit ? NO_SWEEP : { company_after: clientIds.at(-1) as number } };
  }
  const entries = yield* query(
    'select seq, type, client_id, company_id, data from journal where tenant_id = $1 and seq > $2 order by seq limit $3',
    tenantId,
    progress.read_to as number,
    limit,
  );
  const clientIds = new Set<number>();
  for (const { seq, type, client_id: clientId, company_id: companyId, data } of entries) {
    if (OF_CLIENTS.has(type as string)) clientIds.add(clientId as number);
    // All of its clients are found by its name.
    if (type === OF_COMPANIES && (data as string).includes('company.name'))
      return { clientIds: [...clientIds], progress: { read_to: seq as number, company_id: companyId as number, company_after: 0 } };
  }
  return { clientIds: [...clientIds], progress: entries.length === 0 ? {} : { read_to: entries.at(-1)?.seq as number } };
}

function* idsAfter(where: string, values: readonly Value[], after: number, limit: number): Script<number[]> {
  const [next, most] = [`$${values.length + 1}`, `$${values.length + 2}`];
  const rows = yield* query(
    `select client_id from clients where ${where} and client_id > ${next} order by client_id limit ${most}`,
    ...values,
    after,
    limit,
  );
  return rows.map((row) => row.client_id as number);
}

function* writeTexts(dialect: Dialect, tenantId: TenantId, clientIds: readonly number[]): Script<void> {
  if (clientIds.length === 0) return;
  const rows = yield* query(
    `select c.client_id, c.status, c.first, c.last, c.email, o.name, h.hub_url, d.text as known from clients c
     join companies o on o.company_id = c.company_id ${sameTenant(dialect, 'o', 'c')}
     join hubs h on h.company_id = c.company_id ${sameTenant(dialect, 'h', 'c')}
     left join search_texts d on d.client_id = c.client_id ${sameTenant(dialect, 'd', 'c')}
     where c.tenant_id = $1 and c.client_id in ${listAt(dialect, '$2')}`,
    tenantId,
    JSON.stringify(clientIds),
  );
  const texts = rows.flatMap((row) => {
    const clientId = row.client_id as number;
    const text = row.status === 'erased' ? undefined : textOf(row);
    const known = (row.known as string | null) ?? undefined;
    return text === known ? [] : [{ clientId, text, known }];
  });
  if (texts.length === 0) return;
  yield* dialect.name === 'sqlite' ? writeOnSqlite(tenantId, texts) : writeOnPostgres(tenantId, texts);
}

function textOf(row: Row): string {
  return searchTextOf({
    first: row.first as string,
    last: row.last as string,
    email: row.email as string,
    companyName: row.name as string,
    hubUrl: row.hub_url as string,
  });
}

interface Written {
  clientId: number;
  text: string | undefined;
  known: string | undefined;
}

/** FTS5 is told what was there before, so that it takes it out of its pages. */
function* writeOnSqlite(tenantId: TenantId, texts: readonly Written[]): Script<void> {
  for (const { clientId, text, known } of texts) {
    if (known !== undefined) {
      yield* query(
        `insert into search_grams (search_grams, rowid, grams) values ('delete', $1, $2)`,
        clientId,
        tokensOf(tenantId, gramsOf(known)).join(' '),
      );
      yield* query('delete from search_texts where client_id = $1', clientId);
    }
    if (text !== undefined) {
      yield* query('insert into search_texts (client_id, text) values ($1, $2)', clientId, text);
      yield* query('insert into search_grams (rowid, grams) values ($1, $2)', clientId, tokensOf(tenantId, gramsOf(text)).join(' '));
    }
  }
}

function* writeOnPostgres(tenantId: TenantId, texts: readonly Written[]): Script<void> {
  const gone = texts.filter(({ text }) => text === undefined).map(({ clientId }) => clientId);
  if (gone.length > 0)
    yield* query(
      `delete from search_texts where tenant_id = $1 and client_id in (select value::integer from jsonb_array_elements_text($2::jsonb))`,
      tenantId,
      JSON.stringify(gone),
    );
  const written = texts.flatMap(({ clientId, text }) =>
    text === undefined ? [] : [{ client_id: clientId, text, grams: tokensOf(tenantId, gramsOf(text)) }],
  );
  yield* query(
    `insert into search_texts (tenant_id, client_id, text, grams)
     select $1, d.client_id, d.text, array(select jsonb_array_elements_text(d.grams))
     from jsonb_to_recordset($2::jsonb) as d (client_id integer, text text, grams jsonb)
     on conflict (tenant_id, client_id) do update set text = excluded.text, grams = excluded.grams`,
    tenantId,
    JSON.stringify(written),
  );
}

/** In the transaction that erases the person. */
export function* eraseText(dialect: Dialect, { tenantId, clientId }: { tenantId: TenantId; clientId: number }): Script<void> {
  const of = dialect.name === 'sqlite' ? 'client_id = $1' : 'client_id = $1 and tenant_id = $2';
  const [known] = yield* query(`select text from search_texts where ${of}`, clientId, ...(dialect.name === 'sqlite' ? [] : [tenantId]));
  if (known === undefined) return;
  const gone = [{ clientId, text: undefined, known: known.text as string }];
  yield* dialect.name === 'sqlite' ? writeOnSqlite(tenantId, gone) : writeOnPostgres(tenantId, gone);
}

/** A tenant's own: who searches looks through no other tenant's. */
function tokensOf(tenantId: TenantId, grams: readonly string[]): string[] {
  return grams.map((gram) => `${tenantId}${gram}`);
}

function listAt({ name }: Dialect, place: string): string {
  return name === 'sqlite'
    ? `(select value from json_each(${place}))`
    : `(select value::integer from jsonb_array_elements_text(${place}::jsonb))`;
}

export function* findTexts(dialect: Dialect, { tenantId, words, grams, status, companyId, limit }: TextQuery): Script<FoundText[]> {
  const values: Value[] = [tenantId, limit];
  const put = (value: Value): string => `$${values.push(value)}`;
  const conditions = [
    ...(status === undefined ? [] : [`c.status = ${put(status)}`]),
    ...(companyId === undefined ? [] : [`c.company_id = ${idAt(put(companyId) as `$${number}`)}`]),
    dialect.name === 'sqlite'
      ? `search_matches(${put(JSON.stringify(words))}, d.text)`
      : words
          .map((alternatives) => anyOf(alternatives.map((chunk) => chunk.map((word) => `strpos(d.text, ${put(word)}) > 0`))))
          .join(' and '),
  ];
  const chunks = grams.map((alternatives) => alternatives.map((one) => tokensOf(tenantId, one)));
  const rows =
    dialect.name === 'sqlite'
      ? yield* query(
          `select c.client_id, d.text, c.status from search_grams
           join search_texts d on d.client_id = search_grams.rowid
           join clients c on c.client_id = search_grams.rowid
           where search_grams match ${put(matchOf(chunks))} and c.tenant_id = $1 and ${conditions.join(' and ')}
           order by search_grams.rowid desc limit $2`,
          ...values,
        )
      : yield* query(
          `select c.client_id, d.text, c.status from search_texts d
           join clients c on c.tenant_id = d.tenant_id and c.client_id = d.client_id
           where d.tenant_id = $1 and ${conditions.join(' and ')}
             and ${chunks.map((alternatives) => anyOf(alternatives.map((one) => [`d.grams @> ${put(arrayOf(one))}::text[]`]))).join(' and ')}
           limit $2`,
          ...values,
        );
  return rows.map((row) => ({ clientId: row.client_id as ClientId, text: row.text as string, status: row.status as ClientStatus }));
}

function anyOf(alternatives: readonly (readonly string[])[]): string {
  return `(${alternatives.map((conditions) => `(${conditions.join(' and ')})`).join(' or ')})`;
}

/** As a text: PostgreSQL plans by how often these are, which it does not know of what it has yet to compute. */
function arrayOf(grams: readonly string[]): string {
  return `{${grams.map((gram) => `"${gram.replace(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}

/** https://sqlite.org/fts5.html#full_text_query_syntax: quoted, so that nothing in a gram is syntax. */
function matchOf(chunks: readonly (readonly (readonly string[])[])[]): string {
  const all = (grams: readonly string[]): string => `(${grams.map((gram) => `"${gram}"`).join(' AND ')})`;
  return chunks.map((alternatives) => `(${alternatives.map(all).join(' OR ')})`).join(' AND ');
}

/** Tenants whose journal is longer than what was followed of it, or whose clients are being gone through. */
export function* findBehind(tenantId: TenantId | undefined): Script<BehindTenant[]> {
  const rows = yield* query(
    `select t.tenant_id, coalesce(h.seq, 0) - coalesce(p.read_to, 0) as entries, p.tenant_id as known, p.built_to,
       case when p.tenant_id is null or p.built_to is not null
         then (select max(client_id) from clients where clients.tenant_id = t.tenant_id) end as last_client
     from tenants t left join journal_heads h on h.tenant_id = t.tenant_id left join search_progress p on p.tenant_id = t.tenant_id
     where ($1 is null or t.tenant_id = $1)
       and (p.tenant_id is null or p.built_to is not null or p.company_id is not null or coalesce(h.seq, 0) > p.read_to)`.replaceAll(
      '$1',
      'cast($1 as integer)',
    ),
    tenantId ?? null,
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id as TenantId,
    entries: Number(row.entries) + countUnbuilt(row),
    isBuilding: row.known === null || row.built_to !== null,
  }));
}

/** Of a tenant whose clients are gone through for the first time: how many ids there are yet to come to. */
function countUnbuilt({ built_to: builtTo, last_client: last }: Row): number {
  return last === null ? 0 : (last as number) - Math.max(Number(builtTo ?? 0), FIRST_CLIENT_ID - 1);
}

export function* findByPassCode(
  dialect: Dialect,
  { tenantId, codeIndex }: { tenantId: TenantId; codeIndex: Uint8Array },
): Script<ClientId | undefined> {
  const [row] = yield* query(
    `select c.client_id from pass_codes p
     join reservations r on r.reservation_id = p.reservation_id ${sameTenant(dialect, 'r', 'p')}
     join clients c on c.client_id = r.client_id ${sameTenant(dialect, 'c', 'r')}
     where p.code_index = $2 and c.tenant_id = $1`,
    tenantId,
    codeIndex,
  );
  return row?.client_id as ClientId | undefined;
}

export function* findByCaller({
  tenantId,
  callerDigest,
  limit,
}: {
  tenantId: TenantId;
  callerDigest: Uint8Array;
  limit: number;
}): Script<ClientId[]> {
  const rows = yield* query(
    `select client_id, max(leg_id) as latest from legs where tenant_id = $1 and caller_digest = $2
     group by client_id order by latest desc limit $3`,
    tenantId,
    callerDigest,
    limit,
  );
  return rows.map((row) => row.client_id as ClientId);
}

export function* recordLookUp({ externalId, by, ...lookUp }: LookUp): Script<void> {
  yield* append(lookUp, [entryOfLookUp(externalId, by)]);
}
