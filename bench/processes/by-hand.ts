import { randomInt, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import express, { type Request, type Response } from 'express';
import { readOptions, serveParent } from './parent.ts';

export interface ByHandOptions {
  path: string;
  token: string;
}

interface Body {
  company: { externalId: number; name: string };
  client: { externalId: number; first: string; last: string; email: string };
  contact: { country: string };
}

/** https://sqlite.org/rescode.html#constraint_unique */
const CONSTRAINT_UNIQUE = 2067;

/**
 * What anybody would write by hand: Express and node:sqlite, WAL and `synchronous=FULL`, one commit for each request that writes. It is right as long as one
 * process runs it and nobody looks too closely: no events, no audit, nothing sealed, no limits.
 */
const { path, token } = readOptions<ByHandOptions>();
const db = new DatabaseSync(path);
db.exec(`
  pragma journal_mode = wal; pragma synchronous = full;
  create table companies (id integer primary key, external_id integer not null unique, name text not null, hub text not null unique);
  create table clients (id integer primary key, external_id integer not null unique, company_id integer not null references companies,
    first text not null, last text not null, email text not null, country text not null, password text not null,
    moderator_code text not null unique, participant_code text not null unique, is_active integer not null default 1);`);
const findClient = db.prepare(`select c.*, o.hub from clients c join companies o on o.id = c.company_id where c.external_id = ?`);
const getClient = db.prepare(`select c.id, o.id as hub_id, o.hub from clients c join companies o on o.id = c.company_id where c.id = ?`);
const findCompany = db.prepare('select id, hub from companies where external_id = ?');
const insertCompany = db.prepare('insert into companies (external_id, name, hub) values (?, ?, ?)');
const insertClient = db.prepare(`
  insert into clients (external_id, company_id, first, last, email, country, password, moderator_code, participant_code)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json());
app.use((request, response, next) => {
  if (request.get('x-auth-token') === token) next();
  else response.status(401).json({ status: 'fail' });
});
app.post('/provisioning/client/provision', (request, response) => {
  // Among some ten thousand pairs two codes meet now and then.
  for (let draw = 1; ; draw++)
    try {
      return provision(request, response);
    } catch (error) {
      if (draw === 8 || (error as { errcode?: number }).errcode !== CONSTRAINT_UNIQUE) throw error;
    }
});
app.post('/client/get', (request, response) => {
  const row = getClient.get((request.body as { clientId: number }).clientId);
  if (row === undefined) return void response.status(404).json({ status: 'fail' });
  response.json({ clientId: row.id, hub: { hubId: row.hub_id, hubUrl: row.hub } });
});

const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  serveParent({ url: `http://127.0.0.1:${port}` }, cpuMsUsed, () => server.closeAllConnections());
});

function provision(request: Request, response: Response): void {
  const { company, client, contact } = request.body as Body;
  if (!company?.name || !client?.first || !client.last || !client.email.includes('@') || !contact?.country)
    return void response.status(422).json({ status: 'fail' });
  const known = findClient.get(client.externalId);
  if (known !== undefined) return void response.json(render(known));
  db.exec('begin immediate');
  try {
    let companyId = findCompany.get(company.externalId)?.id as number | bigint | undefined;
    companyId ??= insertCompany.run(company.externalId, company.name, `${company.externalId}.example.com`).lastInsertRowid;
    const codes = [drawCode(), drawCode()] as const;
    const { externalId, first, last, email } = client;
    insertClient.run(externalId, companyId, first, last, email, contact.country, randomUUID(), ...codes);
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
  response.json(render(findClient.get(client.externalId) as Record<string, unknown>));
}

function render(row: Record<string, unknown>): object {
  const passCodes = { moderatorPassCode: row.moderator_code, participantPassCode: row.participant_code };
  const hub = { hubId: row.company_id, hubUrl: row.hub };
  return { status: 'success', data: { companyId: row.company_id, clientId: row.id, password: row.password, passCodes, hub } };
}

function drawCode(): string {
  return String(randomInt(1_000_000_000, 10_000_000_000));
}

function cpuMsUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
