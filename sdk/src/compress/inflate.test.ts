// Inflating: the platform's own compressor is the measure, for every way to compress and every cut.

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deflater } from './deflate.ts';
import { InflateFault, Inflater } from './inflate.ts';

interface Outcome {
  readonly bytes: Buffer;
  readonly fault?: { readonly what: string; readonly offsetBytes: number };
  readonly rest: Buffer;
}

const strategies = [
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FILTERED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
  constants.Z_FIXED,
];

/** Bytes that compress: parts of a few words, repeated near and far. */
const data = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.tuple(fc.constantFrom('order', 'a', '\0\0\0\0\0\0\0\0', 'Müller', '4711;'), fc.integer({ min: 1, max: 400 })), {
      maxLength: 30,
    })
    .map((parts) => new Uint8Array(Buffer.from(parts.map(([word, count]) => word.repeat(count)).join('')))),
);

describe('inflating', () => {
  it('gives what the platform compressed, at any level, by any strategy, however it is cut', () => {
    fc.assert(
      fc.property(
        data,
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(...strategies),
        fc.integer({ min: 1, max: 700 }),
        (bytes, level, strategy, step) => {
          const compressed = deflateRawSync(bytes, { level, strategy });
          const outcome = inflated(Buffer.concat([compressed, Buffer.from('rest')]), step);
          expect(outcome.fault).toBeUndefined();
          expect(outcome.bytes.equals(bytes)).toBe(true);
          expect(outcome.rest.toString()).toBe('rest');
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives megabytes in pieces that are small', () => {
    const bytes = Buffer.alloc(5_000_000, 'All work and no play. ');
    const pieces = [...new Inflater().push(deflateRawSync(bytes))];
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(65 * 1024);
  });

  it('finds the same fault, behind the same bytes, however damaged data are cut; the platform refuses them too', () => {
    const damaged = fc
      .tuple(data, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean())
      .map(([bytes, at, change, cutOff]) => {
        const compressed = deflateRawSync(bytes);
        const index = at % compressed.length;
        if (cutOff) return compressed.subarray(0, index);
        compressed[index] = (compressed[index] ?? 0) ^ change;
        return compressed;
      });
    fc.assert(
      fc.property(damaged, fc.integer({ min: 1, max: 20 }), (bytes, step) => {
        const whole = inflated(bytes, bytes.length || 1);
        const cut = inflated(bytes, step);
        expect({ ...cut, rest: undefined }).toEqual({ ...whole, rest: undefined });
        expect(whole.fault === undefined).toBe(platformAccepts(bytes));
      }),
      { numRuns: 1500 },
    );
  });

  it('says what is wrong with a block, and where', () => {
    expect(inflated(Buffer.of(0b111), 1).fault).toEqual({ what: 'a block is of an unknown type', offsetBytes: 1 });
    expect(inflated(Buffer.of(1, 1, 0, 0, 0), 1).fault?.what).toBe('the length of a stored block contradicts itself');
    expect(inflated(Buffer.of(), 1).fault).toEqual({ what: 'the compressed data end too early', offsetBytes: 0 });
    expect(inflated(Buffer.of(0b011, 0b110), 1).fault?.what).toMatch(/too early|before the beginning/);
  });
});

describe('deflating', () => {
  it('gives the same bytes however the data are cut, and the platform reads them', () => {
    const bytes = Buffer.alloc(600_000, 'Forty orders, four of them late; ');
    const whole = deflated(bytes, bytes.length);
    expect(deflated(bytes, 7001).equals(whole)).toBe(true);
    expect(inflateRawSync(whole).equals(bytes)).toBe(true);
    expect(inflated(whole, 999).bytes.equals(bytes)).toBe(true);
    expect(inflateRawSync(deflated(Buffer.alloc(0), 1))).toEqual(Buffer.alloc(0));
  });
});

function inflated(bytes: Uint8Array, step: number): Outcome {
  const inflater = new Inflater();
  const pieces: Uint8Array[] = [];
  let at = 0;
  try {
    for (; at < bytes.length && !inflater.done; at += step)
      for (const piece of inflater.push(bytes.subarray(at, at + step))) pieces.push(piece);
    pieces.push(...inflater.end());
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    return { bytes: Buffer.concat(pieces), fault: { what: error.message, offsetBytes: error.offsetBytes }, rest: Buffer.of() };
  }
  return { bytes: Buffer.concat(pieces), rest: Buffer.concat([inflater.rest, bytes.subarray(at)]) };
}

function platformAccepts(bytes: Uint8Array): boolean {
  try {
    inflateRawSync(bytes);
    return true;
  } catch {
    return false;
  }
}

function deflated(bytes: Uint8Array, step: number): Buffer {
  const deflater = new Deflater(6);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) pieces.push(...deflater.push(bytes.subarray(at, at + step)));
  return Buffer.concat([...pieces, deflater.end()]);
}
