// The records of a body, by a format: how a split reads a long file.

import { isBodyStream } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import type { FlowTools } from '../step/types.ts';
import type { ResolvedFormat } from './definitions.ts';

/** Reads the records of bytes or of a stream one by one. A record that cannot be read makes the message invalid. */
export function recordsOfBody(format: ResolvedFormat | undefined): FlowTools['records'] {
  return async function* (body) {
    if (!format) return;
    for await (const decoded of format.decode(chunksOf(body))) {
      if ('problem' in decoded) throw decoded.problem;
      yield decoded.value;
    }
  };
}

async function* chunksOf(body: unknown): AsyncIterable<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else if (typeof body === 'string') yield Buffer.from(body);
  else if (isBodyStream(body)) yield* body.open();
  else
    throw stepError('MORTISE_STEP_WRONG_TYPE', 'The body is a value already; records of a format are read from bytes or text.');
}
