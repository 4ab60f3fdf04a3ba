// The ndjson format: the kit, and what is seen before a fault.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const defaults = readFields(format.options, {}).values;

const record = fc
  .dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null)))
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'orders',
      bytes: fixture('orders.ndjson'),
      values: [
        { orderId: '4711', total: 99.9 },
        { orderId: '4712', total: null },
        { orderId: '4713', name: 'Müller' },
      ],
      positions: [
        { offsetBytes: 0, line: 1, record: 1 },
        { offsetBytes: 32, line: 2, record: 2 },
        { offsetBytes: 64, line: 3, record: 3 },
      ],
      regular: true,
    },
    {
      name: 'CRLF, blank lines, no end of the last one, long numbers',
      bytes: fixture('crlf-and-blanks.ndjson'),
      values: [{ n: 1 }, { n: 2 }, { n: '12345678901234567890' }],
      positions: [
        { offsetBytes: 0, line: 1, record: 1 },
        { offsetBytes: 15, line: 4, record: 2 },
        { offsetBytes: 24, line: 5, record: 3 },
      ],
    },
    { name: 'CRLF', options: { newline: 'crlf' }, bytes: '1\r\n[2]\r\n"3"\r\n', regular: true },
    { name: 'nothing', bytes: '', values: [], regular: true },
    { name: 'only blank lines', bytes: '\n \n\t\r\n', values: [] },
    { name: 'byte order marks', bytes: '\ufeff1\n\ufeff2\n', values: [1, 2] },
    { name: 'native numbers', options: { numbers: 'native' }, bytes: '1e400\n', values: [Infinity] },
    {
      name: 'a line of just the length allowed',
      options: { lineBytesMax: '4B' },
      bytes: '1234\r\n"ab"\n1234',
      values: [1234, 'ab', 1234],
    },
  ],
  invalid: [
    {
      name: 'a broken line',
      bytes: fixture('broken-line.ndjson'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 13, line: 2, column: 6, record: 2 },
      values: [{ n: 1 }, { n: 3 }],
      raw: '{"n":',
    },
    {
      name: 'a line too long',
      options: { lineBytesMax: '4B' },
      bytes: '1\n12345\r\n3\n',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 2, line: 2, record: 2 },
      values: [1, 3],
      raw: '1234',
    },
    {
      name: 'a line too long that begins with blanks',
      options: { lineBytesMax: '4B' },
      bytes: '     {"a":1}\n2',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0, line: 1, record: 1 },
      values: [2],
    },
    {
      name: 'a last line too long',
      options: { lineBytesMax: '4B' },
      bytes: '1\n12345',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 2, line: 2, record: 2 },
      values: [1],
    },
    {
      name: 'no UTF-8',
      bytes: Buffer.from('1\n"M\xfcller"\n3', 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 4, line: 2, column: 3, record: 2 },
      values: [1, 3],
      raw: Buffer.from('"M\xfcller"', 'latin1'),
    },
    {
      name: 'too deep',
      options: { depthMax: 2 },
      bytes: '[[]]\n[[[]]]',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 7, line: 2, column: 3, record: 2 },
      values: [[[]]],
    },
  ],
  unwritable: [
    { name: 'undefined', values: [1, undefined], says: /type undefined/ },
    { name: 'NaN', values: [{ total: NaN }], says: /NaN of "total"/ },
  ],
  roundTrips: [
    { name: 'any records', values: fc.array(record) },
    { name: 'any records, CRLF', options: { newline: 'crlf' }, values: fc.array(record) },
  ],
  load: {
    value: (index) => ({ orderId: String(index), customer: 'Müller & Söhne', total: index / 4, note: 'n'.repeat(index % 200) }),
  },
});

it('gives the values before a fault of the stream itself', async () => {
  async function* torn(): AsyncIterable<Uint8Array> {
    yield Buffer.from('1\n2\n3');
    throw new Error('connection reset');
  }
  const values: unknown[] = [];
  const reading = async (): Promise<void> => {
    for await (const decoded of decoder.decode(torn(), defaults))
      values.push('value' in decoded ? decoded.value : decoded.problem);
  };
  await expect(reading()).rejects.toThrow('connection reset');
  expect(values).toEqual([1, 2]);
});
