// Hostile bytes, a thousand times, and what would fill memory or time.

import { readFields } from '@mortise/sdk';
import { expect, it } from 'vitest';
import { decoder } from './decode.ts';
import format from './format.ts';
import { tryHostile } from './hostile.fixture.ts';

const options = readFields(format.options, {}).values;

it('survives a thousand broken files', () => {
  let tried = 0;
  for (; tried < 1000; tried += 1) tryHostile(tried);
  expect(tried).toBe(1000);
});

it.each([
  ['delimiters', '|'],
  ['repetitions', '~'],
  ['escape characters', '\\'],
  ['escape sequences', '\\H\\'],
  ['line ends', '\r'],
  ['quotes', '"'],
  ['block starts', '\u000b'],
  ['components and subcomponents', '&^'],
  ['fields', 'a|'],
])('reads a message of two million bytes of %s, as one record', (_, piece) => {
  const decoded = decoder.decodeWhole(Buffer.from(`MSH|^~\\&|A\rZZZ|${piece.repeat(2_000_000 / piece.length)}\r`), options);
  expect(decoded).toHaveLength(1);
});

it('holds no more of a line without end than a message may have', async () => {
  let sent = 0;
  async function* endless(): AsyncIterable<Uint8Array> {
    yield Buffer.from('MSH|^~\\&|A\rOBX|1|ED|||');
    const chunk = Buffer.alloc(65_536, 'A');
    for (; sent < 64 * 1024 ** 2; sent += chunk.length) yield chunk;
    yield Buffer.from('\rMSH|^~\\&|B\r');
  }
  const found: string[] = [];
  for await (const one of decoder.decode(endless(), { ...options, messageBytesMax: 1_000_000 }))
    found.push('problem' in one ? `${one.problem.code} ${one.raw.length}` : JSON.stringify(one.position));
  expect(found).toEqual(['MORTISE_FORMAT_LIMIT 1000000', JSON.stringify({ offsetBytes: 23 + sent, line: 3, record: 2 })]);
});
