import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USA } from '../countries/spellings.ts';
import { DEACTIVATE, GET, PROVISION, provisionBody } from '../support/bodies.ts';
import { startTestServer } from '../support/server.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('C1: provisioning creates the company, the client, the reservation and the hub', async (t) => {
  const server = await startTestServer(t);
  const { status, data, headers } = await server.provision();
  assert.equal(status, 200);
  assert.equal(headers.get('x-provision-outcome'), 'created');
  const got = await server.post(GET, { clientId: data.clientId });
  assert.deepEqual(got.json, { clientId: data.clientId, hub: data.hub });
  const rows = { companies: 1, clients: 1, reservations: 1, hubs: 1, pass_codes: 2 };
  for (const [table, n] of Object.entries(rows)) assert.deepEqual(await server.query(`select count(*) as n from ${table}`), [{ n }], table);
});

test('C2: provisioning the same client again leaves one client and gives the same bytes', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision();
  const again = await server.provision();
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get('x-provision-outcome'), 'unchanged');
  assert.deepEqual(await server.query('select count(*) as n from clients'), [{ n: 1 }]);
});

test('C2: spellings that mean the same are the same, and write nothing', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision({ contact: { country: 'USA', state: 'Ohio' } });
  const again = await server.provision({
    company: { externalId: '50', name: '  Company Name ' },
    client: { password: null, email: ' me@example.com' },
    contact: { country: ' u.s.a. ', state: ' Ohio ' },
  });
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get('x-provision-outcome'), 'unchanged');
});

test('C3: clients of one company.externalId share company and hub; one person may hold several plans', async (t) => {
  const server = await startTestServer(t);
  const one = await server.provision({ client: { externalId: 100 } });
  const two = await server.provision({ client: { externalId: 101 } });
  const other = await server.provision({ company: { externalId: 51 }, client: { externalId: 102 } });
  assert.equal(two.data.companyId, one.data.companyId);
  assert.deepEqual(two.data.hub, one.data.hub);
  assert.notEqual(two.data.clientId, one.data.clientId);
  assert.notEqual(other.data.companyId, one.data.companyId);
  assert.notDeepEqual(other.data.hub, one.data.hub);
});

test('C8: a client in the USA needs a state, however the country is written; elsewhere it may be null', async (t) => {
  const server = await startTestServer(t);
  const expected = {
    status: 'fail',
    code: 'STATE_REQUIRED',
    message: 'Correct and send again: contact.state.',
    data: { 'contact.state': 'is required when contact.country is the United States' },
  };
  for (const country of USA) {
    for (const state of [undefined, null, '', '  ']) {
      const { status, json } = await server.post(PROVISION, provisionBody({ contact: { country, state } }));
      assert.equal(status, 422, `${country} with ${state}`);
      assert.deepEqual(json, expected);
    }
  }
  assert.equal((await server.provision({ contact: { country: 'Canada', state: null } })).status, 200);
  assert.equal((await server.provision({ client: { externalId: 101 }, contact: { country: 'US', state: 'Ohio' } })).status, 200);
});

test('C9: ids have the digits that are promised, and the hub is a host name', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision();
  assert.ok(data.companyId >= 100_000 && data.companyId < 2 ** 31);
  assert.ok(data.hub.hubId >= 100_000 && data.hub.hubId < 2 ** 31);
  assert.ok(data.clientId >= 10_000_000 && data.clientId < 2 ** 31);
  assert.equal(data.hub.hubUrl, 'company-name.parley.localhost');
});

test('C9: the hub is a valid and distinct DNS label for any company name, and is never renamed', async (t) => {
  const server = await startTestServer(t);
  const names = [
    'Ünïcode & Söhne GmbH',
    '株式会社',
    '!!!',
    'www',
    'WWW',
    'xn--abc',
    '--a--',
    'a'.repeat(255),
    '🎉',
    'Company Name',
    'company name',
    'Company-Name',
  ];
  const urls = new Set<string>();
  for (const [i, name] of names.entries()) {
    const { data, status } = await server.provision({ company: { externalId: 1000 + i, name }, client: { externalId: 2000 + i } });
    assert.equal(status, 200, name);
    const [label, ...rest] = data.hub.hubUrl.split('.');
    assert.match(label as string, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, name);
    assert.doesNotMatch(label as string, /--|^www$/);
    assert.equal(rest.join('.'), 'parley.localhost');
    urls.add(data.hub.hubUrl);
  }
  assert.equal(urls.size, names.length);
  const renamed = await server.provision({ company: { externalId: 1000, name: 'Other' }, client: { externalId: 2000 } });
  assert.equal(renamed.data.hub.hubUrl, 'unicode-sohne-gmbh.parley.localhost');
});

