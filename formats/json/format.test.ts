// The json format: the kit. How JSON is read and written is the SDK's, and tested there.

import { readFileSync } from 'node:fs';
import { formatKit } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

/** Values that come back as they were: finite numbers that a double holds, and no negative zero. */
const jsonValues = fc
  .jsonValue({ maxDepth: 6 })
  .filter((value) => !/-0(?![.\d])|\d{16}/.test(JSON.stringify(value)) && !JSON.stringify(value).includes('e+'))
  .map((value): unknown[] => [JSON.parse(JSON.stringify(value))]);

formatKit({
  format,
  decoder,
  encoder,
  folder: import.meta.dirname,
  samples: [
    { name: 'an order', bytes: fixture('order.json'), positions: [{ offsetBytes: 0 }] },
    {
      name: 'digits that a double does not hold',
      bytes: fixture('exact-numbers.json'),
      values: [{ invoice: '123456789012345678901', total: '1234567890.123456789', rate: 1.5, limit: 9007199254740991 }],
    },
    {
      name: 'the same, rounded where asked for',
      options: { numbers: 'native' },
      bytes: fixture('exact-numbers.json'),
      values: [{ invoice: 123456789012345680000, total: 1234567890.1234567, rate: 1.5, limit: 9007199254740991 }],
    },
    { name: 'a byte order mark', bytes: fixture('byte-order-mark.json'), values: [{ mark: true }] },
    {
      name: 'one line',
      bytes: '{"a":[1,2.5,"é\\n",null,true,{}]}',
      values: [{ a: [1, 2.5, 'é\n', null, true, {}] }],
      regular: true,
    },
    { name: 'indented', options: { indent: 2 }, bytes: '{\n  "a": [\n    1\n  ]\n}', regular: true },
    { name: 'a bare text', bytes: '"4711"', values: ['4711'], regular: true },
    { name: 'blanks around', bytes: ' \r\n\t7 \n', values: [7] },
    { name: 'a key twice', bytes: '{"a":1,"a":2}', values: [{ a: 2 }] },
    { name: 'a key __proto__', bytes: '{"__proto__":{"polluted":true},"n":12345678901234567890}', values: [protoRecord()] },
  ],
  invalid: [
    { name: 'nothing', bytes: '', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0, line: 1, column: 1 } },
    { name: 'cut off', bytes: '{"a":[1,', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 8, line: 1, column: 9 } },
    {
      name: 'a bare word',
      bytes: '{\n  "ä": x }',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 10, line: 2, column: 8 },
    },
    {
      name: 'a fault behind a mark',
      bytes: '\ufeff[1,]',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 6, line: 1, column: 4 },
    },
    {
      name: 'two marks',
      bytes: '\ufeff\ufeff1',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 3, line: 1, column: 1 },
    },
    { name: 'more behind', bytes: '{} {}', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 3, line: 1, column: 4 } },
    {
      name: 'too deep',
      options: { depthMax: 3 },
      bytes: '["[[[[",\n[[[]]]]',
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 11, line: 2, column: 3 },
    },
    {
      name: 'no UTF-8',
      bytes: Buffer.from('{"a":1,\n"b":"M\xfcller"}', 'latin1'),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 14, line: 2, column: 7 },
    },
    {
      name: 'no UTF-8, behind a genuine replacement character',
      bytes: Buffer.concat([Buffer.from('["\ufffd",\n"'), Buffer.of(0xe2, 0x82), Buffer.from('"]')]),
      code: 'MORTISE_FORMAT_ENCODING',
      position: { offsetBytes: 9, line: 2, column: 2 },
    },
  ],
  unwritable: [
    { name: 'no value', values: [], says: /one value, not 0/ },
    { name: 'two values', values: [1, 2], says: /one value, not 2.*ndjson/ },
    { name: 'undefined', values: [undefined], says: /type undefined/ },
    { name: 'NaN', values: [{ total: [NaN] }], says: /NaN of "0"/ },
    { name: 'an infinite total', values: [{ n: null, total: -Infinity }], says: /-Infinity of "total"/ },
    { name: 'bytes', values: [Uint8Array.of(1)], says: /Bytes are no JSON value/ },
    { name: 'a cycle', values: [cycle()], says: /circular/i },
  ],
  roundTrips: [
    { name: 'any JSON', values: jsonValues },
    { name: 'any JSON, indented', options: { indent: 3 }, values: jsonValues },
    {
      name: 'any double, native',
      options: { numbers: 'native' },
      values: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => [value + 0 || 0]),
    },
  ],
});

function protoRecord(): unknown {
  const record = { n: '12345678901234567890' };
  return Object.defineProperty(record, '__proto__', {
    value: { polluted: true },
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function cycle(): unknown {
  const loop: unknown[] = [];
  loop.push({ loop });
  return loop;
}
