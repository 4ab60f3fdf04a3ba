// Changes files of a format at random, the same way for the same seed, and holds the format to what it promises for any bytes.
//
//   node tests/fuzz/fuzz.ts FORMAT COUNT [SEED]     prints how far it is, and at last {"done": COUNT}; or the fault, and ends with 1

import { isDeepStrictEqual } from 'node:util';
import { MortiseError } from '@mortise/sdk';
import type { BoundFormat, Decoded } from '@mortise/sdk';
import { seedsOf } from './seeds.ts';
import type { Seeds } from './seeds.ts';

const [name = '', count = '1000', seed = '1'] = process.argv.slice(2);
const toldEvery = 500;
/** Every so many are read in pieces as well. */
const piecesEvery = 8;

const seeds = await seedsOf(name);
const first = Number(seed) * 1_000_003;
for (let made = 0; made < Number(count); made += 1) {
  const bytes = mutant(seeds, numbers(first + made));
  const format = seeds.formats[made % seeds.formats.length] as BoundFormat;
  const fault = await faultOf(format, bytes, made % piecesEvery === 0);
  if (fault !== undefined) {
    console.log(JSON.stringify({ fault, format: name, seed: Number(seed), number: made, bytes: bytes.toString('base64') }));
    process.exit(1);
  }
  if (made % toldEvery === 0) console.log(made);
}
console.log(JSON.stringify({ done: Number(count) }));

/** What is wrong with what became of the bytes. */
async function faultOf(format: BoundFormat, bytes: Buffer, inPieces: boolean): Promise<string | undefined> {
  const whole = decodedBy(() => format.decodeWhole(bytes));
  const { all, thrown } = whole;
  if (all.length > 2 * bytes.length + 10) return `gave ${all.length} records`;
  const problems = all.flatMap((one) => ('problem' in one ? [one.problem] : []));
  for (const problem of thrown === undefined ? problems : [...problems, thrown]) {
    const wrong = wrongWith(problem, bytes.length);
    if (wrong !== undefined) return wrong;
  }
  if (!inPieces) return undefined;
  const pieces = await streamed(format, bytes);
  if ((pieces.thrown === undefined) !== (thrown === undefined)) return 'throws in pieces, or as a whole, and not both';
  if (thrown === undefined && !isDeepStrictEqual(plain(pieces.all), plain(all))) return 'is read otherwise in pieces';
  return undefined;
}

/** An error of a format: its code, and where in the bytes it is. */
function wrongWith(problem: unknown, length: number): string | undefined {
  if (!(problem instanceof MortiseError))
    return `threw ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}`;
  if (!/^MORTISE_(FORMAT|X12|EDIFACT|HL7|COPYBOOK)_[A-Z_]+$/.test(problem.code)) return `has the code ${problem.code}`;
  const { offsetBytes } = problem.details;
  if (typeof offsetBytes === 'number' && offsetBytes >= 0 && offsetBytes <= length) return undefined;
  return `says offset ${String(offsetBytes)} of ${length} in ${problem.code}: ${problem.message}`;
}

interface Outcome {
  readonly all: readonly Decoded[];
  readonly thrown: unknown;
}

function decodedBy(decode: () => readonly Decoded[]): Outcome {
  try {
    return { all: decode(), thrown: undefined };
  } catch (thrown) {
    return { all: [], thrown };
  }
}

async function streamed(format: BoundFormat, bytes: Buffer): Promise<Outcome> {
  const all: Decoded[] = [];
  try {
    for await (const one of format.decode(cut(bytes))) all.push(one);
    return { all, thrown: undefined };
  } catch (thrown) {
    return { all, thrown };
  }
}

async function* cut(bytes: Buffer): AsyncIterable<Uint8Array> {
  const step = 1 + (bytes.length % 61);
  const chunk = new Uint8Array(step);
  for (let at = 0; at < bytes.length; at += step) {
    const length = Math.min(step, bytes.length - at);
    chunk.set(bytes.subarray(at, at + length));
    yield chunk.subarray(0, length);
  }
}

/** Errors are compared by what they say. */
function plain(all: readonly Decoded[]): unknown[] {
  return all.map((one) =>
    'problem' in one
      ? {
          code: one.problem.code,
          message: one.problem.message,
          position: one.position,
          raw: Buffer.from(one.raw).toString('hex'),
        }
      : { value: one.value, position: one.position },
  );
}

function mutant({ files, pieces }: Seeds, next: (below: number) => number): Buffer {
  let bytes = files[next(files.length)] as Buffer;
  for (let changes = 1 + next(5); changes > 0; changes -= 1) {
    const at = next(bytes.length + 1);
    const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
    const kind = next(8);
    if (kind === 0) bytes = Buffer.from(before);
    else if (kind === 1) bytes = Buffer.concat([before, behind.subarray(1 + next(24))]);
    else if (kind === 2) bytes = Buffer.concat([before, Buffer.of(next(256)), behind.subarray(1)]);
    else if (kind === 3) bytes = Buffer.concat([before, bytes.subarray(at, at + next(200)), behind]);
    else if (kind === 4)
      bytes = Buffer.concat([before, (files[next(files.length)] as Buffer).subarray(next(400)), behind.subarray(next(40))]);
    else bytes = Buffer.concat([before, pieces[next(pieces.length)] as Buffer, behind.subarray(kind === 5 ? 1 : 0)]);
  }
  return bytes;
}

/** Numbers that look random, by xorshift with what the seed gives; the same for the same seed. */
function numbers(from: number): (below: number) => number {
  let state = Math.imul(from, 2_654_435_761) || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
