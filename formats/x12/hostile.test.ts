// Files that were changed at random: whatever comes, it ends, within bounds, with codes that are known, and the same in any pieces.

import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';
import { mutations } from './mutations.fixture.ts';

const order = readFileSync(new URL('fixtures/purchase-order.edi', import.meta.url));
const options = readFields(format.options, { acknowledge: '997', ta1: 'always', faults: 'value', setBytesMax: '64KiB' }).values;

describe('changed at random', () => {
  it('is read to its end, and what was read is written again', () => {
    for (const bytes of mutations([order], 1000, 1)) {
      const values = decoder.decodeWhole(bytes, options).flatMap((one) => ('value' in one ? [one.value] : []));
      expect(values.length).toBeLessThanOrEqual(bytes.length);
      expect(writtenOrRefused(values)).toBe(true);
    }
  });

  it('gives the same in pieces', async () => {
    for (const bytes of mutations([order], 200, 2)) {
      const whole = decoder.decodeWhole(bytes, options);
      expect(await Array.fromAsync(decoder.decode(inPieces(bytes, 1 + (bytes.length % 7)), options))).toEqual(whole);
    }
  });
});

describe('more than anybody sends', () => {
  const begin = order.subarray(0, order.indexOf('ST*'));
  const many: readonly { readonly what: string; readonly bytes: Uint8Array }[] = [
    { what: 'a million terminators', bytes: Buffer.concat([begin, Buffer.alloc(1e6, '~')]) },
    {
      what: 'a million element separators',
      bytes: Buffer.concat([begin, Buffer.from('ST*850*0001~BEG'), Buffer.alloc(1e6, '*'), Buffer.from('~')]),
    },
    { what: 'a million blanks', bytes: Buffer.concat([Buffer.alloc(1e6, ' '), order]) },
    { what: 'the beginning of an interchange, many times', bytes: Buffer.from('ISA*'.repeat(50_000)) },
    { what: 'a segment that never ends', bytes: Buffer.concat([begin, Buffer.from('ST*850*0001~'), Buffer.alloc(1e6, 'x')]) },
    {
      what: 'binary data that is longer than the file',
      bytes: Buffer.concat([begin, Buffer.from('ST*841*0001~BIN*999999999999999*x~'), Buffer.alloc(1e6, 'x')]),
    },
    {
      what: 'five thousand levels, each below the last',
      bytes: Buffer.concat([
        begin,
        Buffer.from('ST*856*0001~BSN*00*1*20260102*0930~'),
        Buffer.from(Array.from({ length: 5000 }, (_, at) => `HL*${at + 1}*${at === 0 ? '' : at}*I~`).join('')),
      ]),
    },
    { what: 'two thousand interchanges in each other', bytes: Buffer.concat(Array.from({ length: 2000 }, () => begin)) },
  ];

  it.each(many)('$what', ({ bytes }) => {
    const decoded = decoder.decodeWhole(bytes, options);
    expect(decoded.length).toBeGreaterThan(0);
    expect(decoded.length).toBeLessThanOrEqual(40_000);
  });
});

/** Findings may make a value that cannot be written; then it is refused, and nothing else happens. */
function writtenOrRefused(values: readonly unknown[]): boolean {
  try {
    encoder.encodeWhole(values, options);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'MORTISE_FORMAT_UNWRITABLE';
  }
}

async function* inPieces(bytes: Uint8Array, length: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.slice(at, at + length);
}
