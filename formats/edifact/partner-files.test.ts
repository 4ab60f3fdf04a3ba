// Files of other projects, most of them out of reports of real faults: read, counted, written again byte for byte.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bound, decoded } from './bound.fixture.ts';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';

const referenceData = process.env['MORTISE_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const folders = [
  join(referenceData, 'edifact/pydifact/tests/data'),
  join(referenceData, 'edi.net/test/indice.Edi.Tests/Samples'),
];
const missing = !folders.every((folder) => existsSync(folder));
const shortened = 'segments were cut out of it, and its UNT counts them still';

interface Expectation {
  readonly messages: number;
  readonly faulty?: number;
  readonly envelope?: readonly string[];
  /** Something stands in it that no message carries, so that it is not written again. */
  readonly stray?: true;
  readonly why?: string;
}

/**
 * What stands in each: how many messages are read, how many of them with faults, and which; of the envelope besides. Every fault is
 * the file's own: the reason stands beside it.
 */
const files: Readonly<Record<string, Expectation>> = {
  'Apperak edi_out_issue235.edi': {
    messages: 1,
    envelope: ['13', '13', '13', '28'],
    stray: true,
    why: 'two UNB behind one another: the first, a stub, has no message that could carry it',
  },
  'edifact.01.edi': { messages: 1, faulty: 1, envelope: ['28'], why: `${shortened}; UNZ has another reference than UNB` },
  'edifact.01.multi-message.edi': { messages: 2, faulty: 2, envelope: ['28'], why: `${shortened}; UNZ has another reference` },
  'edifact.AutoEndSegmentGroups.edi': { messages: 1 },
  'edifact.D01B.IFCSUM.EDI': { messages: 1, faulty: 1, why: shortened },
  'edifact.D01B.IFCSUM.NewLines.EDI': { messages: 1, faulty: 1, why: shortened },
  'edifact.D95B.CUSCAR.EDI': {
    messages: 1,
    faulty: 1,
    why: 'UNH has an empty reference where the type should be, and UNT counts one more',
  },
  'edifact.D95B.Issue137.EDI': { messages: 1, faulty: 1, why: 'the same message without an interchange' },
  'edifact.Issue121.ElementList.Conditions.edi': { messages: 1, faulty: 1, envelope: ['13', '13'], why: 'headers are stubs' },
  'edifact.Issue121.ElementList.edi': { messages: 1, faulty: 1, envelope: ['13', '13'], why: 'headers are stubs' },
  'edifact.Issue149.SegmentGroups.edi': { messages: 1, faulty: 1, why: shortened },
  'edifact.Issue152.Wikipedia.edi': { messages: 1 },
  'edifact.Issue157.Wikipedia.edi': { messages: 1 },
  'edifact.Issue170.ElementList.edi': { messages: 1, faulty: 1, envelope: ['13', '13'], why: 'headers are stubs' },
  'edifact.Issue174.edi': { messages: 1, faulty: 1, envelope: ['13', '13'], why: 'headers are stubs' },
  'edifact.Issue188.edi': { messages: 4, faulty: 4, envelope: ['29'], why: 'counts and references were made up' },
  'edifact.Issue196.edi': { messages: 1, faulty: 1, why: shortened },
  'edifact.Issue203.edi': { messages: 1, faulty: 1, why: 'UNT counts 13 of 102 segments and has another reference' },
  'edifact.Issue98.edi': { messages: 1, faulty: 1, envelope: ['13', '13'], why: 'headers are stubs' },
  'edifact.ORDRSP-formatted.edi': {
    messages: 1,
    faulty: 1,
    envelope: ['28'],
    why: 'made anonymous: counts and references do not match',
  },
  'edifact.ORDRSP.edi': { messages: 1, faulty: 1, envelope: ['28'], why: 'made anonymous: counts and references do not match' },
  'edifact.Paiement.Issue139.EDI': { messages: 1, faulty: 1, why: shortened },
  'hl7.lab': { messages: 0, envelope: ['13', '33', '13'], why: 'UNB and UNZ around something that is no EDIFACT' },
  'huge_file2.edi': { messages: 1, faulty: 1, envelope: ['13'], why: 'one message copied 7,000 times into one, and no UNZ' },
  'invoice1.edi': { messages: 1 },
  'invoice_with_colon_at_end.edi': { messages: 1 },
  'v3/aperak.edi': { messages: 1, faulty: 1, why: 'UNT counts 8 of 7 segments' },
  'v3/aperak_rejected.edi': { messages: 1, faulty: 1, why: 'UNT counts 8 of 7 segments' },
  'v4/aperak.edi': { messages: 1, faulty: 1, why: 'UNT counts 8 of 7 segments' },
  'v4/aperak_rejected.edi': { messages: 1, faulty: 1, why: 'UNT counts 8 of 7 segments' },
  'order.edi': { messages: 1, envelope: ['13'], why: 'it has no UNZ' },
  'order2.edi': { messages: 1, envelope: ['13'], why: 'it has no UNZ' },
  'patient1.edi': {
    messages: 1,
    envelope: ['13', '28'],
    why: 'date and time are elements of their own, so that the reference is another',
  },
  'patient2.edi': { messages: 1, envelope: ['13', '28'], why: 'as patient1' },
  'patient3.edi': { messages: 1, faulty: 1, envelope: ['13', '13', '13'], why: 'as patient1, and it is cut off in a segment' },
  'wikipedia_de.edi': { messages: 1, envelope: ['28'], why: 'UNZ has another reference than UNB' },
  'wikipedia_en.edi': { messages: 1 },
};

