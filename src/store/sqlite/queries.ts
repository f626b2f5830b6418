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
