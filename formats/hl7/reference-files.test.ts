// Messages of a public project: all of them are read, and written again byte for byte; each exception stands here with its reason.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import { describe, expect, it } from 'vitest';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const referenceData = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const folder = join(referenceData, 'hl7/cosyte-hl7');
const options = readFields(format.options, {}).values;

interface Expectation {
  /** One where nothing is said. */
  readonly messages?: number;
  readonly irregular?: number;
  readonly problems?: readonly string[];
  /** Why it is not as all others. */
  readonly why: string;
}

const cutHeader = 'One of its headers is cut off behind MSH-2: it is a problem, so it is not among what is written again.';
const exceptions: Readonly<Record<string, Expectation>> = {
  'test/fixtures/batch/single-batch.hl7': { messages: 2, why: 'A batch of two.' },
  'test/fixtures/batch/multi-batch-file.hl7': { messages: 3, why: 'Batches of two and one.' },
  'test/fixtures/batch/count-mismatch.hl7': {
    messages: 2,
    problems: ['MORTISE_HL7_COUNT BTS says "3"'],
    why: 'Its trailer says three and two came: written again it says two.',
  },
  'test/fixtures/batch/malformed-mid-batch.hl7': { messages: 2, problems: ['MORTISE_FORMAT_SYNTAX MSH ends'], why: cutHeader },
  'test/fixtures/stream/malformed-mid-stream.hl7': { messages: 2, problems: ['MORTISE_FORMAT_SYNTAX MSH ends'], why: cutHeader },
  'test/fixtures/malformed/msh-too-short.hl7': { messages: 0, problems: ['MORTISE_FORMAT_SYNTAX MSH ends'], why: cutHeader },
  'test/fixtures/malformed/no-msh-segment.hl7': {
    messages: 0,
    problems: ['MORTISE_FORMAT_SYNTAX Line 1 begins with "EVN|A01'],
    why: 'There is no MSH, so it is no message.',
  },
  'test/fixtures/malformed/empty-input.hl7': { messages: 0, why: 'There is nothing in it.' },
  'test/fixtures/stream/split-across-chunks.hl7': { messages: 2, why: 'Two messages one behind the other.' },
  'test/fixtures/stream/mixed-terminators.hl7': { messages: 2, irregular: 2, why: 'Its segments end in several ways.' },
  'test/fixtures/stream/large-batch.ndhl7': { messages: 12, why: 'Twelve messages one behind the other.' },
  'test/fixtures/build/adt-a01.golden.hl7': { irregular: 1, why: 'A blank line stands at its end.' },
  'test/fixtures/build/oru-r01.golden.hl7': { irregular: 1, why: 'A blank line stands at its end.' },
  'test/fixtures/canonical/tq1-q6h.hl7': { irregular: 1, why: 'A field of it ends with components that are empty.' },
  'test/fixtures/edge-cases/mixed-line-endings.hl7': { irregular: 1, why: 'Its segments end in several ways.' },
  'test/fixtures/text/hex-and-delimiters.hl7': { irregular: 1, why: '\\X21\\ would be written as the "!" that it stands for.' },
  'test/fixtures/vendor-quirks/mllp-framing-stripped.hl7': { irregular: 1, why: 'The bytes of an MLLP block stand around it.' },
  'test/fixtures/vendor-quirks/segment-case.hl7': { irregular: 1, why: 'A segment is named in lower case.' },
  'test/fixtures/vendor-quirks/duplicate-required-segment.hl7': { messages: 2, why: 'Every MSH begins a message.' },
};

describe.skipIf(!existsSync(folder))('reference files (needs the reference data)', () => {
  const files = globSync('**/*.{hl7,ndhl7}', { cwd: folder }).toSorted();

  it('are all there', () => {
    expect(files.length).toBeGreaterThanOrEqual(98);
    expect(Object.keys(exceptions).filter((name) => !files.includes(name))).toEqual([]);
  });

  it.each(files)('%s', async (name) => {
    const { messages = 1, irregular = 0, problems = [] } = exceptions[name] ?? {};
    const bytes = readFileSync(join(folder, name));
    const decoded = decoder.decodeWhole(bytes, options);
    const values = decoded.flatMap((one) => ('value' in one ? [one.value] : []));
    const said = decoded.flatMap((one) => ('problem' in one ? [`${one.problem.code} ${one.problem.message}`] : []));
    expect(values).toHaveLength(messages);
    expect(values.filter((value) => JSON.stringify(value).includes('"irregular":true'))).toHaveLength(irregular);
    expect(said.map((one, index) => one.slice(0, problems[index]?.length))).toEqual(problems);
    for (const one of decoded) if ('problem' in one) expectRaw(one, bytes);
    const written = encoder.encodeWhole(JSON.parse(JSON.stringify(values)), options);
    expect(Buffer.compare(written, bytes) === 0).toBe(problems.length === 0);
    expect(await inSingleBytes(bytes)).toEqual(decoded);
  });
});

/** A problem's bytes are those that stand at its place. */
function expectRaw({ position, raw }: Extract<Decoded, { problem: unknown }>, bytes: Uint8Array): void {
  const from = position.offsetBytes ?? 0;
  expect(raw.length).toBeGreaterThan(0);
  expect(Buffer.from(bytes.subarray(from, from + raw.length))).toEqual(Buffer.from(raw));
}

async function inSingleBytes(bytes: Uint8Array): Promise<Decoded[]> {
  async function* single(): AsyncIterable<Uint8Array> {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  const decoded: Decoded[] = [];
  for await (const one of decoder.decode(single(), options)) decoded.push(one);
  return decoded;
}
