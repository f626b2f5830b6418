import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { read } from './read.ts';

/** What is read of one cell below this heading: a value, or what is wrong. */
async function cellOf(heading: string, cell: string, options: Parameters<typeof read>[1] = {}): Promise<unknown> {
  const quoted = `"${cell.replaceAll('"', '""')}"`;
  const { rows } = await read(`${heading},City\n${quoted},Boston\n`, options);
  const [row] = rows;
  if (row === undefined) return 'no row';
  if (row.problems[0] !== undefined) return row.problems[0].message;
  const { record, status, preset } = row;
  return { ...record.client, ...record.company, status, ...preset };
}

const IDS: Record<string, number | RegExp> = {
  '100': 100,
  ' 100 ': 100,
  '\u00A0100\u00A0': 100,
  '00100': 100,
  '="00100"': 100,
  "'100": 100,
  '100.0': 100,
  '100,00': 100,
  '1,234': 1234,
  '1 234 567': 1_234_567,
  '1\u00A0234': 1234,
  '1.23E+09': /cut the number short/,
  '1,23E+09': /cut the number short/,
  '1E+05': /cut the number short/,
  '2026-01-03': /is a date/,
  '03/01/2026': /is a date/,
  '3.1.2026': /is a date/,
  'Jan-03': /is a date/,
  '3-janv': /is a date/,
  '2026-01-03 00:00:00': /is a date/,
  '=A1+1': /is a formula/,
  '=VLOOKUP(A1;B:C;2;0)': /is a formula/,
  '#REF!': /error of the spreadsheet/,
  '-5': /whole number/,
  '0': /from 1/,
  '1.5': /whole number/,
  abc: /whole number/,
  '99999999999999999': /from 1 to/,
};
for (const [cell, wanted] of Object.entries(IDS))
  test(`the id ${JSON.stringify(cell)} is ${wanted instanceof RegExp ? 'refused' : wanted}`, async () => {
    const got = await cellOf('Plan ID', cell);
    if (wanted instanceof RegExp) assert.match(String(got), wanted);
    else assert.equal((got as { externalId: number }).externalId, wanted);
  });

for (const cell of ['', ' ', 'NULL', '\\N', 'n/a', '#N/A'])
  test(`${JSON.stringify(cell)} is no value`, async () => {
    assert.equal(((await cellOf('Plan ID', cell)) as { externalId?: number }).externalId, undefined);
  });

const STATES: Record<string, string | RegExp> = {
  Active: 'active',
  YES: 'active',
  oui: 'active',
  '1': 'active',
  TRUE: 'active',
  actif: 'active',
  suspended: 'inactive',
  Cancelled: 'inactive',
  non: 'inactive',
  '0': 'inactive',
  résilié: 'inactive',
  maybe: /active or inactive/,
};
for (const [cell, wanted] of Object.entries(STATES))
  test(`the state ${cell} is ${wanted instanceof RegExp ? 'refused' : wanted}`, async () => {
    const got = await cellOf('Status', cell);
    if (wanted instanceof RegExp) assert.match(String(got), wanted);
    else assert.equal((got as { status: string }).status, wanted);
  });

test('a word that is the file’s own means what the mapping says', async () => {
  assert.equal(
    ((await cellOf('Status', 'On Hold', { mapping: { statuses: { 'on hold': 'inactive' } } })) as { status: string }).status,
    'inactive',
  );
});

test('a code that is shorter than nearly all others may have lost its zeros: refused, or mended where their number is given', async () => {
  const codes = [...Array.from({ length: 20 }, (_, at) => String(4_829_153_000 + at)), '82915307'];
  const file = `Plan ID,Host PIN\n${codes.map((code, at) => `${at + 1},${code}`).join('\n')}\n`;
  const last = (await read(file)).rows.at(-1);
  assert.match(last?.problems[0]?.message ?? '', /8 digits where the others have 10.*--code-length 10/);
  const mended = (await read(file, { mapping: { codeLength: 10 } })).rows.at(-1);
  assert.deepEqual([mended?.problems, mended?.preset.moderatorPassCode], [[], '0082915307']);
});

test('codes of 4 to 12 digits are read, with hyphens or without; others are refused', async () => {
  for (const [cell, wanted] of [
    ['1928', '1928'],
    ['482-915-3071', '4829153071'],
    ['="0012"', '0012'],
    ['192837465012', '192837465012'],
  ] as const)
    assert.equal(((await cellOf('Host PIN', cell)) as { moderatorPassCode: string }).moderatorPassCode, wanted);
  for (const cell of ['192', '1928374650123', 'ab12', '1.23E+09', '2026-01-03x'])
    assert.equal(typeof (await cellOf('Host PIN', cell)), 'string', cell);
});

