// The SDK's words that steps use, and the functions that a flow lends them.

import type { ExpressionScope } from '@mortise/sdk';

export type { Expression, Field, Fields, Message, Path, ValuesOf } from '@mortise/sdk';

/** A format with its options, as steps use it. */
export interface StepFormat {
  readonly contentType: string;
  /**
   * The value of bytes, text or a stream (then a promise); a list of all records where a format holds many. Throws what makes
   * the message invalid where any of it cannot be read.
   */
  readonly decode: (body: unknown) => unknown;
  /** The bytes of a value; of a list its elements are the records, where a format holds many. */
  readonly encode: (value: unknown) => Uint8Array;
}

/** Functions behind a step that the flow resolved from the project. */
export interface FlowTools {
  /** The project's own function; may be asynchronous. */
  readonly script: (body: unknown, scope: ExpressionScope) => unknown;
  /** The values that a format finds in a body: bytes, or a stream. */
  readonly records: (body: unknown) => AsyncIterable<unknown>;
}