test('C9: a company whose every foreseeable name is taken still gets a hub', async (t) => {
  const server = await startTestServer(t);
  // What a rival could have taken beforehand: the name itself, and the name with the next company's id.
  await server.provision({ company: { externalId: 1, name: 'Acme' }, client: { externalId: 1 } });
  await server.provision({ company: { externalId: 2, name: 'Acme 100002' }, client: { externalId: 2 } });
  const { status, data } = await server.provision({ company: { externalId: 3, name: 'Acme' }, client: { externalId: 3 } });
  assert.equal(status, 200);
  assert.match(data.hub.hubUrl, /^company-100002-[0-9a-f]{12}\.parley\.localhost$/);
});

test('C16: changed details are updated and named; ids, codes and hub stay', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision();
  const changed = await server.provision({
    company: { name: 'New Name', isWebConfEnabled: true },
    client: { email: 'new@example.com' },
    contact: { city: null },
  });
  assert.equal(changed.text, first.text);
  assert.equal(changed.headers.get('x-provision-outcome'), 'updated');
  assert.equal(changed.headers.get('x-provision-changed'), 'company.name,company.isWebConfEnabled,client.email,contact.city');
  const [row] = await server.query(
    'select companies.name, is_web_conf_enabled, email, city from clients join companies using (company_id)',
  );
  assert.deepEqual(row, { name: 'New Name', is_web_conf_enabled: 1, email: 'new@example.com', city: null });
});

test('C16: a new client of a known company brings the new company details with it', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  const second = await server.provision({ company: { name: 'New Name' }, client: { externalId: 101 } });
  assert.equal(second.headers.get('x-provision-outcome'), 'created');
  assert.equal(second.headers.get('x-provision-changed'), 'company.name');
  assert.deepEqual(await server.query('select name from companies'), [{ name: 'New Name' }]);
});

test('C17: If-None-Match: * creates strictly', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision({}, { 'If-None-Match': '*' });
  assert.equal(first.status, 200);
  const again = await server.provision({ client: { first: 'Changed' } }, { 'If-None-Match': '*' });
  assert.equal(again.status, 409);
  assert.equal(again.json.code, 'CLIENT_EXISTS');
  assert.deepEqual(await server.query('select first from clients'), [{ first: 'First' }]);
});

test('C18: a tenant that keeps leaves the record as it is; one that rejects names what differs', async (t) => {
  const server = await startTestServer(t);
  const keep = { 'X-AUTH-TOKEN': await server.addTenant('keeps', { onDifference: 'keep' }) };
  const reject = { 'X-AUTH-TOKEN': await server.addTenant('rejects', { onDifference: 'reject' }) };
  const change = { company: { name: 'New' }, client: { first: 'New', password: 'another1pass' } };

  const kept = await server.provision({}, keep);
  const keptAgain = await server.provision(change, keep);
  assert.equal(keptAgain.text, kept.text);
  assert.equal(keptAgain.headers.get('x-provision-outcome'), 'unchanged');

  await server.provision({}, reject);
  const refused = await server.provision(change, reject);
  assert.equal(refused.status, 409);
  assert.equal(refused.json.code, 'DETAILS_DIFFER');
  assert.deepEqual(Object.keys(refused.json.data), ['company.name', 'client.first', 'client.password']);
  assert.deepEqual(await server.query('select distinct first from clients'), [{ first: 'First' }]);
});

test('C19: an older source version overwrites nothing; the same and newer ones do', async (t) => {
  const server = await startTestServer(t);
  const push = (version: string | undefined, first: string) =>
    server.provision({ client: { first }, company: { name: first } }, { 'X-Source-Version': version });
  const record = async () =>
    (await server.query('select first, name, source_version as version from clients join companies using (company_id)'))[0];

  await push('5', 'Five');
  const late = await push('4', 'Four');
  assert.equal(late.status, 200);
  assert.equal(late.headers.get('x-provision-outcome'), 'unchanged');
  assert.equal(late.headers.get('x-source-version'), '5');
  assert.deepEqual(await record(), { first: 'Five', name: 'Five', version: 5 });
  await push('5', 'Five again');
  assert.deepEqual(await record(), { first: 'Five again', name: 'Five again', version: 5 });
  await push('7', 'Five again');
  assert.deepEqual(await record(), { first: 'Five again', name: 'Five again', version: 7 });
  await push(undefined, 'Without');
  assert.deepEqual(await record(), { first: 'Without', name: 'Without', version: 7 });
});

test('C20: conflicts write nothing at all', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision();
  const before = await server.query('select * from clients join companies using (company_id)');

  const moved = await server.provision({ company: { externalId: 51 }, client: { first: 'Changed' } });
  assert.deepEqual([moved.status, moved.json.code], [409, 'CLIENT_COMPANY_MISMATCH']);
  const enterprise = await server.provision({ company: { enterpriseId: 800 }, client: { first: 'Changed' } });
  assert.deepEqual([enterprise.status, enterprise.json.code], [409, 'COMPANY_ENTERPRISE_MISMATCH']);
  const newClient = await server.provision({ company: { enterpriseId: 800 }, client: { externalId: 101 } });
  assert.deepEqual([newClient.status, newClient.json.code], [409, 'COMPANY_ENTERPRISE_MISMATCH']);
  assert.deepEqual(await server.query('select * from clients join companies using (company_id)'), before);
  assert.deepEqual(await server.query('select count(*) as n from companies'), [{ n: 1 }]);

  await server.query(`update clients set status = 'terminated' where client_id = ${data.clientId}`);
  const terminated = await server.provision({ client: { first: 'Changed' } });
  assert.deepEqual([terminated.status, terminated.json.code], [409, 'CLIENT_TERMINATED']);
  assert.deepEqual(await server.query('select first from clients'), [{ first: 'First' }]);
});

