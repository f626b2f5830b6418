import type { EngineAnswer, EngineAsk, EngineAsks } from '../engines.ts';

export const pexipAsks: EngineAsks = (server, token, ask) => policy(server.url, token, 'service/configuration', ask);

/** The parameters of https://docs.pexip.com/admin/external_policy_requests.htm, as a Conferencing Node sends them. */
export async function policy(
  url: string,
  token: string,
  request: 'service/configuration' | 'participant/properties',
  { digits, caller }: Pick<EngineAsk, 'digits' | 'caller'>,
  more: Record<string, string> = {},
): Promise<EngineAnswer> {
  const query = new URLSearchParams({
    protocol: 'sip',
    node_ip: '10.47.2.43',
    registered: 'False',
    remote_address: '10.47.2.20',
    version_id: '36',
    bandwidth: '0',
    pseudo_version_id: '77683.0.0',
    vendor: 'TANDBERG/257 (TC4.2.1.265253)',
    local_alias: `sip:${digits}@meet.example.com`,
    remote_port: '63726',
    call_direction: 'dial_in',
    remote_alias: `sip:${caller}@carrier.example.net`,
    remote_display_name: 'Alice',
    trigger: 'invite',
    location: 'London',
    ...more,
  });
  const headers = { authorization: `Basic ${Buffer.from(`pexip:${token}`).toString('base64')}` };
  const answer = await fetch(`${url}/admission/pexip/policy/v1/${request}?${query}`, { headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
