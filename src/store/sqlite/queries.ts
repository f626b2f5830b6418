/** Everything a provision's answer and its decision need of a client, in one look-up. */
export const CLIENT_BY_EXTERNAL_ID = `
  select c.client_id, c.company_id, c.status, c.first, c.last, c.email, c.address, c.city, c.state, c.country, c.postal_code,
    c.source_version, c.password_sealed, c.password_digest, c.password_set_at, o.external_id as company_external_id,
    h.hub_id, h.hub_url, r.moderator_pass_code_sealed, r.participant_pass_code_sealed
  from clients c
  join companies o on o.company_id = c.company_id
  join hubs h on h.company_id = c.company_id
  join reservations r on r.client_id = c.client_id
  where c.tenant_id = ? and c.external_id = ?`;

export const COMPANY_BY_EXTERNAL_ID = `
  select company_id, enterprise_id, name, is_global_meet_enabled, is_web_conf_enabled
  from companies where tenant_id = ? and external_id = ?`;

/** As a resource: nothing that is sealed. */
export const CLIENT_RECORD = `
  select c.client_id, c.external_id, c.status, c.first, c.last, c.email, c.address, c.city, c.state, c.country, c.postal_code, c.source_version,
    c.terminate_at, c.created_at, c.updated_at, o.company_id, o.external_id as company_external_id, o.enterprise_id, o.name as company_name, h.hub_id, h.hub_url
  from clients c
  join companies o on o.company_id = c.company_id
  join hubs h on h.company_id = c.company_id`;

export const COMPANY_RECORD = `
  select o.company_id, o.external_id, o.enterprise_id, o.name, o.is_global_meet_enabled, o.is_web_conf_enabled, o.created_at, o.updated_at,
    h.hub_id, h.hub_url
  from companies o join hubs h on h.company_id = o.company_id`;
