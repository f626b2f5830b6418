import { randomBytes } from 'node:crypto';
import { slugOf } from '../../src/domain/hub.ts';
import { drawPassCode } from '../../src/domain/pass-code.ts';
import { generatePassword } from '../../src/domain/password.ts';
import { clientDetailsOf, companyDetailsOf } from '../../src/domain/provisioning.ts';
import { sealedPlaces, sealSecrets } from '../../src/platform/directory/secrets.ts';
import { readProvisioned } from '../../src/store/postgres/found.ts';
import { Plan } from '../../src/store/postgres/plan.ts';
import type { ProvisionCommand } from '../../src/store/store.ts';
import { KEY_BYTES, type SealedPassCode, Vault } from '../../src/vault/vault.ts';
import { type Looped, type Loops, runLoops } from '../load/loops.ts';
import { makeProvision } from '../load/provision.ts';
import { openRawPool } from '../raw-pool.ts';
import { readOptions, serveParent } from './parent.ts';

export interface RawPgOptions {
  databaseUrl: string;
}

interface Found {
  found: unknown;
}
interface Applied {
  applied: { kind: string };
}

const LOCK_TIMEOUT_MS = 2_000;
/** Each loop has its own clients, and whole companies: none waits for another's lock, none finds what it has read changed. */
const LOOP_RANGE = 1_000_000;

/**
 * The yardstick of provision on PostgreSQL: for each one the store's two statements through a plain pool, a read and a group of one, which is
 * a commit of its own. No HTTP, no answer, and nothing is sealed: the sealed values have the right length, and only the pass codes' indexes are new.
 */
const { pool, tenantId } = await openRawPool(readOptions<RawPgOptions>().databaseUrl);
const sealed = sealOnce();
const begun: number[] = [];

serveParent(
  {},
  (loops: Loops): Promise<Looped> =>
    runLoops(loops, (loop) => {
      begun[loop] = (begun[loop] ?? 0) + 1;
      return provision(LOOP_RANGE * (loop + 1) + begun[loop]);
    }),
  () => pool.end(),
);

async function provision(externalId: number): Promise<void> {
  const command = makeCommand(externalId);
  const read = await pool.query<Found>('select find_provisioned($1, $2, $3) as found', [
    tenantId,
    externalId,
    command.wanted.companyExternalId,
  ]);
  const write = { kind: 'provision', command, found: readProvisioned(read.rows[0]?.found, 1) } as const;
  const { item } = new Plan([write]).add(write);
  const written = await pool.query<Applied>('select apply_group($1::jsonb, $2) as applied', [JSON.stringify([item]), LOCK_TIMEOUT_MS]);
  const kind = written.rows[0]?.applied.kind;
  if (kind !== 'done') throw new Error(`expected a provision to be done, and it was ${kind}`);
}

function makeCommand(externalId: number): ProvisionCommand {
  const { company, client, contact, terms } = makeProvision(externalId);
  return {
    tenantId,
    at: Date.now(),
    origin: { actor: 'token:1', requestId: 'bench' },
    clientExternalId: externalId,
    wanted: {
      companyExternalId: company.externalId,
      enterpriseId: company.enterpriseId,
      companyDetails: companyDetailsOf(company),
      clientDetails: clientDetailsOf(client, contact),
      givenPasswordDigest: undefined,
      terms,
      onDifference: 'update',
    },
    password: sealed.password,
    moderatorPassCode: drawIndex(sealed.moderatorPassCode),
    participantPassCode: drawIndex(sealed.participantPassCode),
    hub: { slug: slugOf(company.name), baseDomain: 'parley.localhost' },
  };
}

function drawIndex(passCode: SealedPassCode): SealedPassCode {
  return { ...passCode, index: randomBytes(passCode.index.length) };
}

function sealOnce(): ReturnType<typeof sealSecrets> {
  const vault = new Vault(randomBytes(KEY_BYTES), randomBytes(KEY_BYTES));
  const secrets = { password: generatePassword(), moderatorPassCode: drawPassCode(), participantPassCode: drawPassCode() };
  return sealSecrets(vault, secrets, sealedPlaces(tenantId, makeProvision(1).client.externalId));
}
