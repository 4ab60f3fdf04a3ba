// What a format gives to the format kit: samples, invalid samples, laws, and what is skipped for which reason.

import type { Arbitrary } from 'fast-check';
import type { ErrorTable } from '../errors.ts';
import type { JsonSchema } from '../field-schema.ts';
import type { Fields, ValuesOf } from '../field.ts';
import type { FormatImplementation } from '../format-options.ts';
import type { Decoder, Encoder, FormatDeclaration, Position } from '../format.ts';

export type FormatCheck =
  | 'values'
  | 'chunks'
  | 'regular'
  | 'roundTrips'
  | 'invalid'
  | 'unwritable'
  | 'schema'
  | 'hostile'
  | 'memory';

/** Options as a user writes them; defaults are filled in by the declaration. */
export type WrittenOptions = Readonly<Record<string, unknown>>;

/** Bytes that are of the format, or values that it writes; given both, the bytes decode to the values. */
export interface FormatSample {
  readonly name: string;
  readonly options?: WrittenOptions;
  /** A text stands for its UTF-8 bytes. */
  readonly bytes?: Uint8Array | string;
  readonly values?: readonly unknown[];
  /** Where the values stand. */
  readonly positions?: readonly Position[];
  /** Encoding what was decoded gives the same bytes again. */
  readonly regular?: boolean;
}

/** Bytes with one fault: thrown, or given as the problem of one record. */
export interface InvalidSample {
  readonly name: string;
  readonly options?: WrittenOptions;
  readonly bytes: Uint8Array | string;
  readonly code: string;
  readonly position: Position;
  /** Given where the fault is one record's problem: what the records around it decode to. */
  readonly values?: readonly unknown[];
  /** The bytes of the record that is the problem. */
  readonly raw?: Uint8Array | string;
}

/** Values that cannot be written. */
export interface UnwritableSample {
  readonly name: string;
  readonly options?: WrittenOptions;
  readonly values: readonly unknown[];
  /** `MORTISE_FORMAT_UNWRITABLE` where nothing is said. */
  readonly code?: string;
  /** What the message says: the field, the value, what was expected. */
  readonly says: RegExp;
}

/** A law: every list of values that the arbitrary gives decodes from its encoding unchanged. */
export interface RoundTrip {
  readonly name: string;
  readonly options?: WrittenOptions;
  /** Gives lists of values: one value for a format of one record, any number for a format of many. */
  readonly values: Arbitrary<readonly unknown[]>;
}

export interface FormatKit<Options extends Fields> {
  readonly format: FormatDeclaration<Options>;
  readonly decoder: Decoder<ValuesOf<Options>>;
  readonly encoder: Encoder<ValuesOf<Options>>;
  /** The format's folder: `import.meta.dirname` of its test. */
  readonly folder: string;
  /** The format's own codes, besides those of `formatError`. */
  readonly errors?: { readonly table: ErrorTable };
  readonly samples: readonly FormatSample[];
  readonly invalid?: readonly InvalidSample[];
  readonly unwritable?: readonly UnwritableSample[];
  readonly roundTrips?: readonly RoundTrip[];
  /** The record at an index from 0, of which 64 MiB are streamed; for formats of many records. */
  readonly load?: { readonly options?: WrittenOptions; readonly value: (index: number) => unknown };
  /** The formats that options may name, and the files, by their paths. */
  readonly inner?: readonly FormatImplementation[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Everything that is wrong with the schema, and with the value by it. A small check of our own where it is absent. */
  readonly checkSchema?: (schema: JsonSchema, value: unknown) => readonly string[];
  /** Checks that are left out, each with the reason, which the skipped test's name shows. */
  readonly skip?: { readonly [Check in FormatCheck]?: string };
}

/** The kit with options that were read: what the checks work with. */
export interface ReadKit extends Omit<FormatKit<Fields>, 'format' | 'decoder' | 'encoder'> {
  readonly format: FormatDeclaration;
  readonly decoder: Decoder<unknown>;
  readonly encoder: Encoder<unknown>;
  /** Fails where the options are not as the declaration wants them. */
  read(options: WrittenOptions | undefined): unknown;
}
