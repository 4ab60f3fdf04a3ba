// Files as partners send them: a bank, a shop, a spreadsheet, a database, and a price list with a fault of every sort.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const optionsOf = (written: unknown) => {
  const { values, problems } = readFields(format.options, written);
  expect(problems).toEqual([]);
  return values;
};

const bank = {
  delimiter: ';',
  encoding: 'windows-1252',
  decimalMark: ',',
  columns: [
    { name: 'Buchungstag', type: 'date', pattern: 'DD.MM.YYYY', required: true },
    { name: 'Valuta', type: 'date', pattern: 'DD.MM.YYYY' },
    { name: 'Betrag', type: 'decimal', required: true },
  ],
};
const shop = {
  newline: 'lf',
  bom: true,
  columns: [
    { name: 'order_id', type: 'integer' },
    { name: 'total', type: 'decimal' },
    { name: 'gift', type: 'boolean' },
  ],
};
const spreadsheet = { delimiter: '\t', encoding: 'utf-16le', bom: true, columns: [{ name: 'Stock', type: 'integer' }] };
const dump = {
  delimiter: '\t',
  quote: '',
  nullText: '\\N',
  newline: 'lf',
  header: ['id', 'name', 'price', 'due'],
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'price', type: 'decimal' },
    { name: 'due', type: 'date' },
  ],
};
const priceList = {
  delimiter: ';',
  decimalMark: ',',
  columns: [
    { name: 'sku', required: true },
    { name: 'price', type: 'decimal', required: true },
    { name: 'valid_from', type: 'date', pattern: 'DD.MM.YYYY' },
    { name: 'pack', type: 'integer' },
  ],
};

describe('a bank statement', () => {
  it('has its texts of several lines, its euros and dates', () => {
    const decoded = decoder.decodeWhole(fixture('bank-statement.windows-1252.csv'), optionsOf(bank));
    expect(valuesIn(decoded)).toEqual([
      {
        Konto: 'DE02120300000000202051',
        Buchungstag: '2026-11-02',
        Valuta: '2026-11-03',
        Text: 'GUTSCHRIFT',
        Verwendungszweck: 'RE 4711 "Büro"\r\nKD 100',
        Empfänger: 'Müller & Söhne',
        Betrag: '1234.56',
        Währung: 'EUR',
      },
      {
        Konto: 'DE02120300000000202051',
        Buchungstag: '2026-11-02',
        Valuta: null,
        Text: 'LASTSCHRIFT',
        Verwendungszweck: 'Miete; Nov. – 9 € Rest',
        Empfänger: '',
        Betrag: '-850.00',
        Währung: 'EUR',
      },
    ]);
    expect(decoded.map(({ position }) => position.line)).toEqual([2, 4]);
  });

  it('read in UTF-8 by mistake fails at its first umlaut, in the header', () => {
    const error = thrownBy(() =>
      decoder.decodeWhole(fixture('bank-statement.windows-1252.csv'), optionsOf({ ...bank, encoding: 'utf-8' })),
    );
    expect(error).toMatchObject({ code: 'MORTISE_FORMAT_ENCODING', details: { offsetBytes: 62, line: 1 } });
    expect(error).toHaveProperty('message', expect.stringContaining('The record in line 1 has the byte 0xe4 at offset 62'));
  });
});

it('orders of a shop have a byte order mark, line ends in quotes and no last line end', () => {
  const options = optionsOf(shop);
  const decoded = decoder.decodeWhole(fixture('shop-orders.csv'), options);
  expect(valuesIn(decoded)).toEqual([
    {
      order_id: 100045,
      placed_at: '2026-11-02 09:14:07',
      email: 'ann@example.org',
      note: 'Ring twice,\nthen "wait"',
      total: '59.90',
      gift: true,
    },
    { order_id: 100046, placed_at: '2026-11-02 09:15:44', email: "o'neil@example.org", note: '', total: '0.00', gift: false },
    { order_id: 100047, placed_at: '2026-11-02 09:16:02', email: '日本@example.org', note: '👍', total: '1200.5', gift: null },
  ]);
  expect(decoded.map(({ position }) => position.line)).toEqual([2, 4, 5]);
});

it('text of a spreadsheet in UTF-16 has tabs in quotes and characters of two units', () => {
  const options = optionsOf(spreadsheet);
  const bytes = fixture('spreadsheet.utf-16.txt');
  const values = valuesIn(decoder.decodeWhole(bytes, options));
  expect(values).toEqual([
    { Sku: 'A-100', Name: 'Tab\there', Stock: 12 },
    { Sku: 'B-200', Name: 'Łódź 😀', Stock: -3 },
  ]);
  const all = optionsOf({ ...spreadsheet, columns: [{ name: 'Sku' }, { name: 'Name' }, { name: 'Stock', type: 'integer' }] });
  expect(Buffer.from(encoder.encodeWhole(values, all))).toEqual(Buffer.from(bytes));
});

