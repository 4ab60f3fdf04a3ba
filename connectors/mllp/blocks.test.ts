// Blocks, however the bytes come.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BlockCutter, blockOf, fitsBlock } from './blocks.ts';

function cut(pieces: readonly Uint8Array[], bytesMax = 1000): string[] {
  const cutter = new BlockCutter(bytesMax);
  const found = [...pieces.flatMap((piece) => [...cutter.push(piece)]), ...cutter.end()];
  return found.map((one) =>
    one.kind === 'garbage' ? `garbage ${one.count}` : `${one.kind} ${Buffer.from(one.bytes).toString('latin1')}`,
  );
}

function everyByte(bytes: Uint8Array): Uint8Array[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}

it.each([
  ['one', '\u000bMSH|\u001c\r', ['block MSH|']],
  ['several in one packet', '\u000ba\u001c\r\u000bb\u001c\r\u000b\u001c\r', ['block a', 'block b', 'block ']],
  ['garbage between', 'xy\u000ba\u001c\r\r\n\u000bb\u001c\rz', ['garbage 2', 'block a', 'garbage 2', 'block b', 'garbage 1']],
  ['an end that is none', '\u000ba\u001cb\u001c\u001c\r', ['block a\u001cb\u001c']],
  ['a start within', '\u000bab\u000bcd\u001c\r', ['unended ab', 'block cd']],
  ['a start behind the end', '\u000bab\u001c\u000bcd\u001c\r', ['block ab', 'garbage 0', 'block cd']],
  ['no end', '\u000bab', ['unended ab']],
  ['half an end', '\u000bab\u001c', ['block ab']],
  ['only garbage', '\u001c\rabc', ['garbage 5']],
  ['nothing', '', []],
])('finds %s, cut anywhere', (_, text, expected) => {
  const bytes = Buffer.from(text, 'latin1');
  const found = expected.filter((one) => one !== 'garbage 0');
  expect(cut([bytes])).toEqual(found);
  expect(cut(everyByte(bytes))).toEqual(found);
  for (let at = 1; at < bytes.length; at += 1) expect(cut([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(found);
});

it('holds no more than it may of a block that is too long, and goes on behind it', () => {
  const bytes = Buffer.from('\u000b12345678\u001c\r\u000b1234\u001c\r', 'latin1');
  expect(cut([bytes], 4)).toEqual(['tooLong 1234', 'block 1234']);
  expect(cut(everyByte(bytes), 4)).toEqual(['tooLong 1234', 'block 1234']);
});

it('gives back what was put in blocks', () => {
  const content = fc.uint8Array({ maxLength: 60 }).filter(fitsBlock);
  fc.assert(
    fc.property(fc.array(content, { maxLength: 5 }), fc.array(fc.nat(200), { maxLength: 8 }), (contents, places) => {
      const bytes = Buffer.concat(contents.map(blockOf));
      const cuts = [0, ...places.map((at) => at % (bytes.length + 1)).toSorted((one, other) => one - other), bytes.length];
      const pieces = cuts.slice(1).map((to, index) => bytes.subarray(cuts[index], to));
      expect(cut(pieces)).toEqual(contents.map((one) => `block ${Buffer.from(one).toString('latin1')}`));
    }),
  );
});

it('gives the same for any bytes, however they are cut', () => {
  const unit = fc.constantFrom(0x0b, 0x1c, 0x0d, 0x61);
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), (units) => {
      const bytes = Buffer.from(units);
      expect(cut(everyByte(bytes), 5)).toEqual(cut([bytes], 5));
    }),
    { numRuns: 500 },
  );
});
