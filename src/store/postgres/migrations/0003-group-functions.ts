/**
 * What a node's group of writes runs in the database: one call, one transaction, one round trip. The domain has decided already, from what
 * the node read; these functions only see whether that is still so (the revisions), and carry the decision out. No rule lives here.
 *
 * Every group takes its advisory locks first, in one order for all nodes, so that groups neither deadlock nor overtake each other. A row
 * that is locked nevertheless is held by something foreign: its write says "locked" and its neighbours go on.
 */
export const groupFunctions = `
create function find_provisioned(tenant integer, client_external bigint, company_external bigint) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'client', (
      select to_jsonb(known) from (
        select c.client_id, c.company_id, c.status, c.first, c.last, c.email, c.address, c.city, c.state, c.country, c.postal_code,
          c.source_version, c.password_sealed, c.password_digest, c.password_set_at, c.revision, o.external_id as company_external_id,
          h.hub_id, h.hub_url, r.moderator_pass_code_sealed, r.participant_pass_code_sealed
        from clients c
        join companies o on o.tenant_id = c.tenant_id and o.company_id = c.company_id
        join hubs h on h.tenant_id = c.tenant_id and h.company_id = c.company_id
        join reservations r on r.tenant_id = c.tenant_id and r.client_id = c.client_id
        where c.tenant_id = tenant and c.external_id = client_external) known),
    'company', (
      select to_jsonb(known) from (
        select enterprise_id, name, is_global_meet_enabled, is_web_conf_enabled, revision
        from companies where tenant_id = tenant and external_id = company_external) known));
end $$;

create function find_client(tenant integer, client bigint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select to_jsonb(known) from (
      select c.external_id, c.status, c.status_revision, h.hub_id, h.hub_url
      from clients c join hubs h on h.tenant_id = c.tenant_id and h.company_id = c.company_id
      where c.tenant_id = tenant and c.client_id = client) known);
end $$;

-- Each item: tenantId, at, actor, requestId, clientId, companyId, and its entries. Tenants in one order for all nodes.
create function append_journal(items jsonb[]) returns void
language plpgsql as $$
declare
  tenant integer;
  head journal_heads%rowtype;
  item jsonb;
  entry jsonb;
  client integer;
  company integer;
begin
  for tenant in select distinct (i ->> 'tenantId')::integer from unnest(items) as i order by 1 loop
    insert into journal_heads (tenant_id, seq, hash) values (tenant, 0, '') on conflict do nothing;
    select * into head from journal_heads where tenant_id = tenant for update;
    for item in select i from unnest(items) with ordinality as given (i, n) where (i ->> 'tenantId')::integer = tenant order by n loop
      for entry in select e from jsonb_array_elements(item -> 'entries') as e loop
        client := case when entry ->> 'subject' = 'client' then (item ->> 'clientId')::integer end;
        company := case when entry ->> 'subject' in ('client', 'company') then (item ->> 'companyId')::integer end;
        head.seq := head.seq + 1;
        -- chainHash in src/domain/journal.ts, which checks it.
        head.hash := sha256(head.hash || convert_to(concat_ws(E'\\n', head.seq, entry ->> 'type', item ->> 'at', item ->> 'actor',
          item ->> 'requestId', coalesce(client::text, ''), coalesce(company::text, ''), entry ->> 'data'), 'UTF8')
          || coalesce((entry ->> 'digest')::bytea, ''));
        insert into journal (tenant_id, seq, type, at, actor, request_id, client_id, company_id, data, details, salt, digest, hash)
        values (tenant, head.seq, entry ->> 'type', (item ->> 'at')::bigint, item ->> 'actor', item ->> 'requestId', client, company,
          entry ->> 'data', entry ->> 'details', (entry ->> 'salt')::bytea, (entry ->> 'digest')::bytea, head.hash);
      end loop;
    end loop;
    update journal_heads set seq = head.seq, hash = head.hash where tenant_id = tenant;
  end loop;
end $$;

create function apply_provision(w jsonb) returns jsonb
language plpgsql as $$
declare
  tenant constant integer := w ->> 'tenantId';
  at constant bigint := w ->> 'at';
  company companies%rowtype;
  client clients%rowtype;
  reservation integer;
  host text;
  hub integer;
begin
  select * into company from companies where tenant_id = tenant and external_id = (w ->> 'companyExternalId')::bigint;
  select * into client from clients where tenant_id = tenant and external_id = (w ->> 'clientExternalId')::bigint;
  if company.revision is distinct from (w ->> 'companyRevision')::bigint
    or client.revision is distinct from (w ->> 'clientRevision')::bigint then
    return jsonb_build_object('kind', 'stale');
  end if;
  if w ->> 'action' = 'check' then
    return jsonb_build_object('kind', 'done');
  end if;

  -- Every refusal comes before the first change: there is nothing to undo.
  if w ->> 'action' = 'create' and exists (
    select from pass_codes where code_index in ((w ->> 'moderatorIndex')::bytea, (w ->> 'participantIndex')::bytea)) then
    return jsonb_build_object('kind', 'pass-code-taken');
  end if;
  if company.company_id is not null then
    if (w ->> 'writesCompany')::boolean then
      perform from companies where tenant_id = tenant and company_id = company.company_id for no key update skip locked;
    else
      perform from companies where tenant_id = tenant and company_id = company.company_id for key share skip locked;
    end if;
    if not found then
      return jsonb_build_object('kind', 'locked');
    end if;
  end if;
  if client.client_id is not null then
    perform from clients where tenant_id = tenant and client_id = client.client_id for no key update skip locked;
    if not found then
      return jsonb_build_object('kind', 'locked');
    end if;
  end if;

  if company.company_id is null then
    insert into companies (tenant_id, external_id, enterprise_id, name, name_key, is_global_meet_enabled, is_web_conf_enabled, revision,
      created_at, updated_at)
    values (tenant, (w ->> 'companyExternalId')::bigint, (w ->> 'enterpriseId')::bigint, w ->> 'companyName',
      w ->> 'companyNameKey', (w ->> 'isGlobalMeetEnabled')::boolean, (w ->> 'isWebConfEnabled')::boolean, (w ->> 'nextCompanyRevision')::bigint, at, at)
    returning company_id into company.company_id;
    for host in select * from jsonb_array_elements_text(w -> 'hubHosts') loop
      insert into hubs (hub_url, tenant_id, company_id)
      values (replace(host, '{companyId}', company.company_id::text), tenant, company.company_id)
      on conflict (hub_url) do nothing returning hub_id into hub;
      exit when hub is not null;
    end loop;
    if hub is null then
      raise exception 'no free host name for the hub of company %', company.company_id;
    end if;
  elsif (w ->> 'writesCompany')::boolean then
    update companies set name = w ->> 'companyName', name_key = w ->> 'companyNameKey', is_global_meet_enabled = (w ->> 'isGlobalMeetEnabled')::boolean,
      is_web_conf_enabled = (w ->> 'isWebConfEnabled')::boolean, revision = (w ->> 'nextCompanyRevision')::bigint, updated_at = at
    where tenant_id = tenant and company_id = company.company_id;
  end if;

  if w ->> 'action' = 'create' then
    insert into clients (tenant_id, external_id, company_id, status, first, last, email, address, city, state, country, postal_code,
      email_key, name_key, source_version, password_sealed, password_digest, password_set_at, revision, created_at, updated_at)
    values (tenant, (w ->> 'clientExternalId')::bigint, company.company_id, 'active', w ->> 'first', w ->> 'last', w ->> 'email',
      w ->> 'address', w ->> 'city', w ->> 'state', w ->> 'country', w ->> 'postalCode', w ->> 'emailKey', w ->> 'nameKey',
      (w ->> 'sourceVersion')::bigint,
      (w ->> 'passwordSealed')::bytea, (w ->> 'passwordDigest')::bytea, at, (w ->> 'nextClientRevision')::bigint, at, at)
    returning client_id into client.client_id;
    insert into reservations (tenant_id, client_id, moderator_pass_code_sealed, participant_pass_code_sealed)
    values (tenant, client.client_id, (w ->> 'moderatorSealed')::bytea, (w ->> 'participantSealed')::bytea)
    returning reservation_id into reservation;
    insert into pass_codes (code_index, tenant_id, reservation_id, role)
    values ((w ->> 'moderatorIndex')::bytea, tenant, reservation, 'moderator'),
      ((w ->> 'participantIndex')::bytea, tenant, reservation, 'participant');
  else
    update clients set first = w ->> 'first', last = w ->> 'last', email = w ->> 'email', address = w ->> 'address', city = w ->> 'city',
      state = w ->> 'state', country = w ->> 'country', postal_code = w ->> 'postalCode',
      email_key = w ->> 'emailKey', name_key = w ->> 'nameKey', source_version = coalesce((w ->> 'sourceVersion')::bigint, source_version),
      password_sealed = case when (w ->> 'writesPassword')::boolean then (w ->> 'passwordSealed')::bytea else password_sealed end,
      password_digest = case when (w ->> 'writesPassword')::boolean then (w ->> 'passwordDigest')::bytea else password_digest end,
      password_set_at = case when (w ->> 'writesPassword')::boolean then at else password_set_at end,
      revision = (w ->> 'nextClientRevision')::bigint, updated_at = at
    where tenant_id = tenant and client_id = client.client_id;
  end if;
  return jsonb_build_object('kind', 'done', 'clientId', client.client_id, 'companyId', company.company_id);
end $$;

create function apply_status(w jsonb) returns jsonb
language plpgsql as $$
declare
  tenant constant integer := w ->> 'tenantId';
  client constant integer := w ->> 'clientId';
  recorded clients%rowtype;
begin
  select * into recorded from clients where tenant_id = tenant and client_id = client for no key update skip locked;
  if not found then
    return jsonb_build_object('kind', 'locked');
  end if;
  if recorded.status_revision <> (w ->> 'seenRevision')::bigint then
    return jsonb_build_object('kind', 'stale', 'found', find_client(tenant, client));
  end if;
  if recorded.status = w ->> 'status' then
    return jsonb_build_object('kind', 'done');
  end if;
  update clients set status = w ->> 'status', status_revision = (w ->> 'nextRevision')::bigint, updated_at = (w ->> 'at')::bigint where tenant_id = tenant and client_id = client;
  return jsonb_build_object('kind', 'done', 'clientId', client, 'companyId', recorded.company_id);
end $$;

create function apply_group(writes jsonb, lock_timeout_ms integer) returns setof jsonb
language plpgsql as $$
declare
  w jsonb;
  applied jsonb;
  journaled jsonb[] := '{}';
begin
  perform set_config('lock_timeout', lock_timeout_ms::text, true);
  -- What is acknowledged is on disk, whatever the role's or the database's default is.
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  perform pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(name, 0) as key
    from jsonb_array_elements(writes) as item, jsonb_array_elements_text(item -> 'locks') as name
    order by key) keys;
  for w in select item from jsonb_array_elements(writes) as item loop
    applied := case when w ->> 'op' = 'status' then apply_status(w) else apply_provision(w) end;
    -- Only what has written has ids.
    if applied ? 'clientId' then
      journaled := journaled || (jsonb_build_object('tenantId', w -> 'tenantId', 'at', w -> 'at', 'actor', w -> 'actor',
        'requestId', w -> 'requestId', 'entries', w -> 'entries') || applied);
    end if;
    if w ->> 'op' = 'status' then
      return next applied;
    else
      if applied ->> 'kind' in ('done', 'stale') then
        applied := applied || jsonb_build_object('found',
          find_provisioned((w ->> 'tenantId')::integer, (w ->> 'clientExternalId')::bigint, (w ->> 'companyExternalId')::bigint));
      end if;
      return next applied;
    end if;
  end loop;
  -- Last, because from here to the commit no other node can append for the same tenants.
  perform append_journal(journaled);
end $$;
`;