/** Not EDIFACT at all: refused with the bytes that are there instead of UNA, UNB or UNH. */
const refused = ['sage_coala.ped'];

const found = missing
  ? []
  : folders.flatMap((folder) => globSync('**/{edifact.*,*.edi,*.lab,*.ped}', { cwd: folder }).map((path) => join(folder, path)));
const paths = new Map(found.map((path) => [nameOf(path), path]));

function nameOf(path: string): string {
  const version = /\/(v[34])\//.exec(path)?.[1];
  return version === undefined ? basename(path) : `${version}/${basename(path)}`;
}

function bytesOf(name: string): Buffer {
  return readFileSync(paths.get(name) ?? name);
}

describe.skipIf(missing)('files of other projects (needs reference data)', () => {
  it('are all known here', () => {
    const others = [...paths.keys()].filter((name) => /^(x12|tradacoms|2|9)/.test(name));
    expect([...paths.keys()].filter((name) => !others.includes(name)).sort()).toEqual([...Object.keys(files), ...refused].sort());
  });

  it.each(Object.keys(files))('%s is read, and what is wrong with it is said', (name) => {
    const { messages, faulty = 0, envelope = [], why } = files[name] ?? { messages: 0 };
    const { values, problems } = decoded(bytesOf(name));
    expect(values).toHaveLength(messages - faulty);
    const ofMessages = problems.filter(({ details }) => details['record'] !== undefined);
    expect(ofMessages).toHaveLength(faulty);
    const codes = problems.filter((one) => !ofMessages.includes(one)).map(({ details }) => details['syntaxError']);
    expect(codes).toEqual(envelope);
    expect(why === undefined, 'a file with faults has a reason').toBe(faulty === 0 && envelope.length === 0);
  });

  it.each(Object.keys(files).filter((name) => files[name]?.messages !== 0 && !files[name]?.stray))(
    '%s is written again byte for byte, out of JSON',
    (name) => {
      const bytes = bytesOf(name);
      const { values, problems } = decoded(bytes, { faults: 'keep' });
      expect(problems).toEqual([]);
      expect(values).toHaveLength(files[name]?.messages ?? 0);
      const again: unknown[] = JSON.parse(JSON.stringify(values));
      expect(Buffer.from(encoder.encodeWhole(again, bound({ faults: 'keep' }))).equals(bytes)).toBe(true);
    },
  );

  it.each(Object.keys(files))('%s gives the same byte by byte', async (name) => {
    const bytes = bytesOf(name).subarray(0, 20_000);
    for (const faults of ['record', 'keep']) {
      const options = bound({ faults });
      const whole = decoder.decodeWhole(bytes, options);
      const single = [];
      for await (const one of decoder.decode(bytesOneByOne(bytes), options)) single.push(one);
      expect(single).toEqual(whole);
    }
  });

  it.each(refused)('%s is refused', (name) => {
    expect(() => decoded(bytesOf(name))).toThrow(expect.objectContaining({ code: 'MORTISE_FORMAT_SYNTAX' }));
  });

  it('an order that is changed is written with what is new, and with counts that fit', () => {
    const { values } = decoded(bytesOf('order.edi'), { faults: 'keep' });
    const [order] = JSON.parse(JSON.stringify(values)) as { segments: unknown[] }[];
    order?.segments.splice(3, 1);
    const text = Buffer.from(encoder.encodeWhole([order], bound())).toString();
    expect(text).toContain("UNT+15+1'");
    expect(text).toContain("UNZ+1+807'");
  });
});

async function* bytesOneByOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1);
}
