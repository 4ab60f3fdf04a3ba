// The format kit itself: a small right format passes every check, and each way of doing it wrong is found by the check meant for it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { optionTable } from '../field-docs.ts';
import { field } from '../field.ts';
import { defineFormat, formatError } from '../format.ts';
import type { Decoded, Decoder, Encoder } from '../format.ts';
import { formatChecks, withReader } from './format-kit-checks.ts';
import { expectCompleteFormat, expectFreshFormatReadme } from './format-kit-declaration.ts';
import type { FormatCheck, FormatKit } from './format-kit-input.ts';
import { formatKit } from './format-kit.ts';
import { measureStreaming } from './format-memory.ts';

interface Options {
  readonly shout: boolean;
}

const format = defineFormat({
  name: 'words',
  doc: 'Words of small letters, one a line.',
  contentType: 'text/plain',
  records: 'many',
  options: { shout: field.boolean({ doc: 'Whether words are given in capitals.', default: false }) },
  schema: () => ({ type: 'string', pattern: '^[a-zA-Z]+$' }),
});

const decoder: Decoder<Options> = {
  async *decode(chunks, options) {
    let text = '';
    let record = 0;
    for await (const chunk of chunks) {
      const lines = (text + Buffer.from(chunk).toString('latin1')).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) yield decodeWord(line, ++record, options);
    }
    if (text !== '') throw cutOff(record + 1);
  },
  decodeWhole(bytes, options) {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    if (lines.pop() !== '') throw cutOff(lines.length + 1);
    return lines.map((line, index) => decodeWord(line, index + 1, options));
  },
};

const encoder: Encoder<Options> = {
  async *encode(values) {
    for await (const value of values) yield encodeWord(value);
  },
  encodeWhole: (values) => Buffer.concat(values.map(encodeWord)),
};

const kit: FormatKit<typeof format.options> = {
  format,
  decoder,
  encoder,
  folder: aFolder(`# Words\n\n<!-- options -->\n${optionTable(format.options)}\n<!-- /options -->\n`),
  samples: [
    { name: 'two words', bytes: 'ab\nc\n', values: ['ab', 'c'], positions: [{ record: 1 }, { record: 2 }], regular: true },
    { name: 'loud', options: { shout: true }, values: ['ab'] },
  ],
  invalid: [
    {
      name: 'a capital',
      bytes: 'a\nB\nc\n',
      code: 'MORTISE_FORMAT_VALUE',
      position: { record: 2 },
      values: ['a', 'c'],
      raw: 'B',
    },
    { name: 'cut off', bytes: 'a\nb', code: 'MORTISE_FORMAT_SYNTAX', position: { record: 2 } },
  ],
  unwritable: [{ name: 'a number', values: [1], says: /1 is no word/ }],
  roundTrips: [{ name: 'words', values: fc.array(fc.stringMatching(/^[a-z]{1,5}$/)) }],
  load: { value: (index) => 'word'.repeat(200 + (index % 9)) },
};

formatKit({ ...kit, samples: kit.samples.filter((sample) => !sample.options) });

afterEach(() => {
  Reflect.deleteProperty(Object.prototype, 'polluted');
});

describe('each fault is found', () => {
  const wrong: readonly {
    readonly fault: string;
    readonly by: FormatCheck;
    readonly kit: Partial<FormatKit<typeof format.options>>;
  }[] = [
    {
      fault: 'another value',
      by: 'values',
      kit: decoding((decoded) => ('value' in decoded ? { ...decoded, value: 'x' } : decoded)),
    },
    { fault: 'another position', by: 'values', kit: decoding((decoded) => ({ ...decoded, position: { record: 7 } })) },
    { fault: 'a problem', by: 'values', kit: { samples: [{ name: 'B', bytes: 'B\n', values: [] }] } },
    { fault: 'records cut where chunks are', by: 'chunks', kit: { decoder: { ...decoder, decode: eachChunkByItself } } },
    { fault: 'chunks kept without a copy', by: 'chunks', kit: { decoder: { ...decoder, decode: keepingChunks } } },
    { fault: 'another value when streaming', by: 'chunks', kit: { decoder: { ...decoder, decode: async function* () {} } } },
    { fault: 'other bytes', by: 'regular', kit: { encoder: { ...encoder, encodeWhole: () => new Uint8Array() } } },
    {
      fault: 'values that change on the way',
      by: 'roundTrips',
      kit: { encoder: encodingAs((value) => String(value).slice(0, 1)) },
    },
    { fault: 'other bytes when streaming', by: 'roundTrips', kit: { encoder: { ...encoder, encode: async function* () {} } } },
    {
      fault: 'another code',
      by: 'invalid',
      kit: { invalid: [{ name: 'x', bytes: 'a', code: 'MORTISE_FORMAT_VALUE', position: { record: 1 } }] },
    },
    {
      fault: 'another place',
      by: 'invalid',
      kit: { invalid: [{ name: 'x', bytes: 'a', code: 'MORTISE_FORMAT_SYNTAX', position: { record: 2 } }] },
    },
    {
      fault: 'a problem that should be thrown',
      by: 'invalid',
      kit: { invalid: [{ name: 'x', bytes: 'B\n', code: 'MORTISE_FORMAT_VALUE', position: { record: 1 } }] },
    },
    {
      fault: 'no fault',
      by: 'invalid',
      kit: { invalid: [{ name: 'x', bytes: 'a\n', code: 'MORTISE_FORMAT_VALUE', position: {} }] },
    },
    { fault: 'something written that should not be', by: 'unwritable', kit: { encoder: encodingAs(() => 'a') } },
    {
      fault: 'a message that says nothing',
      by: 'unwritable',
      kit: { unwritable: [{ name: 'x', values: [1], says: /expected a word/ }] },
    },
    { fault: 'values that the schema refuses', by: 'schema', kit: { format: { ...format, schema: () => ({ type: 'number' }) } } },
    {
      fault: 'a schema with an unknown keyword',
      by: 'schema',
      kit: { format: { ...format, schema: () => ({ typ: 'string' }) } },
    },
    { fault: 'an error without a code', by: 'hostile', kit: decoding(() => JSON.parse('{')) },
    { fault: 'a prototype that was changed', by: 'hostile', kit: decoding(pollute) },
    {
      fault: 'options that the format does not know',
      by: 'values',
      kit: { samples: [{ name: 'x', options: { size: 1 }, bytes: '' }] },
    },
  ];

  it.each(wrong)('$fault, by the check "$by"', async ({ by, kit: part }) => {
    await expect(runAll(by, { ...kit, ...part })).rejects.toThrow(/expected|Property failed|too many|JSON/i);
  });

  it('memory that grows', async () => {
    const gathered: unknown[] = [];
    const hoarding = decoding((decoded) => {
      gathered.push({ decoded, copy: 'x'.repeat(100).split('') });
      return decoded;
    });
    const load = { encoder, options: { shout: false }, bytesMin: 24 * 1024 ** 2, value: () => 'word'.repeat(30) };
    const clean = await measureStreaming({ ...load, decoder });
    const grown = await measureStreaming({ ...load, ...hoarding });
    expect(clean.read).toBe(clean.written);
    expect(clean.liveGrowthBytes).toBeLessThan(16 * 1024 ** 2);
    expect(grown.liveGrowthBytes).toBeGreaterThan(32 * 1024 ** 2);
    expect(gathered.length).toBe(grown.read);
  });
});