it('the dump of a database has no quotes and its own null, and is written again byte for byte', () => {
  const options = optionsOf(dump);
  const bytes = fixture('database-dump.tsv');
  const values = valuesIn(decoder.decodeWhole(bytes, options));
  expect(values).toEqual([
    { id: 1, name: 'Müller', price: null, due: '2026-11-30' },
    { id: 2, name: '"quoted" as it is', price: '12.50', due: null },
  ]);
  expect(Buffer.from(encoder.encodeWhole(values, options))).toEqual(Buffer.from(bytes));
});

describe('a price list with faults', () => {
  const bytes = fixture('price-list-with-faults.csv');
  const decoded = decoder.decodeWhole(bytes, optionsOf(priceList));

  it('gives the good records', () => {
    expect(valuesIn(decoded.filter((one) => 'value' in one))).toEqual([
      { sku: 'A-1', price: '19.90', valid_from: '2026-12-01', pack: 6 },
      { sku: 'Ü-10', price: '7.50', valid_from: '2026-12-02', pack: 12 },
    ]);
  });

  it.each([
    {
      record: 2,
      line: 3,
      at: '19.90',
      code: 'VALUE',
      field: 'price',
      says: 'The field "price" in line 3 is "19.90"; expected a decimal',
    },
    { record: 3, line: 4, at: '31.11', code: 'VALUE', field: 'valid_from', says: '"31.11.2026"; expected a date as DD.MM.YYYY' },
    { record: 4, line: 5, at: 'A-4', code: 'SYNTAX', says: 'line 5 has 3 fields; expected 4' },
    { record: 5, line: 6, at: ';5,00;01.12.2026;6\n"', code: 'VALUE', field: 'sku', says: '"sku" in line 6 is empty' },
    { record: 6, line: 7, at: 'six', code: 'VALUE', field: 'pack', says: '"pack" in line 7 is "six"; expected an integer' },
    { record: 7, line: 9, at: 'A-7', code: 'SYNTAX', says: 'line 9 has 6 fields; expected 4' },
    { record: 8, line: 10, at: '"8;', code: 'SYNTAX', says: 'Line 10' },
    { record: 9, line: 11, at: '\xc4-9', code: 'ENCODING', says: 'The record in line 11 has the byte 0xc4' },
  ])('says of record $record: $says', ({ record, line, at, code, field, says }) => {
    const entry = decoded[record - 1];
    const problem = entry && 'problem' in entry ? entry.problem : undefined;
    expect(problem).toMatchObject({
      code: `MORTISE_FORMAT_${code}`,
      message: expect.stringContaining(says),
      details: { record, line, offsetBytes: Buffer.from(bytes).indexOf(Buffer.from(at, 'latin1')), ...(field ? { field } : {}) },
    });
    expect(entry?.position).toMatchObject({ record, line });
  });

  it('keeps the bytes of each record that failed, so that they can be sent back', () => {
    const raws = decoded.flatMap((one) => ('problem' in one ? [Buffer.from(one.raw).toString('latin1')] : []));
    expect(raws).toHaveLength(8);
    for (const raw of raws) expect(Buffer.from(bytes).toString('latin1')).toContain(`\n${raw}\n`);
  });
});

it.each([
  ['bank-statement.windows-1252.csv', bank],
  ['shop-orders.csv', shop],
  ['spreadsheet.utf-16.txt', spreadsheet],
  ['database-dump.tsv', dump],
  ['price-list-with-faults.csv', priceList],
])('%s reads the same in pieces of any size, whose memory is used again', async (name, written) => {
  const options = optionsOf(written);
  const bytes = fixture(name);
  const whole = decoder.decodeWhole(bytes, options);
  for (const size of [1, 2, 7, 64]) expect(await Array.fromAsync(decoder.decode(reused(bytes, size), options))).toEqual(whole);
});

async function* reused(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  const memory = new Uint8Array(size);
  for (let from = 0; from < bytes.length; from += size) {
    const part = bytes.subarray(from, from + size);
    memory.set(part);
    yield memory.subarray(0, part.length);
    memory.fill(0x21);
  }
}

function valuesIn(decoded: readonly Decoded[]): unknown[] {
  return decoded.map((one) => {
    if ('problem' in one) throw one.problem;
    return one.value;
  });
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}
