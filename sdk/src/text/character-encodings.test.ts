// Character encodings: compared with the platform's, and every byte that is refused has its place.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterEncodings, firstUndecodableByte, hasByteOrderMark, undecodable, unencodable } from './character-encodings.ts';
import type { CharacterEncoding } from './character-encodings.ts';
import { multiByteNames, singleByteNames } from './table-encodings.ts';

const names = Object.keys(characterEncodings) as CharacterEncoding[];
const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** What the platform takes these names for. */
const otherThanPlatform = {
  'iso-8859-11': 'windows-874',
  'iso-8859-9': 'windows-1254',
  'koi8-u': 'a variant with a Belarusian letter',
};

describe('decoding', () => {
  it('windows-1252 is what the platform says it is', () => {
    expect(characterEncodings['windows-1252'].decode(allBytes)).toBe(new TextDecoder('windows-1252').decode(allBytes));
  });

  it.each(singleByteNames.filter((name) => isOfPlatform(name) && !Object.hasOwn(otherThanPlatform, name)))(
    '%s is what the platform says it is, where that is sure',
    (encoding) => {
      const platform = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
      const differing = [...allBytes].filter((byte) => {
        const [ours, theirs] = [
          characterEncodings[encoding].decode(Uint8Array.of(byte)),
          decodedBy(platform, Uint8Array.of(byte)),
        ];
        return ours !== theirs && ours !== undefined && theirs !== undefined;
      });
      expect(differing).toEqual([]);
    },
  );

  it.each([
    ['windows-1250', 'Žluťoučký kůň €', '8e6c759d6f75e86bfd206bf9f22080'],
    ['windows-1251', 'Заказ № 5', 'c7e0eae0e720b92035'],
    ['iso-8859-15', '€ Œuvre', 'a420bc75767265'],
    ['cp850', 'Müller ½', '4d816c6c657220ab'],
    ['cp858', '5 €', '3520d5'],
    ['koi8-r', 'Мир', 'edc9d2'],
    ['shift_jis', '表示ソ', '955c8ea6835c'],
    ['euc-jp', '注文', 'c3edcab8'],
    ['gbk', '订单€', 'b6a9b5a580'],
    ['gb18030', '订\u{20000}', 'b6a995328236'],
    ['big5', '許功蓋', 'b35ca55cbb5c'],
    ['euc-kr', '주문', 'c1d6b9ae'],
    ['utf-16be', 'a€', '006120ac'],
    ['utf-32le', 'a😀', '6100000000f60100'],
    ['utf-32be', '€', '000020ac'],
  ] as const)('%s writes %s as the standard has it, and reads it again', (encoding, text, hex) => {
    const written = characterEncodings[encoding].encode(text);
    expect(Buffer.from(written ?? []).toString('hex')).toBe(hex);
    expect(characterEncodings[encoding].decode(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it.each(['windows-1251', 'iso-8859-9', 'ebcdic-037', 'ebcdic-870'] as const)(
    '%s: a long text is the same as its characters one by one',
    (encoding) => {
      const { decode } = characterEncodings[encoding];
      const bytes = Uint8Array.from({ length: 9973 }, (_, index) => 0x41 + (index % 9));
      const characters = Array.from(bytes, (byte) => decode(Uint8Array.of(byte)));
      expect(decode(bytes)).toBe(characters.join(''));
      expect(characterEncodings[encoding].encode(characters.join(''))).toEqual(bytes);
    },
  );

  it('latin1 is every byte as its code point, and ascii only the lower half', () => {
    expect(characterEncodings.latin1.decode(allBytes)).toBe(String.fromCodePoint(...allBytes));
    expect(characterEncodings.ascii.decode(allBytes)).toBeUndefined();
    expect(characterEncodings.ascii.decode(allBytes.subarray(0, 128))).toBe(String.fromCodePoint(...allBytes.subarray(0, 128)));
  });

  it.each(['utf-8', 'utf-16le'] as const)('%s is strict, keeps the mark, and is as the platform reads it', (encoding) => {
    const strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(almostText(encoding), (bytes) => {
        expect(characterEncodings[encoding].decode(bytes)).toBe(decodedBy(strict, bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('encoding', () => {
  it.each(names)('%s: what it writes it reads as the same text; what it cannot write it refuses', (encoding) => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom('a', 'ü', '€', '\u0081', '\uffff', '😀', '\ud83d'), fc.string()) });
    fc.assert(
      fc.property(text, (given) => {
        const bytes = characterEncodings[encoding].encode(given);
        const outcome = bytes ? characterEncodings[encoding].decode(bytes) : unencodable(given, encoding, 'It').message;
        expect(bytes ? outcome === given : /^It has .+ which \S+ cannot write/s.test(outcome ?? '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each(names)('%s: writes every text that it reads', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4 }), (bytes) => {
        const text = characterEncodings[encoding].decode(bytes);
        fc.pre(text !== undefined);
        const written = characterEncodings[encoding].encode(text);
        // Tables of two bytes have some characters twice, and some for private use that can only be read.
        const again = written ? characterEncodings[encoding].decode(written) : text;
        const same = isMultiByte(encoding) ? again === text : Buffer.from(written ?? []).equals(bytes);
        expect(same).toBe(true);
      }),
    );
  });
});

describe('the first byte that is no character', () => {
  it.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'ascii'] as const)(
    'of %s: all before it is text, and no more',
    (encoding) => {
      const { decode } = characterEncodings[encoding];
      fc.assert(
        fc.property(almostText(encoding), (bytes) => {
          fc.pre(decode(bytes) === undefined);
          const index = firstUndecodableByte(bytes, encoding);
          expect(decode(bytes.subarray(0, index))).toBeDefined();
          const behind = [1, 2, 3, 4].map((count) => bytes.subarray(index, index + count));
          expect(behind.every((next) => decode(next) === undefined)).toBe(true);
        }),
        { numRuns: 1000 },
      );
    },
  );

  it('is told by its place in all bytes', () => {
    const bytes = Buffer.concat([Buffer.from('\ufffdé'), Buffer.of(0x0c | 0xf0, 0x41)]);
    const error = undecodable(bytes, 'utf-8', 'Record 3', { offsetBytes: 100, record: 3 });
    expect(error.code).toBe('MORTISE_FORMAT_ENCODING');
    expect(error.message).toBe('Record 3 has the byte 0xfc at offset 105, which is no part of a character of utf-8.');
    expect(error.details).toEqual({ offsetBytes: 105, record: 3 });
  });
});

describe('byte order marks', () => {
  it.each(names)('%s', (encoding) => {
    const { byteOrderMark, decode } = characterEncodings[encoding];
    const hasOne = encoding.startsWith('utf');
    expect(decode(byteOrderMark)).toBe(hasOne ? '\ufeff' : '');
    expect(hasByteOrderMark(Buffer.concat([byteOrderMark, Buffer.from('a\0')]), encoding)).toBe(hasOne);
    expect(hasByteOrderMark(byteOrderMark.subarray(0, -1), encoding)).toBe(false);
    expect(hasByteOrderMark(Buffer.from('abc'), encoding)).toBe(false);
  });
});

function isOfPlatform(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding !== '';
  } catch {
    return false;
  }
}

function isMultiByte(encoding: CharacterEncoding): boolean {
  return (multiByteNames as readonly string[]).includes(encoding);
}

/** Text in the encoding, with a few bytes changed or cut off. */
function almostText(encoding: CharacterEncoding): fc.Arbitrary<Uint8Array> {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\ufeff', '\ufffd', '\u0000'), maxLength: 12 });
  return fc
    .tuple(
      text,
      fc.array(fc.tuple(fc.nat(40), fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xd8, 0xdc, 0xe2, 0xf0, 0xff)), { maxLength: 2 }),
    )
    .chain(([given, changes]) => {
      const bytes = Buffer.from(characterEncodings[encoding].encode(given) ?? Buffer.from(given, 'latin1'));
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      return fc.nat(3).map((cut) => Uint8Array.from(bytes.subarray(0, Math.max(0, bytes.length - cut))));
    });
}

function decodedBy(strict: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
