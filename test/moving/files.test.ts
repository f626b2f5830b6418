import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeXlsxStream } from 'hucre/xlsx';
import { TableError } from '../../src/tables/table.ts';
import { read } from './read.ts';

const HEADINGS = 'Plan ID,First Name,Last Name,E-mail';
const ROW = '100,Zoé,Lefèvre,zoe@example.com';
const CSV = `${HEADINGS}\n${ROW}\n101,Bob,Byrne,bob@example.com\n`;

const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

const ENCODINGS: Record<string, Uint8Array> = {
  'UTF-8': Buffer.from(CSV),
  'UTF-8 with a mark': Buffer.from(`\uFEFF${CSV}`),
  'UTF-16, little end first, with a mark': utf16(`\uFEFF${CSV}`, false),
  'UTF-16, big end first, with a mark': utf16(`\uFEFF${CSV}`, true),
  'UTF-16, little end first': utf16(CSV, false),
  'UTF-16, big end first': utf16(CSV, true),
  'Windows-1252': Buffer.from(CSV, 'latin1'),
};

for (const [name, bytes] of Object.entries(ENCODINGS))
  for (const piece of [64, 65_536])
    test(`a file in ${name} is read, in pieces of ${piece} bytes`, async () => {
      const { rows } = await read(bytes, { piece });
      assert.deepEqual(
        rows.map(({ record }) => record.client),
        [
          { externalId: 100, first: 'Zoé', last: 'Lefèvre', email: 'zoe@example.com' },
          { externalId: 101, first: 'Bob', last: 'Byrne', email: 'bob@example.com' },
        ],
      );
    });

test('letters that are not ASCII may come late: the encoding is found where they begin', async () => {
  const plain = `${HEADINGS}\n${'1,A,B,a@example.com\n'.repeat(5_000)}`;
  for (const encoding of ['utf8', 'latin1'] as const) {
    const { rows } = await read(Buffer.from(`${plain}${ROW}\n`, encoding), { piece: 4_096 });
    assert.equal(rows.at(-1)?.record.client['first'], 'Zoé', encoding);
  }
});

test('an encoding that is named is believed, and a file that is not in it is refused with what to do', async () => {
  const { rows } = await read(Buffer.from(CSV, 'latin1'), { encoding: 'windows-1252' });
  assert.equal(rows[0]?.record.client['last'], 'Lefèvre');
  await assert.rejects(read(Buffer.from(CSV, 'latin1'), { encoding: 'utf-8' }), /bytes that are not utf-8.*--encoding windows-1252/);
});

for (const [name, delimiter] of Object.entries({ comma: ',', semicolon: ';', tab: '\t', bar: '|' }))
  for (const end of ['\n', '\r\n', '\r'])
    test(`cells with a ${name} between and lines that end with ${JSON.stringify(end)} are told apart, quotation marks and all`, async () => {
      const lines = [
        ['Plan ID', 'Company', 'Address'],
        ['7', `"A${delimiter} ""B"" Inc."`, `"1 Main${end}Floor 2"`],
        ['8', 'Plain 5" pipe', ''],
      ];
      const { rows } = await read(lines.map((cells) => cells.join(delimiter)).join(end));
      assert.deepEqual(
        rows.map(({ row, record }) => [row, record.client['externalId'], record.company['name'], record.contact['address']]),
        [
          [2, 7, delimiter === '\t' ? 'A "B" Inc.' : `A${delimiter} "B" Inc.`, '1 Main, Floor 2'],
          [3, 8, 'Plain 5" pipe', undefined],
        ],
      );
    });

test('a first line that names the delimiter is not a row of headings, and rows keep their numbers', async () => {
  const { rows } = await read('sep=;\r\nPlan ID;First Name\r\n5;A\r\n');
  assert.deepEqual(
    rows.map(({ row, record }) => [row, record.client['externalId']]),
    [[3, 5]],
  );
});

test('rows of other lengths than the headings are read as far as they go', async () => {
  const { rows } = await read('Plan ID,First Name,Last Name\n5,A\n6,B,C,D,E\n');
  assert.deepEqual(
    rows.map(({ record }) => record.client),
    [
      { externalId: 5, first: 'A', last: '' },
      { externalId: 6, first: 'B', last: 'C' },
    ],
  );
});

test('NDJSON is read by the paths of the call or by common names, and a name may come up late', async () => {
  const lines = [
    { client: { externalId: 5, first: 'A' }, company: { isWebConfEnabled: true } },
    { client: { externalId: '6' }, surname: 'B' },
  ];
  const { rows } = await read(lines.map((line) => JSON.stringify(line)).join('\n'));
  assert.equal(rows[1]?.record.client['last'], 'B');
  assert.deepEqual(rows[0]?.record, { company: { isWebConfEnabled: true }, client: { externalId: 5, first: 'A', last: '' }, contact: {} });
});

test('a workbook is read with the kinds of its cells, and blank rows keep their numbers', async () => {
  const bytes = await workbook([
    ['Plan ID', 'First Name', 'Active', 'Host PIN', 'ZIP'],
    [100, 'Zoé', true, '0012345678', 2139],
    [],
    [new Date('2026-01-03'), 'B', false, 12345678, null],
  ]);
  const { rows } = await read(bytes, { piece: 4_096 });
  assert.deepEqual(
    rows.map(({ row, record, status, preset }) => [
      row,
      record.client['externalId'],
      status,
      preset.moderatorPassCode,
      record.contact['postalCode'],
    ]),
    [
      [2, 100, 'active', '0012345678', '2139'],
      [4, undefined, 'inactive', '12345678', undefined],
    ],
  );
  assert.match(rows[1]?.problems[0]?.message ?? '', /is a date \(2026-01-03\)/);
});

const FOREIGN: Record<string, { file: string | Uint8Array; says: RegExp }> = {
  nothing: { file: '', says: /is empty/ },
  'blank lines alone': { file: '\n\n , ,\n', says: /no rows/ },
  'an old workbook': { file: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), says: /old kind \(\.xls\).*Save it as \.xlsx/ },
  'a PDF': { file: '%PDF-1.7', says: /is a PDF/ },
  'a web page': { file: ' <html><table>', says: /web page.*save it as CSV/ },
  'a compressed file': { file: Buffer.from([0x1f, 0x8b, 8, 0]), says: /gunzip/ },
  'one JSON array': { file: '[{"a":1}]', says: /one object in each line/ },
  'a broken workbook': { file: 'PK\x03\x04 and nothing else that a workbook has', says: /workbook cannot be read/ },
  'broken NDJSON': { file: '{"Plan ID":1}\n{"Plan ID":', says: /Line 2 is not JSON/ },
  'a quotation mark that nobody closes': {
    file: `${HEADINGS}\n1,"A,B,c@example.com\n${'2,A,B,c@example.com\n'.repeat(9)}`,
    says: /opens a quotation mark that is never closed/,
  },
  'no heading that is known': { file: 'Foo,Bar\n1,2\n', says: /No column has a heading.*"Foo", "Bar".*--map/ },
};
for (const [name, { file, says }] of Object.entries(FOREIGN))
  test(`${name}: refused with what to do`, async () => {
    await assert.rejects(read(file), (error) => error instanceof TableError && says.test(error.message));
  });

async function workbook(rows: (string | number | boolean | Date | null)[][]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeXlsxStream(rows, { name: 'Customers' })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
