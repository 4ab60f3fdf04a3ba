// Encodes JSON: exactly one value a body.

import { formatError, implementEncoder, writeJson } from '@mortise/sdk';
import format from './format.ts';

export const encoder = implementEncoder(format, {
  async *encode(values, { indent }) {
    yield encodeOne(await Array.fromAsync(values), indent);
  },
  encodeWhole: (values, { indent }) => encodeOne(values, indent),
});

function encodeOne(values: readonly unknown[], indent: number): Uint8Array {
  if (values.length !== 1) {
    throw formatError(
      'MORTISE_FORMAT_UNWRITABLE',
      `A JSON body holds one value, not ${values.length}; use ndjson for many, or an array.`,
    );
  }
  return Buffer.from(writeJson(values[0], indent));
}
