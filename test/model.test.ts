import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEACTIVATE, GET, type ProvisionAnswer, REACTIVATE } from './support/bodies.ts';
import { type Answer, startTestServer, type TestServer } from './support/server.ts';

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

class Model {
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

/** External ids never meet between two runs that share a server. */
interface Real {
  server: TestServer;
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

  async run(model: Model, { server, base }: Real): Promise<void> {
    const { client, company, enterprise, first, name, password, version, isNew } = this.input;
    const answer = await server.provision(
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

  async run(model: Model, { server }: Real): Promise<void> {
    const known = model.clients.get(this.client);
    const answer = await server.post(this.path, { clientId: known?.answer.clientId ?? 2 ** 31 - 1 });
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

const provisionInput = fc.record({
  client: fc.integer({ min: 1, max: 4 }),
  company: fc.integer({ min: 1, max: 2 }),
  enterprise: fc.constantFrom(1, 1, 1, 2),
  first: fc.constantFrom('Ada', 'Bob'),
  name: fc.constantFrom('Acme', 'Acme Ltd'),
  password: fc.constantFrom('', '', 'secret123', 'other4567'),
  version: fc.constantFrom(undefined, undefined, 1, 2, 3),
  isNew: fc.constantFrom(false, false, false, true),
});
const command = fc.oneof(
  { weight: 3, arbitrary: provisionInput.map((input) => new ProvisionCommand(input)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(DEACTIVATE, REACTIVATE, GET))
      .map(([client, path]) => new LifecycleCommand(client, path)),
  },
);

test('any sequence of calls answers as the rules say, while others run beside it', async (t) => {
  const server = await startTestServer(t);
  let base = 0;
  const property = fc.asyncProperty(fc.commands([command], { maxCommands: 40 }), async (commands) => {
    base += 100;
    await fc.asyncModelRun(() => ({ model: new Model(), real: { server, base: base } }), commands);
  });
  // Four checks at once: their runs share the server, its groups and its savepoints, but no external id.
  await Promise.all(Array.from({ length: 4 }, () => fc.assert(property, { numRuns: 150 })));
});

/** What may be said of calls whose order nobody knows: whatever happened, the records are whole and every answer is one client's. */
test('calls on the same few clients in parallel leave whole records and consistent answers', async (t) => {
  const server = await startTestServer(t);
  let base = 0;
  const parallel = fc.asyncProperty(fc.array(provisionInput, { minLength: 10, maxLength: 60 }), async (inputs) => {
    base += 100;
    const answers = await Promise.all(
      inputs.map(async (input) => {
        const company = { externalId: base + input.company, enterpriseId: input.enterprise, name: input.name };
        const client = { externalId: base + input.client, first: input.first };
        return { input, answer: await server.provision({ company, client }) };
      }),
    );
    const byClient = Map.groupBy(
      answers.filter(({ answer }) => answer.status === 200),
      ({ input }) => input.client,
    );
    for (const group of byClient.values()) {
      assert.equal(new Set(group.map(({ answer }) => answer.text)).size, 1, 'one client, one answer');
      assert.equal(new Set(group.map(({ input }) => `${input.company}/${input.enterprise}`)).size, 1, 'one winner of a conflict');
    }
    for (const { answer } of answers) {
      assert.ok(answer.status === 200 || /^(CLIENT_COMPANY|COMPANY_ENTERPRISE)_MISMATCH$/.test(answer.json.code), answer.text);
    }
    const [{ n }] = (await server.query(`select count(*) as n from clients where external_id between ${base} and ${base + 99}`)) as [
      { n: number },
    ];
    assert.equal(n, byClient.size);
  });
  await fc.assert(parallel, { numRuns: 150 });
  assert.deepEqual(await server.query('select count(*) as n from companies left join hubs using (company_id) where hub_id is null'), [
    { n: 0 },
  ]);
  assert.deepEqual(
    await server.query(
      'select (select count(*) from clients) * 2 - (select count(*) from pass_codes) as codes, (select count(*) from clients) - (select count(*) from reservations) as reservations',
    ),
    [{ codes: 0, reservations: 0 }],
  );
});
