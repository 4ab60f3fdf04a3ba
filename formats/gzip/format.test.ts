// The gzip format: the kit, with other formats inside, files that other programs made, and what expands to too much.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bindOptions, readFields } from '@mortise/sdk';
import { formatKit, loadFormat, noiseText, optionSupply } from '@mortise/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const names = ['csv', 'ndjson', 'json', 'text', 'binary', 'gzip'];
const inner = await Promise.all(names.map((name) => loadFormat(join(import.meta.dirname, '..', name))));

const csv = { of: 'csv' };
const member = gzipSync('a,b\r\n1,2\r\n');

formatKit({
  format,
  decoder,
  encoder,
  inner,
  folder: import.meta.dirname,
  samples: [
    {
      name: 'a file that gzip made, with its name in it',
      options: csv,
      bytes: fixture('orders.csv.gz'),
      values: [{ orderId: '4711', customer: 'Müller, Söhne' }],
    },
    {
      name: 'one appended to another',
      options: csv,
      bytes: fixture('appended.csv.gz'),
      values: [
        { orderId: '4711', customer: 'Müller, Söhne' },
        { orderId: '4712', customer: 'Smith' },
      ],
    },
    {
      name: 'a file that Python made',
      options: { of: 'ndjson' },
      bytes: fixture('journal.ndjson.gz'),
      values: Array.from({ length: 300 }, (_, line) => ({ line, text: 'posted' })),
    },
    { name: 'one value inside', options: { of: 'json' }, values: [{ a: [1, 2] }], regular: true },
    { name: 'gzip inside gzip', options: { of: { gzip: { of: 'text' } } }, values: ['twice'], regular: true },
    {
      name: 'everything a header may hold',
      options: { of: 'text' },
      bytes: Buffer.concat([
        Buffer.of(0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 2, 3, 3, 0, 65, 66, 67),
        Buffer.from('name\0comment\0\0\0'),
        gzipSync('ok').subarray(10),
      ]),
      values: ['ok'],
    },
    { name: 'nothing', options: { of: 'text' }, bytes: gzipSync(''), values: [''] },
  ],
  invalid: [
    { name: 'no gzip', options: csv, bytes: 'a,b\r\n', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0 } },
    { name: 'no bytes', options: csv, bytes: '', code: 'MORTISE_FORMAT_SYNTAX', position: { offsetBytes: 0 } },
    {
      name: 'another method',
      options: csv,
      bytes: Buffer.of(0x1f, 0x8b, 7, 0),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0 },
    },
    {
      name: 'something behind it',
      options: csv,
      bytes: Buffer.concat([member, Buffer.alloc(16)]),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: member.length },
    },
    {
      name: 'cut off in the data',
      options: csv,
      bytes: member.subarray(0, 16),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 16 },
    },
    {
      name: 'cut off in the trailer',
      options: csv,
      bytes: member.subarray(0, -1),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: member.length - 1 },
    },
    {
      name: 'another checksum',
      options: csv,
      bytes: Buffer.concat([member.subarray(0, -8), Buffer.alloc(4), member.subarray(-4)]),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: member.length - 8 },
    },
    {
      name: 'another length',
      options: csv,
      bytes: Buffer.concat([member.subarray(0, -4), Buffer.alloc(4)]),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: member.length - 8 },
    },
    {
      name: 'a header without end',
      options: csv,
      bytes: Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0), Buffer.alloc(20_000, 'a')]),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 0 },
    },
    {
      name: 'a record that is none inside',
      options: csv,
      bytes: gzipSync('a,b\r\n1\r\n3,4\r\n'),
      code: 'MORTISE_FORMAT_SYNTAX',
      position: { offsetBytes: 5, line: 2, record: 1 },
      values: [{ a: '3', b: '4' }],
      raw: '1',
    },
    {
      name: 'more bytes than are allowed',
      options: { ...csv, bytesMax: '8B' },
      bytes: member,
      code: 'MORTISE_FORMAT_LIMIT',
      position: {},
    },
    { name: 'a bomb', options: csv, bytes: gzipSync(Buffer.alloc(4_000_000)), code: 'MORTISE_FORMAT_LIMIT', position: {} },
  ],
  unwritable: [{ name: 'what the format inside cannot write', options: { of: 'text' }, values: [1], says: /type number/ }],
  roundTrips: [
    {
      name: 'bytes',
      options: { of: 'binary', level: 9 },
      values: fc.uint8Array({ maxLength: 3000 }).map((bytes) => [bytes]),
    },
    { name: 'texts', options: { of: 'ndjson' }, values: fc.array(fc.string()) },
  ],
  load: { options: { of: 'ndjson', level: 1 }, value: (at) => ({ at, text: noiseText(at, 4000) }) },
});

describe('bytes that gzip wrote', () => {
  const options = bound({ of: 'text' });

  it('are the same every time, and the platform reads them', () => {
    const bytes = encoder.encodeWhole(['Müller'], options);
    expect(Buffer.from(bytes).equals(encoder.encodeWhole(['Müller'], options))).toBe(true);
    expect(gunzipSync(bytes).toString()).toBe('Müller');
  });
});

describe('a bomb', () => {
  it('is refused long before all of it was expanded', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    let records = 0;
    const read = async (): Promise<void> => {
      for await (const _ of decoder.decode(once(bomb), bound({ of: 'binary' }))) records += 1;
    };
    await expect(read()).rejects.toThrow(/ratioMax/);
    expect(records).toBe(0);
  });
});

it('an inner fault is told behind that of the container', async () => {
  const broken = Buffer.from(gzipSync('"\r\n'.repeat(3)));
  broken[broken.length - 8] = (broken.at(-8) ?? 0) ^ 1;
  await expect(Array.fromAsync(decoder.decode(once(broken), bound(csv)))).rejects.toThrow(/another checksum/);
});

function bound(written: Readonly<Record<string, unknown>>): Parameters<typeof decoder.decodeWhole>[1] {
  const { values } = readFields(format.options, written);
  return bindOptions(format.options, values, optionSupply(inner)).values as Parameters<typeof decoder.decodeWhole>[1];
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