test('C21: a password that is left blank is made once and then left alone; a given one is set, untrimmed', async (t) => {
  const server = await startTestServer(t);
  const made = await server.provision();
  assert.match(made.data.password, /^[a-z2-9]{20}$/);
  for (const password of ['', null, undefined])
    assert.equal((await server.provision({ client: { password } })).data.password, made.data.password);

  const given = ' geh€im pass1 ';
  const set = await server.provision({ client: { password: given } });
  assert.equal(set.data.password, given);
  assert.equal(set.headers.get('x-provision-changed'), 'client.password');
  assert.equal((await server.provision({ client: { password: given } })).headers.get('x-provision-outcome'), 'unchanged');
  assert.equal((await server.provision()).data.password, given);
});

test('C21: a tenant chooses how long the password is repeated', async (t) => {
  const server = await startTestServer(t);
  const window = { 'X-AUTH-TOKEN': await server.addTenant('window', { passwordDisclosure: 'window' }) };
  const never = { 'X-AUTH-TOKEN': await server.addTenant('never', { passwordDisclosure: 'never' }) };

  const first = await server.provision({}, window);
  assert.equal(first.headers.get('x-password-disclosed'), null);
  assert.equal((await server.provision({}, window)).text, first.text);
  const only = await server.provision({}, never);
  assert.notEqual(only.data.password, '');
  const repeat = await server.provision({}, never);
  assert.equal(repeat.data.password, '');
  assert.equal(repeat.headers.get('x-password-disclosed'), 'false');
  assert.deepEqual({ ...repeat.data, password: only.data.password }, only.data);

  server.advance(DAY_MS);
  const late = await server.provision({}, window);
  assert.equal(late.data.password, '');
  assert.equal(late.headers.get('x-password-disclosed'), 'false');
  assert.equal((await server.provision({ client: { password: 'another1pass' } }, window)).data.password, 'another1pass');
});

test('C22: provisioning an inactive client answers it, updates it and leaves it inactive', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision();
  await server.post(DEACTIVATE, { clientId: first.data.clientId });
  const again = await server.provision({ client: { first: 'Changed' } });
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get('x-client-status'), 'inactive');
  assert.deepEqual(await server.query('select first, status from clients'), [{ first: 'Changed', status: 'inactive' }]);
});

test('C23: countries are recognised by name, alias and code; unknown ones get a suggestion', async (t) => {
  const server = await startTestServer(t);
  for (const [country, code] of [
    ['canada', 'CA'],
    ['CAN', 'CA'],
    ['The Netherlands', 'NL'],
    ['Holland', 'NL'],
    ['uk', 'GB'],
    ["Côte d'Ivoire", 'CI'],
    ['Viet  Nam', 'VN'],
    ['036', 'AU'],
    ['Republic of Ireland', 'IE'],
    ["Korea, Democratic People's Republic of", 'KP'],
    ['Deutschland', 'DE'],
    ['日本', 'JP'],
    ['Scotland', 'GB'],
    ['Virgin Islands of the United States', 'VI'],
  ]) {
    assert.equal((await server.provision({ contact: { country } })).status, 200, country);
    assert.deepEqual(await server.query('select country from clients'), [{ country: code }]);
  }
  const { status, json } = await server.provision({ contact: { country: 'Germny' } });
  assert.equal(status, 422);
  assert.equal(json.code, 'COUNTRY_UNKNOWN');
  assert.equal(json.data['contact.country'], 'is not a country we know; did you mean "Germany"?');
  for (const [country, message] of [
    ['Congo', 'means several countries; send "Democratic Republic of the Congo" or "Republic of the Congo"'],
    ['Virgin Islands', 'means several countries; send "British Virgin Islands" or "U.S. Virgin Islands"'],
    ['Republic of Narnia', 'is not a country we know; send a name, such as Germany, or an ISO 3166-1 code'],
    ['N/A', 'is not a country we know; send a name, such as Germany, or an ISO 3166-1 code'],
  ]) {
    const { json: refusal } = await server.provision({ contact: { country } });
    assert.equal(refusal.code, 'COUNTRY_UNKNOWN');
    assert.equal(refusal.data['contact.country'], message);
  }
});

test('C24: pass codes are ten digits, distinct over all clients, and never easily guessed', async (t) => {
  const server = await startTestServer(t);
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => server.provision({ client: { externalId: i + 1 } })));
  const codes = answers.flatMap(({ data }) => Object.values(data.passCodes));
  assert.equal(new Set(codes).size, 600);
  for (const code of codes) assert.match(code, /^[1-9][0-9]{9}$/);
});
