import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { command, Model, provisionInput } from './support/model.ts';
import { startTestServer } from './support/server.ts';

test('any sequence of calls answers as the rules say, while others run beside it', async (t) => {
  const server = await startTestServer(t);
  let base = 0;
  const property = fc.asyncProperty(fc.commands([command], { maxCommands: 40 }), async (commands) => {
    base += 100;
    await fc.asyncModelRun(() => ({ model: new Model(), real: { pickServer: () => server, base } }), commands);
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
