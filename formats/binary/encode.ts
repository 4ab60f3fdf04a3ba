// Encodes nothing: the value has to be bytes already.

import { formatError, implementEncoder } from '@mortise/sdk';
import format from './format.ts';

export const encoder = implementEncoder(format, {
  async *encode(values) {
    yield onlyBytes(await Array.fromAsync(values));
  },
  encodeWhole: onlyBytes,
});

function onlyBytes(values: readonly unknown[]): Uint8Array {
  const [value] = values;
  if (values.length !== 1) throw unwritable(`A binary body holds one value, not ${values.length}.`);
  if (value instanceof Uint8Array) return value;
  throw unwritable(`A value of type ${typeof value} is no bytes; expected a Uint8Array. Name the format that writes it.`);
}

function unwritable(message: string): Error {
  return formatError('MORTISE_FORMAT_UNWRITABLE', message);
}
