// EBCDIC: every byte of every code page against the system's iconv, and the shifts between one byte and two.

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterEncodings, ebcdicEncodingNames } from './character-encodings.ts';
import { doubleByteCoding, mixedEbcdicNames } from './ebcdic-encodings.ts';

const hasIconv = spawnSync('iconv', ['-f', 'IBM037', '-t', 'UTF-8'], { input: '' }).status === 0;
const isMixed = (name: string): boolean => (mixedEbcdicNames as readonly string[]).includes(name);

describe.skipIf(!hasIconv)('code pages as iconv has them (skipped where there is no iconv that knows them)', () => {
  for (const name of ebcdicEncodingNames) {
    const { decode, encode } = characterEncodings[name];
    const page = `IBM${name.slice('ebcdic-'.length)}`;

    it(`${name}: what all bytes say, and back`, () => {
      const all = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => decode(Uint8Array.of(byte)) !== undefined);
      const ours = decode(Uint8Array.from(all)) ?? '';
      expect(ours).toHaveLength(all.length);
      const theirs = spawnSync('iconv', ['-f', page, '-t', 'UTF-16LE'], { input: Uint8Array.from(all) });
      expect(theirs.stdout.toString('utf16le')).toBe(ours);
      expect(Buffer.from(encode(ours) ?? '').toString('hex')).toBe(Buffer.from(all).toString('hex'));
    });

    it(`${name}: what iconv refuses is refused`, () => {
      const refused = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => decode(Uint8Array.of(byte)) === undefined);
      for (const byte of refused.filter((one) => !isMixed(name) || (one !== 0x0e && one !== 0x0f)))
        expect([byte, spawnSync('iconv', ['-f', page, '-t', 'UTF-8'], { input: Uint8Array.of(byte, 0x40) }).status]).toEqual([
          byte,
          1,
        ]);
    }, 60_000);
  }

  for (const name of mixedEbcdicNames) {
    it(`${name}: the characters of two bytes`, () => {
      const coding = doubleByteCoding(name);
      const pairs = Array.from({ length: 256 * 256 }, (_, pair) => Uint8Array.of(pair >> 8, pair & 0xff));
      const known = pairs.filter((pair) => coding?.decode(pair) !== undefined);
      expect(known.length).toBeGreaterThan(5000);
      const bytes = Buffer.concat([Uint8Array.of(0x0e), ...known, Uint8Array.of(0x0f)]);
      const theirs = spawnSync('iconv', ['-f', `IBM${name.slice('ebcdic-'.length)}`, '-t', 'UTF-16LE'], {
        input: bytes,
        maxBuffer: 2 ** 24,
      });
      expect(theirs.stdout.toString('utf16le')).toBe(characterEncodings[name].decode(bytes));
    });
  }
});

it('letters, digits and line ends', () => {
  const { decode, encode } = characterEncodings['ebcdic-037'];
  expect(Buffer.from(encode('Aa0 {}\n\u0085') ?? '').toString('hex')).toBe('c181f040c0d02515');
  expect(decode(Uint8Array.of(0xc1, 0x25))).toBe('A\n');
  expect(encode('€')).toBeUndefined();
  expect(Buffer.from(characterEncodings['ebcdic-1140'].encode('€') ?? '').toString('hex')).toBe('9f');
});

it('shifts stand where the bytes change', () => {
  const { decode, encode } = characterEncodings['ebcdic-939'];
  expect(Buffer.from(encode('A東B') ?? '').toString('hex')).toBe('c10e45570fc2');
  expect(decode(Uint8Array.of(0x0e, 0x45))).toBeUndefined();
  expect(decode(Uint8Array.of(0x0e, 0x45, 0x57))).toBeUndefined();
});

it('what can be written is read again', () => {
  const law = fc.property(fc.constantFrom(...ebcdicEncodingNames), fc.string({ unit: 'binary', maxLength: 20 }), (name, text) => {
    const bytes = characterEncodings[name].encode(text);
    return bytes === undefined || characterEncodings[name].decode(bytes) === text;
  });
  expect(() => fc.assert(law)).not.toThrow();
});
