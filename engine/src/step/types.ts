// The SDK's words that steps use, and the functions that a flow lends them.

import type { ExpressionScope } from '@mortise/sdk';

export type { Expression, Field, Fields, Message, Path, ValuesOf } from '@mortise/sdk';

/** Functions behind a step that the flow resolved from the project. */
export interface FlowTools {
  /** The project's own function; may be asynchronous. */
  readonly script: (body: unknown, scope: ExpressionScope) => unknown;
  /** The values that a format finds in a body: bytes, or a stream. */
  readonly records: (body: unknown) => AsyncIterable<unknown>;
}
