import type { FastifyReply } from 'fastify';
import type { ProvisionedClient } from '../domain/client.ts';
import type { ClientSummary } from '../store/store.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const SUCCESS = '{"status":"success"}';

/** Exactly the contract's keys, in its order (C4). Anything more is a header. */
export function sendProvisioned(reply: FastifyReply, client: ProvisionedClient): FastifyReply {
  const { companyId, clientId, password, moderatorPassCode, participantPassCode, hub } = client;
  void reply.header('cache-control', 'no-store').header('x-provision-outcome', client.outcome).header('x-client-status', client.status);
  if (client.changed.length > 0) void reply.header('x-provision-changed', client.changed.join(','));
  if (client.sourceVersion !== undefined) void reply.header('x-source-version', String(client.sourceVersion));
  if (password === undefined) void reply.header('x-password-disclosed', 'false');
  const data = {
    companyId,
    clientId,
    password: password?.reveal() ?? '',
    passCodes: { moderatorPassCode: moderatorPassCode.reveal(), participantPassCode: participantPassCode.reveal() },
    hub: { hubId: hub.hubId, hubUrl: hub.hubUrl },
  };
  return sendJson(reply, JSON.stringify({ status: 'success', data }));
}

export function sendSuccess(reply: FastifyReply): FastifyReply {
  return sendJson(reply, SUCCESS);
}

/** C7: bare, no envelope. */
export function sendClient(reply: FastifyReply, { clientId, status, hub }: ClientSummary): FastifyReply {
  void reply.header('x-client-status', status);
  return sendJson(reply, JSON.stringify({ clientId, hub: { hubId: hub.hubId, hubUrl: hub.hubUrl } }));
}

export function sendSignOn(reply: FastifyReply, url: string): FastifyReply {
  void reply.header('cache-control', 'no-store');
  return sendJson(reply, JSON.stringify({ status: 'success', data: { url } }));
}

function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', JSON_TYPE).send(json);
}
