import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEACTIVATE, GET, type ProvisionAnswer, REACTIVATE } from './bodies.ts';
import type { Answer, Calls } from './server.ts';

/**
 * What the server must do, in the fewest words: a map from external ids to records. The commands below run against it and against a real
 * server, and every answer is compared.
 */
interface ModelClient {
  company: number;
  first: string;
  password: string;
  version: number | undefined;
  isActive: boolean;
  answer: ProvisionAnswer['data'];
}

export class Model {
  clients = new Map<number, ModelClient>();
  /** Company by external id: its enterprise and its name. */
  companies = new Map<number, { enterprise: number; name: string; companyId: number }>();
  codes = new Set<string>();
}

interface ProvisionInput {
  client: number;
  company: number;
  enterprise: number;
  first: string;
  name: string;
  password: string;
  version: number | undefined;
  isNew: boolean;
}

/** Where a command is sent, and from where on external ids are its run's own: two runs may share a server. */
export interface Real {
  pickServer: () => Calls;
  base: number;
}

class ProvisionCommand implements fc.AsyncCommand<Model, Real> {
  readonly input: ProvisionInput;
  constructor(input: ProvisionInput) {
    this.input = input;
  }

  check(): boolean {
    return true;
  }

  toString(): string {
    return `provision(${JSON.stringify(this.input)})`;
  }

  async run(model: Model, { pickServer, base }: Real): Promise<void> {
    const { client, company, enterprise, first, name, password, version, isNew } = this.input;
    const answer = await pickServer().provision(
      {
        company: { externalId: base + company, enterpriseId: enterprise, name },
        client: { externalId: base + client, first, password },
      },
      { 'X-Source-Version': version?.toString(), 'If-None-Match': isNew ? '*' : undefined },
    );
    const conflict = this.#conflict(model);
    if (conflict !== undefined) {
      assert.deepEqual([answer.status, answer.json.code], [409, conflict]);
      return;
    }
    assert.equal(answer.status, 200);
    const known = model.clients.get(client);
    if (known === undefined) this.#learn(model, answer.data);
    else this.#compare(model, known, answer);
  }

  #conflict(model: Model): string | undefined {
    const known = model.clients.get(this.input.client);
    if (known !== undefined && known.company !== this.input.company) return 'CLIENT_COMPANY_MISMATCH';
    const company = model.companies.get(this.input.company);
    if (company !== undefined && company.enterprise !== this.input.enterprise) return 'COMPANY_ENTERPRISE_MISMATCH';
    return known !== undefined && this.input.isNew ? 'CLIENT_EXISTS' : undefined;
  }

  #learn(model: Model, data: ProvisionAnswer['data']): void {
    const { client, company, enterprise, first, name, password, version } = this.input;
    if (password !== '') assert.equal(data.password, password);
    const known = model.companies.get(company);
    if (known !== undefined) assert.equal(data.companyId, known.companyId);
    else for (const other of model.companies.values()) assert.notEqual(data.companyId, other.companyId);
    model.companies.set(company, { enterprise, name, companyId: data.companyId });
    for (const code of Object.values(data.passCodes)) {
      assert.ok(!model.codes.has(code), 'a pass code was given out twice');
      model.codes.add(code);
    }
    model.clients.set(client, { company, first, password: data.password, version, isActive: true, answer: data });
  }

  #compare(model: Model, known: ModelClient, answer: Answer & { data: ProvisionAnswer['data'] }): void {
    const { company, first, name, password, version } = this.input;
    const isStale = version !== undefined && known.version !== undefined && version < known.version;
    const recorded = model.companies.get(company) as { enterprise: number; name: string; companyId: number };
    const changed = [
      ...(recorded.name === name ? [] : ['company.name']),
      ...(known.first === first ? [] : ['client.first']),
      ...(password === '' || password === known.password ? [] : ['client.password']),
    ];
    if (!isStale) {
      recorded.name = name;
      known.first = first;
      if (password !== '') known.password = password;
      known.version = version ?? known.version;
    }
    assert.deepEqual(answer.data, { ...known.answer, password: known.password });
    assert.equal(answer.headers.get('x-provision-outcome'), !isStale && changed.length > 0 ? 'updated' : 'unchanged');
    assert.equal(answer.headers.get('x-provision-changed'), !isStale && changed.length > 0 ? changed.join(',') : null);
    assert.equal(answer.headers.get('x-client-status'), known.isActive ? 'active' : 'inactive');
  }
}

class LifecycleCommand implements fc.AsyncCommand<Model, Real> {
  readonly client: number;
  readonly path: string;
  constructor(client: number, path: string) {
    this.client = client;
    this.path = path;
  }

  check(): boolean {
    return true;
  }

  toString(): string {
    return `${this.path}(${this.client})`;
  }

  async run(model: Model, { pickServer }: Real): Promise<void> {
    const known = model.clients.get(this.client);
    const answer = await pickServer().post(this.path, { clientId: known?.answer.clientId ?? 2 ** 31 - 1 });
    if (known === undefined) {
      assert.equal(answer.json.code, 'CLIENT_NOT_FOUND');
      return;
    }
    assert.equal(answer.status, 200);
    if (this.path !== GET) known.isActive = this.path === REACTIVATE;
    else {
      assert.deepEqual(answer.json, { clientId: known.answer.clientId, hub: known.answer.hub });
      assert.equal(answer.headers.get('x-client-status'), known.isActive ? 'active' : 'inactive');
    }
  }
}

export const provisionInput = fc.record({
  client: fc.integer({ min: 1, max: 4 }),
  company: fc.integer({ min: 1, max: 2 }),
  enterprise: fc.constantFrom(1, 1, 1, 2),
  first: fc.constantFrom('Ada', 'Bob'),
  name: fc.constantFrom('Acme', 'Acme Ltd'),
  password: fc.constantFrom('', '', 'secret123', 'other4567'),
  version: fc.constantFrom(undefined, undefined, 1, 2, 3),
  isNew: fc.constantFrom(false, false, false, true),
});
export const command = fc.oneof(
  { weight: 3, arbitrary: provisionInput.map((input) => new ProvisionCommand(input)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(DEACTIVATE, REACTIVATE, GET))
      .map(([client, path]) => new LifecycleCommand(client, path)),
  },
);
