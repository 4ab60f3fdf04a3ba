// Bytes that are nearly HL7, the same for the same number: what decoding is tried on, again and again, within bounds.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFields } from '@mortise/sdk';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import format from './format.ts';

const sample = readFileSync(new URL('fixtures/adt-a01.hl7', import.meta.url));
const batch = Buffer.from(`FHS|^~\\&|F\rBHS|^~\\&|B\rMSH|^~\\&|A\rOBX|1|CE|1^G||A&B^""~\\X41\\\\H\\~\rBTS|1\rFTS|1\r`);
const pieces = [
  'MSH|^~\\&|',
  'MSH',
  'BHS|',
  'BTS|9',
  '\r',
  '\n',
  '\r\n',
  '|',
  '^',
  '~',
  '\\',
  '&',
  '\\F\\',
  '""',
  '\u000b',
  '\u001c\r',
  'ü',
  '\ufeff',
  '\u001b$B',
];
const written = [
  {},
  { names: false },
  { segmentEnd: 'cr' },
  { messageBytesMax: '64B' },
  { elementsMax: 20 },
  { encoding: 'shift_jis' },
];
const optionSets = written.map((one) => readFields(format.options, one).values);

/** Decodes bytes made of the number, and encodes what came out. Throws what no caller may ever see. */
export function tryHostile(number: number): void {
  const random = createHash('sha256').update(String(number)).digest();
  const bytes = mutated(number % 3 === 0 ? batch : sample, random);
  const options = optionSets[number % optionSets.length] as (typeof optionSets)[number];
  const decoded = decoder.decodeWhole(bytes, options);
  for (const one of decoded) {
    if ('problem' in one) continue;
    const again = decoder.decodeWhole(
      encoder.encodeWhole([one.value], { ...options, messageBytesMax: 1 << 20, elementsMax: 1 << 20 }),
      options,
    );
    if (again.length === 0) throw new Error(`${number}: what was read and written is not there any more.`);
  }
}

/** Pieces are put in, and ranges taken out or doubled, at places that the random bytes tell. */
function mutated(bytes: Buffer, random: Buffer): Buffer {
  let changed = bytes;
  for (let at = 0; at < 24 && at / 4 < 1 + ((random[31] ?? 0) % 6); at += 4) {
    const [kind = 0, high = 0, low = 0, more = 0] = random.subarray(at, at + 4);
    const place = (high * 256 + low) % (changed.length + 1);
    const [before, behind] = [changed.subarray(0, place), changed.subarray(place)];
    if (kind < 128) changed = Buffer.concat([before, Buffer.from(pieces[more % pieces.length] ?? ''), behind]);
    else if (kind < 192) changed = Buffer.concat([before, behind.subarray(more % 40)]);
    else if (kind < 224) changed = Buffer.concat([before, Buffer.of(more), behind.subarray(1)]);
    else changed = Buffer.concat([before, changed.subarray(place, place + more), behind]);
  }
  return changed;
}
