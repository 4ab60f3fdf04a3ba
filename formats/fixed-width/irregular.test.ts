// What is irregular is kept: records come back byte for byte, and one field is changed without losing the others.

import { readFields } from '@mortise/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fields = [
  { name: 'id', width: 4, type: 'integer' },
  { name: 'price', at: 6, width: 6, type: 'decimal', scale: 2 },
  { name: 'note', width: 4, align: 'right', pad: '.' },
  { name: 'count', width: 3, type: 'integer', pad: '*' },
  { name: 'due', width: 8, type: 'date' },
];
const read = (written: object) =>
  readFields(format.options, { fields, recordLength: 28, short: 'pad', irregular: 'keep', ...written }).values;
const lines = read({});

const again = (text: string, options: typeof lines): string => {
  const decoded = decoder.decodeWhole(Buffer.from(text), options);
  const values = decoded.map((one) => JSON.parse(JSON.stringify('value' in one ? one.value : one.problem)));
  return Buffer.from(encoder.encodeWhole(values, options)).toString();
};

describe('irregular: keep', () => {
  it('notes paddings, signs, empty dates and gaps by their text', () => {
    const text = '  12x +0001..ab**000000000yz\n';
    expect(decoder.decodeWhole(Buffer.from(text), lines)).toMatchObject([
      {
        value: {
          id: 12,
          price: '0.01',
          count: 0,
          due: null,
          '#irregular': { id: '  12', '#5': 'x', price: ' +0001', due: '00000000', '#27': 'yz' },
        },
      },
    ]);
  });

  it('gives every line back that it reads, also through JSON', () => {
    const content = (characters: string, width: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...Array.from(characters)), minLength: width, maxLength: width });
    const line = fc
      .tuple(
        fc.constantFrom('0012', '  12', '12  ', '+012', '-012', '-000', '0000', '    '),
        content('  x', 1),
        fc.constantFrom('000001', ' +0001', '-1    ', '-00000', '123456', '      '),
        content('.. aé😀', 4),
        fc.constantFrom('**0', '*00', '0 *', '-01', '***', '   ', ' 1 '),
        fc.constantFrom('20261130', '00000000', '        ', ' 0000000'),
        content(' x', 2),
      )
      .map((parts) => parts.join(''));
    const cut = fc.tuple(line, fc.boolean()).map(([text, isCut]) => (isCut ? text.trimEnd() : text));
    let kept = 0;
    fc.assert(
      fc.property(cut, (text) => {
        const [found] = decoder.decodeWhole(Buffer.from(text), lines);
        if (!found || 'problem' in found) return;
        kept += 1;
        expect(again(text, lines)).toBe(`${text}\n`);
      }),
      { numRuns: 3000 },
    );
    expect(kept).toBeGreaterThan(300);
  });

  it('keeps the other fields where one is changed, and drops the note of that one', () => {
    const [found] = decoder.decodeWhole(Buffer.from('  12x +0001..ab**0        yz'), lines);
    const value = found && 'value' in found ? (found.value as Record<string, unknown>) : {};
    expect(Buffer.from(encoder.encodeWhole([{ ...value, id: 13 }], lines)).toString()).toBe('0013x +0001..ab**0        yz\n');
  });

  it.each([
    ['of another width', { id: '12' }],
    ['that is no text', { id: 12 }],
    ['of another value', { id: '  99' }],
    ['with a line end', { '#5': '\n' }],
    ['of a length that would lose something', { '#length': '7' }],
  ])('passes over a note %s', (_, noted) => {
    const value = { id: 12, price: '0.01', note: 'ab', count: 1, due: '2026-11-30', '#irregular': noted };
    expect(Buffer.from(encoder.encodeWhole([value], lines)).toString()).toBe('0012 000001..ab**120261130  \n');
  });

  it('works in blocks of EBCDIC', () => {
    const options = read({ newline: 'none', encoding: 'ebcdic-037' });
    const written = encoder.encodeWhole([{ id: 12, '#irregular': { id: '+012', '#5': 'x' } }], options);
    expect(decoder.decodeWhole(written, options)).toMatchObject([{ value: { id: 12, '#irregular': { id: '+012', '#5': 'x' } } }]);
  });

  it('refuses fields that are called as its notes are', () => {
    const options = readFields(format.options, { fields: [{ name: '#5', width: 1 }], irregular: 'keep' }).values;
    expect(() => decoder.decodeWhole(Buffer.of(), options)).toThrow(/begins with "#"/);
  });

  it('is off where nobody asked: nothing is noted, and a property of that name is a stray one', () => {
    const options = readFields(format.options, { fields: [{ name: 'n', width: 2, type: 'integer' }] }).values;
    expect(decoder.decodeWhole(Buffer.from('+1'), options)).toMatchObject([{ value: { n: 1 } }]);
    expect(() => encoder.encodeWhole([{ n: 1, '#irregular': {} }], options)).toThrow(/no field of the layout/);
  });
});