test('titles above the headings, the headings once more, a total and blank rows are no clients, and are told', async () => {
  const { rows, passedOver } = await read(
    [
      'Customers of VendorSoft',
      '',
      'Plan ID,First Name,E-mail',
      '1,A,a@example.com',
      ',,',
      'Plan ID,First Name,E-mail',
      '2,Total,b@example.com',
      'Total,2,',
      '(2 rows)',
    ].join('\n'),
  );
  assert.deepEqual(
    rows.map(({ row, record }) => [row, record.client['externalId']]),
    [
      [4, 1],
      [7, 2],
    ],
  );
  assert.deepEqual(passedOver, [
    { row: 1, why: 'before the headings' },
    { row: 6, why: 'the headings once more' },
    { row: 8, why: 'a total' },
    { row: 9, why: 'a total' },
  ]);
});

test('two columns that could be one field are settled by the mapping, by heading or by place', async () => {
  const file = 'Plan ID,Email,E-mail\n1,a@example.com,b@example.com\n';
  await assert.rejects(read(file), /Two columns could be client\.email: "Email" \(#2\), "E-mail" \(#3\).*--map client\.email=#2/);
  assert.equal((await read(file, { mapping: { columns: { 'client.email': '#3' } } })).rows[0]?.record.client['email'], 'b@example.com');
  assert.equal((await read(file, { mapping: { columns: { 'client.email': 'Email' } } })).rows[0]?.record.client['email'], 'a@example.com');
  assert.equal((await read(file, { mapping: { columns: { 'client.email': '' } } })).rows[0]?.record.client['email'], undefined);
  await assert.rejects(
    read(file, { mapping: { columns: { 'client.email': 'Mail 2' } } }),
    /no column "Mail 2" for client\.email\. The columns are: "Plan ID", "Email", "E-mail"/,
  );
});

test('a value that is given fills empty cells and missing columns alone', async () => {
  const { rows } = await read('Plan ID,Country\n1,France\n2,\n', {
    mapping: { values: { 'contact.country': 'Canada', 'company.enterpriseId': '799' } },
  });
  assert.deepEqual(
    rows.map(({ record }) => [record.contact['country'], record.company['enterpriseId']]),
    [
      ['France', 799],
      ['Canada', 799],
    ],
  );
});

test('a full name is cut into first and last', async () => {
  const { rows } = await read('Plan ID,Name\n1,"Lovelace, Ada"\n2,Grace Brewster Hopper\n3,Plato\n');
  assert.deepEqual(
    rows.map(({ record }) => [record.client['first'], record.client['last']]),
    [
      ['Ada', 'Lovelace'],
      ['Grace Brewster', 'Hopper'],
      ['Plato', ''],
    ],
  );
});

const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/moving/${name}`, import.meta.url));

test('FusionPBX’s rooms are read, with ids worked out of UUIDs, the same each time', async () => {
  const { rows } = await read(file('fusionpbx-rooms.csv'), { from: 'fusionpbx' });
  assert.deepEqual(
    rows.map(({ record, status, preset, problems }) => ({
      ...record.client,
      externalId: typeof record.client['externalId'],
      status,
      ...preset,
      problems,
    })),
    [
      {
        externalId: 'number',
        first: 'Sales',
        last: 'Weekly',
        email: 'sales@example.com',
        status: 'active',
        moderatorPassCode: '482915',
        participantPassCode: '715036',
        problems: [],
      },
      {
        externalId: 'number',
        first: 'Standup',
        last: '',
        status: 'inactive',
        moderatorPassCode: '093847',
        participantPassCode: '550214',
        problems: [],
      },
    ],
  );
  const again = await read(file('fusionpbx-rooms.csv'), { from: 'fusionpbx' });
  assert.deepEqual(again.rows, rows);
  assert.equal(new Set(rows.map(({ record }) => record.company['externalId'])).size, 1);
  assert.equal(new Set(rows.map(({ record }) => record.client['externalId'])).size, 2);
});

test('Greenlight’s rooms are read with their owners and the owners’ states', async () => {
  const { rows } = await read(file('greenlight-rooms.csv'), { from: 'greenlight' });
  assert.deepEqual(
    rows.map(({ record, status }) => [record.client['first'], record.client['last'], record.client['email'], status]),
    [
      ['Ada', 'Lovelace', 'ada@example.com', 'active'],
      ['Grace Brewster', 'Hopper', 'grace@example.com', 'inactive'],
    ],
  );
});

test('FreePBX’s conferences are read with their PINs', async () => {
  const { rows } = await read(file('freepbx-conferences.tsv'), { from: 'freepbx' });
  assert.deepEqual(
    rows.map(({ record, preset }) => [record.client['externalId'], record.client['first'], record.client['last'], preset]),
    [
      [8001, 'Board', '', { moderatorPassCode: '93847', participantPassCode: '20481' }],
      [8002, 'All', 'Hands', { moderatorPassCode: '5520' }],
    ],
  );
});

test('a plain list of codes needs no headings', async () => {
  const { rows } = await read(file('codes.csv'), { from: 'codes' });
  assert.deepEqual(
    rows.map(({ row, record, preset }) => [row, record.client['first'], preset]),
    [
      [1, 'Ada', { moderatorPassCode: '4829153071', participantPassCode: '7150362948' }],
      [2, 'Board', { moderatorPassCode: '5529180347', participantPassCode: '6104927385' }],
    ],
  );
});