describe('the declaration', () => {
  it('names its folder, and documents every option', () => {
    expect(() => expectCompleteFormat({ ...format, name: 'other' }, kit.folder)).toThrow(/the name equals the folder/);
    expect(() => expectCompleteFormat({ ...format, contentType: 'words' }, kit.folder)).toThrow(/media type/);
    const nested = field.list(field.group({ a: field.text({ doc: 'no period' }) }, { doc: 'A group.' }), { doc: 'A list.' });
    expect(() => expectCompleteFormat({ ...format, options: { nested } }, kit.folder)).toThrow(/nested\[\]\.a is documented/);
  });

  it('stands in the README as it is', () => {
    expect(() => expectFreshFormatReadme({ options: {} }, kit.folder)).toThrow(/stale/);
    expect(() => expectFreshFormatReadme(format, aFolder('# Words\n'))).toThrow(/<!-- options -->/);
  });
});

/** Runs all cases of one check, as the kit would register them. */
async function runAll(check: FormatCheck, given: FormatKit<typeof format.options>): Promise<void> {
  for (const run of Object.values(formatChecks[check].cases(withReader(given)))) await run();
}

function decodeWord(line: string, record: number, { shout }: Options): Decoded {
  if (/^[a-z]+$/.test(line)) return { value: shout ? line.toUpperCase() : line, position: { record } };
  const problem = formatError('MORTISE_FORMAT_VALUE', `"${line}" is no word.`, { details: { record } });
  return { problem, position: { record }, raw: Buffer.from(line, 'latin1') };
}

function cutOff(record: number): Error {
  return formatError('MORTISE_FORMAT_SYNTAX', `Word ${record} has no end.`, { details: { record } });
}

function encodeWord(value: unknown): Uint8Array {
  if (typeof value === 'string' && /^[a-z]+$/.test(value)) return Buffer.from(`${value}\n`);
  throw formatError('MORTISE_FORMAT_UNWRITABLE', `${typeof value === 'number' ? value : typeof value} is no word.`);
}

/** A decoder whose every result goes through `change`. */
function decoding(change: (decoded: Decoded) => Decoded): { readonly decoder: Decoder<Options> } {
  return {
    decoder: {
      async *decode(chunks, options) {
        for await (const decoded of decoder.decode(chunks, options)) yield change(decoded);
      },
      decodeWhole: (bytes, options) => decoder.decodeWhole(bytes, options).map(change),
    },
  };
}

function encodingAs(change: (value: unknown) => unknown): Encoder<Options> {
  return {
    async *encode(values) {
      for await (const value of values) yield encodeWord(change(value));
    },
    encodeWhole: (values) => Buffer.concat(values.map((value) => encodeWord(change(value)))),
  };
}

async function* eachChunkByItself(chunks: AsyncIterable<Uint8Array>, options: Options): AsyncIterable<Decoded> {
  for await (const chunk of chunks) yield* decoder.decodeWhole(Buffer.concat([chunk, Buffer.from('\n')]), options);
}

async function* keepingChunks(chunks: AsyncIterable<Uint8Array>, options: Options): AsyncIterable<Decoded> {
  yield* decoder.decodeWhole(Buffer.concat(await Array.fromAsync(chunks)), options);
}

function pollute(decoded: Decoded): Decoded {
  Object.assign(Object.prototype, { polluted: true });
  return decoded;
}

/** A folder named as the format, in a place of its own, that goes when the tests end. */
function aFolder(readme: string): string {
  const place = mkdtempSync(join(tmpdir(), 'mortise-format-kit-'));
  const folder = join(place, 'words');
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.md'), readme);
  process.on('exit', () => rmSync(place, { recursive: true, force: true }));
  return folder;
}
