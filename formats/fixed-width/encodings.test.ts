// Fixed-width records in encodings of two and four bytes a character: in lines and in blocks, cut anywhere.

import { characterEncodings, readFields } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const fields = [
  { name: 'id', width: 4 },
  { name: 'name', width: 6 },
];
const values = [
  { id: '4711', name: '表示ソ' },
  { id: '1', name: '請求\u0a0a' },
];
const read = (written: Readonly<Record<string, unknown>>) => readFields(format.options, { fields, ...written }).values;

describe('records', () => {
  it.each([
    ...(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be', 'gb18030'] as const).flatMap((encoding) => [
      { encoding, newline: 'lf' },
      { encoding, newline: 'crlf' },
    ]),
    { encoding: 'utf-32be', newline: 'none' },
  ] as const)('in $encoding with line ends: $newline', async ({ encoding, newline }) => {
    const options = read({ encoding, newline });
    const bytes = encoder.encodeWhole(values, options);
    const whole = decoder.decodeWhole(bytes, options);
    expect(whole).toMatchObject(values.map((value) => ({ value })));
    for (const step of [1, 3, bytes.length])
      expect(await Array.fromAsync(decoder.decode(cut(bytes, step), options))).toEqual(whole);
  });

  it('in Shift_JIS, whose second bytes may be a backslash', () => {
    const options = read({ encoding: 'shift_jis' });
    const [first] = values;
    expect(decoder.decodeWhole(encoder.encodeWhole([first], options), options)).toMatchObject([{ value: first }]);
  });

  it('that are too long are told by their length, and the ones behind them are read', () => {
    const options = read({ encoding: 'utf-16le' });
    const text = `${'x'.repeat(3000)}\n0001abcdef\n`;
    const decoded = decoder.decodeWhole(characterEncodings['utf-16le'].encode(text) ?? Buffer.of(), options);
    expect(decoded).toMatchObject([
      { problem: { code: 'MORTISE_FORMAT_SYNTAX', message: 'Record 1 has 6000 bytes; expected 10 characters.' } },
      { value: { id: '0001', name: 'abcdef' }, position: { offsetBytes: 6002, line: 2, record: 2 } },
    ]);
  });

  it.each(['utf-16le', 'shift_jis', 'utf-8'])('cannot stand in blocks in %s', (encoding) => {
    expect(() => decoder.decodeWhole(Buffer.of(), read({ encoding, newline: 'none' }))).toThrow(/no fixed number of bytes/);
  });
});

async function* cut(bytes: Uint8Array, step: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}
