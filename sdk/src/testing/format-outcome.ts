// What a format's implementation made of some input, in a form that two ways of running it can be compared by.

import { MortiseError } from '../errors.ts';
import type { Decoded, Decoder, Encoder, Position } from '../format.ts';

/** What was thrown: facts only, so that two of them can be compared. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type Entry =
  | { readonly value: unknown; readonly position: Position }
  | { readonly problem: Fault; readonly position: Position; readonly raw: string };

/** Everything that came out, and what was thrown behind it. */
export interface Outcome {
  readonly entries: readonly Entry[];
  readonly fault?: Fault;
}

/** What was written, in base64 so that a difference is readable, or what was thrown. */
export interface Written {
  readonly bytes?: string;
  readonly fault?: Fault;
}

/** What `decodeWhole` makes of the bytes. Whatever is thrown and is no `MortiseError` goes through. */
export function decodedWhole<Options>(decoder: Decoder<Options>, bytes: Uint8Array, options: Options): Outcome {
  try {
    return { entries: decoder.decodeWhole(bytes, options).map(entryOf) };
  } catch (error) {
    return { entries: [], fault: faultOf(error) };
  }
}

/** What `decode` makes of the bytes when they come cut at `cuts` (places in the bytes, ascending). */
export async function decodedInChunks<Options>(
  decoder: Decoder<Options>,
  bytes: Uint8Array,
  cuts: readonly number[],
  options: Options,
): Promise<Outcome> {
  const entries: Entry[] = [];
  try {
    for await (const decoded of decoder.decode(overwrittenChunks(bytes, cuts), options)) entries.push(entryOf(decoded));
    return { entries };
  } catch (error) {
    return { entries, fault: faultOf(error) };
  }
}

/** What `encodeWhole` makes of the values. */
export function encodedWhole<Options>(encoder: Encoder<Options>, values: readonly unknown[], options: Options): Written {
  try {
    return { bytes: base64(encoder.encodeWhole(values, options)) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** What `encode` makes of the values. */
export async function encodedInStream<Options>(
  encoder: Encoder<Options>,
  values: readonly unknown[],
  options: Options,
): Promise<Written> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of encoder.encode(oneByOne(values), options)) chunks.push(chunk);
    return { bytes: base64(Buffer.concat(chunks)) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** Cuts after every byte. */
export function everyByte(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: Math.max(0, bytes.length - 1) }, (_, index) => index + 1);
}

/** Each chunk is overwritten once the next one is asked for, so that a decoder that keeps chunks without copying is found out. */
async function* overwrittenChunks(bytes: Uint8Array, cuts: readonly number[]): AsyncIterable<Uint8Array> {
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    const chunk = new Uint8Array(bytes.subarray(from, to));
    yield chunk;
    chunk.fill(0x21);
    from = to;
  }
}

async function* oneByOne(values: readonly unknown[]): AsyncIterable<unknown> {
  yield* values;
}

function entryOf(decoded: Decoded): Entry {
  if (!('problem' in decoded)) return decoded;
  return { problem: faultOf(decoded.problem), position: decoded.position, raw: base64(decoded.raw) };
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof MortiseError)) throw error;
  return { code: error.code, message: error.message, details: error.details };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
