import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, makeBridge, putInService, type TestBridge } from '../support/admission.ts';
import { patch } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const [MONTREAL, LONDON] = ['+15145550100', '+442079460100'];
const NO_TARPIT = { PARLEY_ADMISSION_TARPIT_MS: '0' };
let drawn = 0;
const unknownCode = (): string => String(3_000_000_000 + ++drawn * 7_919);

/** A company that lets in callers of these countries alone, and what a bridge says to each caller. */
async function letIn(server: TestServer, countries: readonly string[]): Promise<(bridge: TestBridge, call: object) => Promise<boolean>> {
  const { companyId, passCodes } = (await server.provision()).data;
  await patch(server, `/v1/companies/${companyId}/admission`, { allowedCallerCountries: countries });
  return async (bridge, call) => (await bridge.ask({ digits: passCodes.moderatorPassCode, ...call })).json.action === 'accept';
}

test('a caller is of the country of the number, however carriers write it', async (t) => {
  const server = await startTestServer(t, NO_TARPIT);
  await putInService(server, MONTREAL, 'default');
  await putInService(server, LONDON, 'default');
  const isLetIn = await letIn(server, ['CA']);
  const bridge = await makeBridge(server);
  const callers = [
    '4165550123',
    '416-555-0123',
    '(416) 555-0123',
    '416.555.0123',
    '1 416 555 0123',
    '14165550123',
    '+1 (416) 555-0123',
    '416 555 0123 ext. 22',
    'tel:4165550123;phone-context=+1',
    'tel:5550123;phone-context=+1-416',
    'tel:+1-416-555-0123',
    'tel:+14165550123;npdi;rn=+442079460100',
    'tel:+14165550123;ext=22',
    '"Ann" <sip:4165550123@10.0.0.1>',
    'sip:4165550123@carrier',
    'Ann <sip:4165550123@carrier;user=phone>;tag=1',
    'sips:%2B14165550123@carrier',
    '4165550123@10.0.0.1',
    'sip:4165550123;phone-context=+1@gateway;user=phone',
    '"+442079460100 <sip:+442079460100@x>" <sip:+14165550123@carrier>',
    '<tel:+14165550123;isub=9>',
    '４１６５５５０１２３',
  ];
  for (const caller of callers) assert.ok(await isLetIn(bridge, { accessNumber: MONTREAL, caller }), caller);
  const others = [
    '020 7946 0123',
    '011 44 20 7946 0123',
    '00442079460123',
    '+44 (0)20 7946 0123',
    'sip:+442079460123@carrier',
    '213-555-0123',
    'sip:alice@example.com',
    '101',
    '',
  ];
  for (const caller of others) assert.ok(!(await isLetIn(bridge, { accessNumber: MONTREAL, caller })), caller);
});

test("a national number is read in the dialled number's country, else the bridge's region, else the server's", async (t) => {
  const server = await startTestServer(t, { ...NO_TARPIT, PARLEY_DEFAULT_REGION: 'FR' });
  await putInService(server, MONTREAL, 'default');
  await putInService(server, LONDON, 'default');
  const isLetIn = await letIn(server, ['GB']);
  const bridges = {
    plain: await makeBridge(server),
    german: await makeBridge(server, 'default', 'json', { region: 'DE' }),
    british: await makeBridge(server, 'default', 'json', { region: 'GB' }),
  };
  const national = '020 7946 0123';
  assert.ok(await isLetIn(bridges.plain, { accessNumber: LONDON, caller: national }));
  assert.ok(await isLetIn(bridges.german, { accessNumber: LONDON, caller: national }));
  assert.ok(await isLetIn(bridges.british, { caller: national }));
  assert.ok(await isLetIn(bridges.british, { accessNumber: 'sip:conferences@pbx.example.com', caller: national }));
  assert.ok(!(await isLetIn(bridges.british, { accessNumber: MONTREAL, caller: national })));
  assert.ok(!(await isLetIn(bridges.plain, { caller: national })));
  assert.ok(await isLetIn(bridges.german, { caller: '00442079460123' }));
  const ofFrance = await letIn(server, ['FR']);
  assert.ok(await ofFrance(bridges.plain, { caller: '01 42 68 53 00' }));
  assert.ok(!(await ofFrance(bridges.british, { caller: '01 42 68 53 00' })));
});

test('the number dialled is read as a caller is: a national form, or a URI, is the number in service', async (t) => {
  const server = await startTestServer(t, NO_TARPIT);
  await server.addTenant('other');
  await putInService(server, MONTREAL, 'other');
  await putInService(server, LONDON, 'default');
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const bridge = await makeBridge(server, null, 'json', { region: 'GB' });
  for (const accessNumber of [
    LONDON,
    '020 7946 0100',
    '442079460100',
    'sip:02079460100@pbx.example.com',
    '<tel:2079460100;phone-context=+44>',
  ])
    assert.equal((await bridge.ask({ digits, accessNumber })).json.action, 'accept', accessNumber);
  for (const accessNumber of ['001 514 555 0100', 'tel:+1-514-555-0100'])
    assert.equal((await bridge.ask({ digits, accessNumber })).json.reason, 'not_recognised', accessNumber);
});

test('one caller has one count of wrong guesses however the number is written; who has no number has one too; who withholds it has none', async (t) => {
  const server = await startTestServer(t, { ...NO_TARPIT, PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: '3', PARLEY_DEFAULT_REGION: 'CA' });
  const bridge = await makeBridge(server);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const guessAs = async (callers: readonly string[]): Promise<boolean> => {
    for (const caller of callers) await bridge.ask({ digits: unknownCode(), caller });
    return (await bridge.ask({ digits, caller: callers[0] })).json.action === 'accept';
  };
  assert.equal(await guessAs(['+14165550101', '416-555-0101', 'sip:4165550101@10.0.0.1', 'tel:+1-416-555-0101']), false);
  assert.equal(
    await guessAs([
      'sip:alice@example.com',
      '"Alice" <sip:Alice@example.com;transport=udp>',
      'sip:alice@example.com:5061',
      'alice@EXAMPLE.com',
    ]),
    false,
  );
  assert.equal(await guessAs(['101', 'tel:101;phone-context=example.com', '<tel:101>', '101']), false);
  assert.equal(await guessAs(['sip:bob@example.com', 'sip:carol@example.com', 'sip:dave@example.com', 'sip:erin@example.com']), true);
  const withheld = [
    'anonymous',
    '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
    'Restricted',
    'sip:unavailable@10.0.0.1',
    'Private Number',
    '',
  ];
  assert.equal(await guessAs(withheld), true);
});

test('a region that is no country is refused, at a bridge and at the start', async (t) => {
  const server = await startTestServer(t);
  for (const region of ['ca', 'Canada', 'ZZ', 'EU', ''])
    await assertRefused(makeBridge(server, 'default', 'json', { region }), /region must be the two letters of a country, such as CA\./);
  await assert.rejects(
    startTestServer(t, { PARLEY_DEFAULT_REGION: 'UK' }),
    /PARLEY_DEFAULT_REGION must be the two letters of a country, such as CA\./,
  );
});
