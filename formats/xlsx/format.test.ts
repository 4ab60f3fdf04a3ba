// The xlsx format: the kit, workbooks laid out as spreadsheets save them, and dates.

import { readFileSync } from 'node:fs';
import { ZipWriter, readFields } from '@mortise/sdk';
import { formatKit, growth, liveBytes } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnLetters, columnNumber } from './cells.ts';
import { dateSerial, dateText, isDateFormat } from './dates.ts';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const orders = { sheet: 'Orders & more', range: 'B2:E6' };
const read = (written: Readonly<Record<string, unknown>>) => readFields(format.options, written).values;

/** A workbook that we would write, with another sheet. */
const withSheet = (rows: string): Uint8Array => {
  const written = Buffer.from(
    `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
  );
  return archive({ ...ownParts, 'xl/worksheets/sheet1.xml': written.toString() });
};
const relation = (type: string, target: string) =>
  `<Relationships xmlns="r"><Relationship Id="a" Type="x/${type}" Target="${target}"/></Relationships>`;
const ownParts = {
  '_rels/.rels': relation('officeDocument', 'xl/workbook.xml'),
  'xl/workbook.xml': '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': relation('worksheet', 'worksheets/sheet1.xml'),
};
const broken = (name: string, bytes: Uint8Array, options = {}, code = 'MORTISE_FORMAT_SYNTAX', position = {}) => ({
  name,
  options,
  bytes,
  code,
  position,
});
const row = (name: string, cell: string, field = 'A2') => ({
  name,
  bytes: withSheet(`<row><c t="inlineStr"><is><t>a</t></is></c></row><row>${cell}</row><row><c><v>3</v></c></row>`),
  code: 'MORTISE_FORMAT_VALUE',
  position: { line: 2, record: 1, field },
  values: [{ a: 3 }],
});

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'a workbook with its texts behind the sheet',
      options: orders,
      bytes: fixture('orders.xlsx'),
      values: [
        { id: 4711, name: 'Müller & Söhne', day: '2026-11-26', total: '19.9' },
        { id: 'A', name: 'a\rb', day: '2026-11-26T18:00:00', total: '0.00000015' },
        { id: true, name: 'in line', day: '2026-11-26', total: '1.25' },
      ],
      positions: [3, 4, 6].map((line, index) => ({ line, record: index + 1 })),
    },
    {
      name: 'without names',
      options: { ...orders, range: 'C3:D3', header: false },
      bytes: fixture('orders.xlsx'),
      values: [['Müller & Söhne', '2026-11-26']],
    },
    {
      name: 'the epoch of 1904, and cells without places',
      options: { sheetIndex: 2, header: false },
      bytes: fixture('orders-1904.xlsx'),
      values: [['2026-11-26', '1904-01-01T12:00:00']],
    },
    { name: 'an empty sheet', bytes: fixture('orders.xlsx'), values: [] },
    {
      name: 'numbers and dates',
      options: { numbers: ['n'], dates: ['d'] },
      values: [
        { n: '19.9', d: '2026-11-26' },
        { n: null, d: '2026-11-26T14:05:08' },
        { n: '-0.5', d: '14:05:08' },
      ],
      regular: true,
    },
    {
      name: 'texts that look like formulas',
      options: { header: false },
      values: [['=1+1', '+1', '-1', '@a', '\t=1']],
      regular: true,
    },
    {
      name: 'names that objects have',
      values: [
        Object.fromEntries([
          ['__proto__', 1],
          ['constructor', 'x'],
        ]),
      ],
      regular: true,
    },
  ],
  invalid: [
    broken('no archive', Buffer.from('hello'), {}, 'MORTISE_FORMAT_SYNTAX', { offsetBytes: 0 }),
    broken('cut off', fixture('orders.xlsx').subarray(0, -1), {}, 'MORTISE_FORMAT_SYNTAX', {
      offsetBytes: fixture('orders.xlsx').length - 1,
    }),
    broken('an archive of something else', archive({ a: 'b' })),
    broken('no sheet of that name', fixture('orders.xlsx'), { sheet: 'Order' }, 'MORTISE_FORMAT_VALUE'),
    broken('no sheet at that index', fixture('orders.xlsx'), { sheetIndex: 3 }, 'MORTISE_FORMAT_VALUE'),
    broken(
      'a sheet that is in no part',
      archive({ ...ownParts, 'xl/_rels/workbook.xml.rels': relation('worksheet', 'x').replace('"a"', '"b"') }),
    ),
    broken('a DOCTYPE', archive({ ...ownParts, 'xl/workbook.xml': '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>' })),
    broken('no XML', withSheet('<row>')),
    broken('no UTF-8', archive({ ...ownParts, 'xl/workbook.xml': Buffer.of(0xff) })),
    broken('elements without end', archive({ ...ownParts, 'xl/workbook.xml': '<a>'.repeat(70) })),
    broken('a row that goes back', withSheet('<row r="2"/><row r="1"/>')),
    broken('a cell that goes back', withSheet('<row><c r="B1"/><c r="A1"/></row>')),
    broken('a column beyond the last', withSheet('<row><c r="XFE1"/></row>')),
    broken('a column twice', withSheet('<row><c><v>1</v></c><c><v>1</v></c></row>'), {}, 'MORTISE_FORMAT_SYNTAX', { line: 1 }),
    broken('too long a file', fixture('orders.xlsx'), { fileBytesMax: '1KiB' }, 'MORTISE_FORMAT_LIMIT'),
    broken('too long a part', fixture('orders.xlsx'), { partBytesMax: '100B' }, 'MORTISE_FORMAT_LIMIT'),
    broken('a text without end', withSheet('x'.repeat(2_000_000)), { ratioMax: 1100 }, 'MORTISE_FORMAT_LIMIT'),
    broken(
      'a cell without end',
      withSheet(`<row><c t="inlineStr"><is>${`<t>${'x'.repeat(500_000)}</t>`.repeat(3)}</is></c></row>`),
      { ratioMax: 1100 },
      'MORTISE_FORMAT_LIMIT',
    ),
    broken('a bomb', withSheet(' '.repeat(4_000_000)), {}, 'MORTISE_FORMAT_LIMIT'),
    {
      name: 'an error',
      options: { sheetIndex: 2 },
      bytes: fixture('orders.xlsx'),
      code: 'MORTISE_FORMAT_VALUE',
      position: { line: 7, record: 4, field: 'E7' },
      values: [
        { id: 4711, name: 'Müller & Söhne', day: '2026-11-26', total: '19.9' },
        { id: 'A', name: 'a\rb', day: '2026-11-26T18:00:00', total: '0.00000015' },
        { id: true, name: 'in line', day: '2026-11-26', total: '1.25' },
      ],
      raw: '["5","#DIV/0!"]',
    },
    row('a shared text that is not there', '<c t="s"><v>7</v></c>'),
    row('no number', '<c><v>0x10</v></c>'),
    row('an endless number', '<c><v>1e999</v></c>'),
    row('no boolean', '<c t="b"><v>2</v></c>'),
    row('a cell in a column without a name', '<c/><c><v>1</v></c>', 'B2'),
  ],
  unwritable: [
    { name: 'no object', values: [1], says: /expected an object/ },
    { name: 'no columns', values: [{}], says: /has no properties/ },
    { name: 'another column', values: [{ a: 1 }, { b: 1 }], says: /has "b", which is no column/ },
    { name: 'no array', options: { header: false }, values: [{ a: 1 }], says: /expected an array/ },
    { name: 'an object in a cell', values: [{ a: {} }], says: /in A2; expected a text/ },
    { name: 'a long text', values: [{ a: 'x'.repeat(32_768) }], says: /room for 32767/ },
    { name: 'half a character', values: [{ a: '\ud83d' }], says: /half a character/ },
    { name: 'too many digits', options: { numbers: ['a'] }, values: [{ a: '1234567890.123456' }], says: /at most 15 digits/ },
    { name: 'no date', options: { dates: ['a'] }, values: [{ a: '2026-02-30' }], says: /expected a date/ },
    { name: 'a date before 1900', options: { dates: ['a'] }, values: [{ a: '1899-12-31' }], says: /expected a date/ },
    {
      name: 'too many cells',
      options: { header: false },
      values: [Array.from({ length: 16_385 }, () => 1)],
      says: /more than 16384/,
    },
    { name: 'a sheet that cannot be called so', options: { sheet: 'a/b' }, values: [], says: /cannot be the name of a sheet/ },
  ],
  roundTrips: [
    {
      name: 'cells of any value',
      options: { header: false },
      values: fc.array(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()),
            fc.constantFrom('_x0041_', '_x005F_', '\r\n', ' a ', '', '\u0000'),
            fc.maxSafeInteger(),
            fc.boolean(),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        { maxLength: 4 },
      ),
    },
    {
      name: 'dates',
      options: { dates: ['day', 'at'] },
      values: fc.array(
        fc.date({ min: new Date('1900-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => ({
          day: date.toISOString().slice(0, 10),
          at: `${date.toISOString().slice(0, 10)}T${date.toISOString().slice(11, 18)}1`,
        })),
      ),
    },
  ],
  skip: { memory: 'the compressed file is held, up to fileBytesMax; what else is held is measured below' },
});

describe('dates', () => {
  it.each([
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [60, undefined],
    [61, '1900-03-01'],
    [0.25, '06:00:00'],
    [-1, undefined],
    [3_000_000, undefined],
    [46_352.000_011_57, '2026-11-26T00:00:01'],
  ])('%d is %s', (serial, text) => expect(dateText(serial, false)).toBe(text));

  it('have numbers only from 1900 on', () => {
    expect([dateSerial('1900-01-01'), dateSerial('1900-02-28'), dateSerial('1900-03-01'), dateSerial('yesterday')]).toEqual([
      1,
      59,
      61,
      undefined,
    ]);
  });

  it.each([
    ['yyyy\\-mm\\-dd', true],
    ['h:mm AM/PM', true],
    ['[Red]0.00', false],
    ['0 "days"', false],
    ['[h]:mm', false],
    ['General', false],
    ['#,##0.00_);[Red]-#,##0', false],
  ])('the format %s tells one: %s', (code, isDate) => expect(isDateFormat(164, code)).toBe(isDate));
});

async function* inChunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

it('a long sheet is written in constant memory, and read in that of its compressed file', async () => {
  const rows = 150_000;
  const every = 25_000;
  const bytesMax = 8 * 1024 ** 2;
  const looks: number[] = [];
  let expanded = 0;
  const line = (n: number) => ({ n, article: `article ${n % 1000}`, text: 'a text that is the same in every row, '.repeat(4) });
  async function* values(): AsyncIterable<unknown> {
    for (let n = 0; n < rows; n += 1) {
      if (n % every === 0) looks.push(liveBytes());
      expanded += JSON.stringify(line(n)).length;
      yield line(n);
    }
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of encoder.encode(values(), read({}))) pieces.push(piece);
  const file = Buffer.concat(pieces.splice(0));
  expect(growth(looks.splice(0))).toBeLessThan(file.length + bytesMax);
  let count = 0;
  for await (const decoded of decoder.decode(inChunks(file), read({}))) {
    if (count % every === 0) looks.push(liveBytes());
    if (!('value' in decoded)) throw decoded.problem;
    count += 1;
  }
  expect(count).toBe(rows);
  expect(growth(looks)).toBeLessThan(bytesMax);
  expect(expanded, 'or holding all of it would not be seen').toBeGreaterThan(2 * (file.length + bytesMax));
});

it('columns have letters', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 16_384 }), (column) => columnNumber(columnLetters(column)) === column));
  expect([columnLetters(1), columnLetters(26), columnLetters(27), columnLetters(16_384)]).toEqual(['A', 'Z', 'AA', 'XFD']);
});

it('no cell is a formula, whatever is written', () => {
  const [value] = decoder.decodeWhole(encoder.encodeWhole([{ a: '=HYPERLINK("x")' }], read({})), read({}));
  expect(value).toMatchObject({ value: { a: '=HYPERLINK("x")' } });
});

function archive(parts: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const writer = new ZipWriter(6);
  const pieces = Object.entries(parts).flatMap(([name, content]) => [
    ...writer.begin(name),
    ...writer.push(Buffer.from(content)),
  ]);
  return Buffer.concat([...pieces, ...writer.end()]);
}
