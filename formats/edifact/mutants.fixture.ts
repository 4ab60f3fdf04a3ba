// Interchanges after a few changes, the same for the same seed, and what holds for all of them.

import { MortiseError } from '@mortise/sdk';
import { bound } from './bound.fixture.ts';
import type { Options } from './bound.fixture.ts';
import { decoder } from './decode.ts';
import { encoder } from './encode.ts';
import { interchangeOf, orders } from './samples.fixture.ts';

const group = ['UNG+ORDERS+A+B+261126:1421+G1+UN+D:96A', ...orders(1, 1), ...orders(2, 1), 'UNE+2+G1'];
const seeds: readonly Buffer[] = [
  interchangeOf([orders(1, 2), orders(2, 1)]),
  interchangeOf([orders(1, 1)], '4').replace("QTY+21:5:PCE'", "QTY+21:5:PCE*22:6:PCE'"),
  interchangeOf([group]).replaceAll('\n', '\r\n'),
  interchangeOf([orders(1, 1)])
    .replaceAll('\n', '')
    .slice(9),
  interchangeOf([['UNH+1+CONTRL:D:3:UN', 'UCI+1+A+B+7', 'UNT+3+1']]) + interchangeOf([orders(1, 1)]),
  interchangeOf([orders(1, 1)])
    .replaceAll("'\n", '\n')
    .slice(9),
].map((text) => Buffer.from(text));

const pieces = [
  "'",
  '+',
  ':',
  '?',
  '*',
  "?'",
  '\n',
  '\r\n',
  ' ',
  '\t',
  "UNA:+.? '",
  "UNB+UNOC:3+A+B+1:1+1'",
  "UNZ+1+1'",
  "UNT+1+1'",
]
  .concat(["UNH+9+ORDERS:D:96A:UN'", "UNG+A+B+C+1:1+1'", "UNE+1+1'", "UNS+D'", '\u00fc', '\u0000', 'UNH', '99999999', "LIN+1'"])
  .map((text) => Buffer.from(text, 'latin1'));

/** A generator of numbers below a limit: xorshift, so that a seed says all. */
export function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export function mutant(seed: number): Buffer {
  const next = numbers(seed);
  let bytes = seeds[next(seeds.length)] as Buffer;
  for (let changes = 1 + next(4); changes > 0; changes -= 1) bytes = changed(bytes, next);
  return bytes;
}

function changed(bytes: Buffer, next: (below: number) => number): Buffer {
  const at = next(bytes.length + 1);
  const piece = pieces[next(pieces.length)] as Buffer;
  const cut = next(12);
  switch (next(6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.of(next(256)), bytes.subarray(at + 1)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 4 * cut), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + (cut % 2))]);
  }
}

const kinds: readonly Options[] = [
  bound({ faults: 'keep' }),
  bound({ faults: 'keep', shape: 'groups', check: 'codes' }),
  bound({ acknowledge: true }),
  bound({ faults: 'file', messageBytesMax: '1KiB', segmentsMax: 20 }),
];

/**
 * What is wrong with what becomes of the bytes, if anything. Nothing but a `MortiseError` is thrown; what is kept without a problem
 * beside it is written again byte for byte; an answer can be written, and is not answered.
 */
export function faultOfMutant(bytes: Buffer): string | undefined {
  for (const [index, options] of kinds.entries()) {
    const values = readable(bytes, options);
    if (!values) continue;
    if (index < 2 && !Buffer.from(encoder.encodeWhole(JSON.parse(JSON.stringify(values)) as unknown[], options)).equals(bytes))
      return `written otherwise, with options ${index}`;
    if (index !== 2) continue;
    const answers = values.filter((value) => Object.hasOwn(Object(value), 'acknowledges'));
    const again = answers.length > 0 ? readable(Buffer.from(encoder.encodeWhole(answers, options)), options) : [];
    if (again && again.length > answers.length) return 'an answer is answered';
  }
  return undefined;
}

/** Undefined where something of the bytes is in no value, or nothing is. */
function readable(bytes: Buffer, options: Options): readonly unknown[] | undefined {
  try {
    const all = decoder.decodeWhole(bytes, options);
    const values = all.flatMap((one) => ('problem' in one ? [] : [one.value]));
    const isKept = options.faults === 'keep';
    return values.length > 0 && (!isKept || values.length === all.length) ? values : undefined;
  } catch (error) {
    if (error instanceof MortiseError) return undefined;
    throw error;
  }
}
