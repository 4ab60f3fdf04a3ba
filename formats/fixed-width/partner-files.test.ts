// Files as partners send them: payments of a bank in NACHA's layout, a warehouse's stock, and claims without line ends.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const optionsOf = (written: unknown) => {
  const { values, problems } = readFields(format.options, written);
  expect(problems).toEqual([]);
  return values;
};

/** The entry detail records (type 6) of an ACH file: records of 94 characters, the file filled up to blocks of ten with nines. */
const payments = {
  encoding: 'ascii',
  newline: 'crlf',
  headerRecords: 2,
  trailerRecords: 6,
  fields: [
    { name: 'recordType', width: 1 },
    { name: 'transactionCode', width: 2 },
    { name: 'routingNumber', width: 9 },
    { name: 'accountNumber', width: 17 },
    { name: 'amount', width: 10, type: 'decimal', scale: 2, required: true },
    { name: 'individualId', width: 15 },
    { name: 'individualName', width: 22 },
    { name: 'discretionary', width: 2 },
    { name: 'addendaRecords', width: 1, type: 'integer' },
    { name: 'traceNumber', width: 15, type: 'integer', required: true },
  ],
};
const stock = {
  encoding: 'latin1',
  newline: 'crlf',
  headerRecords: 1,
  trailerRecords: 1,
  fields: [
    { name: 'counted', at: 48, width: 8, type: 'date' },
    { name: 'site', at: 1, width: 4 },
    { name: 'sku', width: 8, required: true },
    { name: 'name', width: 16 },
    { name: 'quantity', width: 7, type: 'integer', pad: ' ' },
    { name: 'value', width: 12, type: 'decimal', pad: ' ' },
  ],
};
const claims = {
  encoding: 'latin1',
  newline: 'none',
  headerRecords: 1,
  trailerRecords: 1,
  fields: [
    { name: 'kind', width: 1 },
    { name: 'number', width: 9, type: 'integer' },
    { name: 'amount', width: 8, type: 'decimal', scale: 2 },
    { name: 'name', width: 10, required: true },
  ],
};

describe('payments', () => {
  const bytes = fixture('payments.ach.txt');
  const options = optionsOf(payments);

  it('are the records between header and trailer, with their cents', () => {
    const decoded = decoder.decodeWhole(bytes, options);
    expect(valuesIn(decoded)).toEqual([
      {
        recordType: '6',
        transactionCode: '22',
        routingNumber: '076401251',
        accountNumber: '12345678',
        amount: '1234.56',
        individualId: 'EMP-0001',
        individualName: 'ANN EXAMPLE',
        discretionary: '',
        addendaRecords: 0,
        traceNumber: 76401250000001,
      },
      expect.objectContaining({ accountNumber: '000998877', amount: '0.05', individualName: "BOB O'NEIL" }),
    ]);
    expect(decoded.map(({ position }) => position)).toEqual([
      { offsetBytes: 192, line: 3, record: 1 },
      { offsetBytes: 288, line: 4, record: 2 },
    ]);
  });

  it('are written again byte for byte', () => {
    const written = encoder.encodeWhole(valuesIn(decoder.decodeWhole(bytes, options)), options);
    expect(Buffer.from(written).toString()).toBe(bytes.subarray(192, 384).toString());
  });

  it('with a header too many show it as a problem, at the first field that does not hold what it should', () => {
    const decoded = decoder.decodeWhole(bytes, optionsOf({ ...payments, headerRecords: 1 }));
    expect(problemIn(decoded[0])).toMatchObject({
      code: 'MORTISE_FORMAT_VALUE',
      details: { offsetBytes: 96 + 29, line: 2, column: 30, record: 1, field: 'amount' },
    });
    expect(decoded).toHaveLength(3);
  });

  it('cut off in transit are a problem of the record that is short', () => {
    const decoded = decoder.decodeWhole(bytes.subarray(0, 330), optionsOf({ ...payments, trailerRecords: 0 }));
    expect(problemIn(decoded[1])).toMatchObject({
      code: 'MORTISE_FORMAT_SYNTAX',
      message: 'Record 2 has 42 characters; expected 94 characters.',
      details: { offsetBytes: 288, line: 4, record: 2 },
    });
  });
});

