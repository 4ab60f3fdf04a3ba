// What a format is: bytes into values and back. Its declaration (format.ts), and what implements it (decode.ts, encode.ts).

import { defineErrors } from './errors.ts';
import type { MortiseError } from './errors.ts';
import type { JsonSchema } from './field-schema.ts';
import type { Fields, ValuesOf } from './field.ts';
import type { Json } from './message.ts';

export interface FormatDeclaration<Options extends Fields = Fields> {
  /** The name users write; equal to the name of the format's folder. */
  readonly name: string;
  readonly doc: string;
  /** Media type of what it writes. */
  readonly contentType: string;
  /** `one`: a body is one value. `many`: any number of records, and an array is encoded element by element. `either`: as `recordsOf` says. */
  readonly records: 'one' | 'many' | 'either';
  readonly options: Options;
  /** Which it is with these options, where `records` is `either`. */
  recordsOf?(options: ValuesOf<Options>): 'one' | 'many';
  /** The media type with its parameters, where options tell them. */
  contentTypeOf?(options: ValuesOf<Options>): string;
  /** What decode gives, as JSON Schema, where the options tell. A method, so that a declaration fits wherever any format does. */
  schema?(options: ValuesOf<Options>): JsonSchema;
}

/** Declares a format: the default export of its `format.ts`, which imports nothing but the SDK. */
export function defineFormat<const Options extends Fields>(format: FormatDeclaration<Options>): FormatDeclaration<Options> {
  return format;
}

/** Where in the bytes something stands; what is not known is left out. Offsets count bytes from 0, the rest from 1. */
export interface Position {
  readonly offsetBytes?: number;
  readonly line?: number;
  readonly column?: number;
  readonly record?: number;
  readonly segment?: string;
  readonly field?: string;
}

/** One value, or one record that could not be read while the ones behind it can. */
export type Decoded =
  | { readonly value: unknown; readonly position: Position }
  | { readonly problem: MortiseError; readonly position: Position; readonly raw: Uint8Array };

/**
 * The implementation of decoding. Both ways give the same values and problems for the same bytes, however they are cut, and
 * throw the same `formatError` for a fault that leaves the rest unreadable.
 */
export interface Decoder<Options> {
  /**
   * Streaming, in constant memory. A chunk may be reused for other bytes once the next one is asked for: what is kept of it,
   * the values that are given included, has to be a copy. The values before a fault are given before it is thrown.
   */
  decode(chunks: AsyncIterable<Uint8Array>, options: Options): AsyncIterable<Decoded>;
  /** The same for bytes that are in memory, without waiting. Where a fault is thrown, the values before it are not seen. */
  decodeWhole(bytes: Uint8Array, options: Options): Decoded[];
}

/** The implementation of encoding. Throws a `formatError` where a value cannot be written in this format. */
export interface Encoder<Options> {
  encode(values: AsyncIterable<unknown>, options: Options): AsyncIterable<Uint8Array>;
  encodeWhole(values: readonly unknown[], options: Options): Uint8Array;
}

type OptionsOf<F> = F extends FormatDeclaration<infer Options> ? ValuesOf<Options> : never;

/** The values of a declared format's options. */
export type FormatOptionsOf<F extends FormatDeclaration> = OptionsOf<F>;

/** The export `decoder` of a format's `decode.ts`. */
export function implementDecoder<F extends FormatDeclaration>(_format: F, decoder: Decoder<OptionsOf<F>>): Decoder<OptionsOf<F>> {
  return decoder;
}

/** The export `encoder` of a format's `encode.ts`. */
export function implementEncoder<F extends FormatDeclaration>(_format: F, encoder: Encoder<OptionsOf<F>>): Encoder<OptionsOf<F>> {
  return encoder;
}

/** The codes every format uses; `details` carry the position. */
export const formatError = defineErrors({
  MORTISE_FORMAT_SYNTAX: {
    actor: 'other system',
    cause: 'The bytes are not of this format.',
    remedy: 'Look at the position; ask the sender to mend it, or name the format that it really is.',
  },
  MORTISE_FORMAT_VALUE: {
    actor: 'other system',
    cause: 'A field is there, but its content is not what its definition says.',
    remedy: 'Look at the field; mend the data, or the definition of the field.',
  },
  MORTISE_FORMAT_ENCODING: {
    actor: 'other system',
    cause: 'The bytes are not text in the named character encoding.',
    remedy: 'Name the encoding that the sender really uses.',
  },
  MORTISE_FORMAT_LIMIT: {
    actor: 'other system',
    cause: 'There is more in the bytes than the options of the format allow: more bytes, depth, parts or names.',
    remedy: 'If the sender means well, raise the option that the message names.',
  },
  MORTISE_FORMAT_UNWRITABLE: {
    actor: 'author',
    cause: 'The value cannot be written in this format.',
    remedy: 'Mend the mapping before the outbound, so that it gives what the format takes.',
  },
});

/** The position as plain JSON, for error details and the journal. */
export function positionToJson(position: Position): Readonly<Record<string, Json>> {
  return { ...position } as Readonly<Record<string, Json>>;
}
