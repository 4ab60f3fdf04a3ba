// Compares the hl7 format with a bare scan for spans: ratios of one run, and bytes a second of CPU time, printed.
//
//   node bench/hl7.ts [rounds]

import { readFields } from '@mortise/sdk';
import { MessageCutter } from '../formats/hl7/cut-messages.ts';
import { decoder } from '../formats/hl7/decode.ts';
import { delimitersOf, usualDelimiters } from '../formats/hl7/delimiters.ts';
import { encoder } from '../formats/hl7/encode.ts';
import format from '../formats/hl7/format.ts';
import { Marks } from '../formats/hl7/marks.ts';

const rounds = Number(process.argv[2] ?? 7);
const options = readFields(format.options, {}).values;
const bytes = Buffer.from(laboratoryReport().repeat(1200));
const kinds = delimitersOf(usualDelimiters)?.kinds ?? new Uint8Array();
const values = decoder.decodeWhole(bytes, options).flatMap((one) => ('value' in one ? [one.value] : []));

/** A report of 20 observations, about 2 KB. */
function laboratoryReport(): string {
  const head = [
    'MSH|^~\\&|LAB|GHH|EHR|GHH|20261126101500+0100||ORU^R01^ORU_R01|00471|P|2.5.1',
    'PID|1||100200^^^GHH&1.2.276.0.76.4.99&ISO^MR||Musterfrau^Erika^A||19580412|F|||Lindenweg 7^^Musterstadt^^12345^DEU',
    'OBR|1|ORD001^GHH|FLR001^LAB|58410-2^CBC panel^LN|||20261126080000',
  ];
  const observations = Array.from(
    { length: 20 },
    (_, at) => `OBX|${at + 1}|NM|6690-2^Leukocytes^LN||${at}.5|10*3/uL^^UCUM|4.0-11.0|N|||F|||20261126081500||1234^Arzt^Anna`,
  );
  return [...head, ...observations].map((segment) => `${segment}\r`).join('');
}

/** What any scanner has to do at least: look at each byte, and note where each span ends. */
function bareSpans(): number {
  const spans = new Uint32Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if (kinds[bytes[at] as number] !== 0) spans[count++] = at;
  return count;
}

/** Messages cut, and their delimiters marked. */
function tokenised(): number {
  const cutter = new MessageCutter(options.messageBytesMax, true);
  const marks = new Marks();
  let count = 0;
  for (const cuts of [cutter.push(bytes), cutter.end()])
    for (const cut of cuts) {
      marks.mark(cut.bytes, 8, kinds, options.elementsMax);
      count += marks.count;
    }
  return count;
}

async function* chunks(): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}

async function structured(): Promise<number> {
  let count = 0;
  for await (const one of decoder.decode(chunks(), options)) count += 'value' in one ? 1 : 0;
  return count;
}

async function toJson(): Promise<number> {
  let characters = 0;
  for await (const one of decoder.decode(chunks(), options)) characters += 'value' in one ? JSON.stringify(one.value).length : 0;
  return characters;
}

/** CPU time of the best of all rounds: whatever else runs only makes it slower. */
async function bestMs(run: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const contenders: Readonly<Record<string, () => unknown>> = {
  'a bare scan for spans': bareSpans,
  tokenised,
  'structured, streaming': structured,
  'structured to JSON text, streaming': toJson,
  encoded: () => encoder.encodeWhole(values, options).length,
};

const bareMs = await bestMs(bareSpans);
console.log(`${(bytes.length / 1e6).toFixed(1)} MB of laboratory reports, best of ${rounds} rounds`);
for (const [name, run] of Object.entries(contenders)) {
  const ms = name === 'a bare scan for spans' ? bareMs : await bestMs(run);
  console.log(`${name}: ${(bytes.length / ms / 1000).toFixed(0)} MB/s, ${(bareMs / ms).toFixed(2)} × the bare scan`);
}