describe('stock of a warehouse', () => {
  const decoded = decoder.decodeWhole(fixture('stock.latin1.dat'), optionsOf(stock));

  it('has signs, blanks before numbers, and dates that are not there', () => {
    expect(valuesIn(decoded.slice(0, 2))).toEqual([
      { site: '0001', sku: 'A-100', name: 'Schraube M4 × 20', quantity: 12, value: '19.90', counted: '2026-10-31' },
      { site: '0001', sku: 'B-200', name: 'Größe L', quantity: -3, value: '-0.10', counted: null },
    ]);
  });

  it('says where the day stands that the calendar has not', () => {
    expect(decoded).toHaveLength(3);
    expect(problemIn(decoded[2])).toMatchObject({
      code: 'MORTISE_FORMAT_VALUE',
      message: 'The field "counted" of record 3 holds "20260229"; expected a date as YYYYMMDD.',
      details: { offsetBytes: 3 * 57 + 47, line: 4, column: 48, record: 3, field: 'counted' },
    });
    expect(rawIn(decoded[2])).toMatch(/^0002Ç-300 .*20260229$/);
  });

  it('read in UTF-8 by mistake names the byte', () => {
    const [first, second] = decoder.decodeWhole(fixture('stock.latin1.dat'), optionsOf({ ...stock, encoding: 'utf-8' }));
    expect(problemIn(first)).toMatchObject({
      code: 'MORTISE_FORMAT_ENCODING',
      message: 'Record 1 has the byte 0xd7 at offset 81, which is no part of a character of utf-8.',
      details: { offsetBytes: 81, line: 2, record: 1 },
    });
    expect(problemIn(second)).toMatchObject({ details: { offsetBytes: 128, line: 3, record: 2 } });
  });
});

describe('claims without line ends', () => {
  const bytes = fixture('claims.blocks.dat');

  it('go on behind a record that is faulty', () => {
    const [good, letter, nameless, ...more] = decoder.decodeWhole(bytes, optionsOf(claims));
    expect(good).toEqual({
      value: { kind: 'D', number: 4711, amount: '123.45', name: 'MÜLLER' },
      position: { offsetBytes: 28, record: 1 },
    });
    expect(problemIn(letter)).toMatchObject({
      message:
        'The field "amount" of record 2 holds "0000001A"; expected digits, the last 2 of them behind a point that is not written.',
      details: { offsetBytes: 66, column: 11, record: 2, field: 'amount' },
    });
    expect(problemIn(nameless)).toMatchObject({ details: { offsetBytes: 84 + 18, column: 19, record: 3, field: 'name' } });
    expect(more).toEqual([]);
  });

  it('are no ASCII', () => {
    const [first] = decoder.decodeWhole(bytes, optionsOf({ ...claims, encoding: 'ascii' }));
    expect(problemIn(first)).toMatchObject({ code: 'MORTISE_FORMAT_ENCODING', details: { offsetBytes: 47, record: 1 } });
  });
});

it.each([
  ['payments.ach.txt', payments],
  ['stock.latin1.dat', stock],
  ['claims.blocks.dat', claims],
])('%s reads the same in pieces of any size, whose memory is used again', async (name, written) => {
  const options = optionsOf(written);
  const bytes = fixture(name);
  const whole = decoder.decodeWhole(bytes, options);
  for (const size of [1, 7, 28, 95]) expect(await Array.fromAsync(decoder.decode(reused(bytes, size), options))).toEqual(whole);
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

function problemIn(decoded: Decoded | undefined): unknown {
  return decoded && 'problem' in decoded ? decoded.problem : undefined;
}

function rawIn(decoded: Decoded | undefined): string {
  return decoded && 'raw' in decoded ? Buffer.from(decoded.raw).toString('latin1') : '';
}
