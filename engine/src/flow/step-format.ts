// A format as steps use it: whole bodies, both ways.

import { isBodyStream } from '@mortise/sdk';
import type { Decoded } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import type { StepFormat } from '../step/types.ts';
import type { ResolvedFormat } from './definitions.ts';
import { recordsOfBody } from './records.ts';

/** Longer streams do not become one value: as a value they would take many times as much memory. */
const streamBytesMax = 32 * 1024 ** 2;

export function stepFormat(format: ResolvedFormat): StepFormat {
  return {
    contentType: format.contentType,
    decode(body) {
      if (isBodyStream(body)) return decodeStream(format, body.sizeBytes, body);
      return oneOrAll(format, format.decodeWhole(bytesOf(body)).map(valueOf));
    },
    encode(value) {
      if (value === undefined)
        throw stepError('MORTISE_STEP_EXPRESSION_NOTHING', `There is nothing to be written as ${format.name}.`);
      if (value instanceof Uint8Array || isBodyStream(value))
        throw stepError('MORTISE_STEP_BODY_NOT_VALUE', `The body is bytes already; a value is written as ${format.name}.`);
      const isList = format.records === 'many' && Array.isArray(value);
      return format.encodeWhole(isList ? (value as unknown[]) : [value]);
    },
  };
}

async function decodeStream(format: ResolvedFormat, sizeBytes: number, body: unknown): Promise<unknown> {
  if (sizeBytes > streamBytesMax) {
    throw stepError(
      'MORTISE_STEP_TOO_LARGE',
      `The body has ${sizeBytes} bytes; expected at most ${streamBytesMax} for one value.`,
    );
  }
  const values: unknown[] = [];
  for await (const value of recordsOfBody(format)(body)) values.push(value);
  return oneOrAll(format, values);
}

function oneOrAll(format: ResolvedFormat, values: readonly unknown[]): unknown {
  if (format.records === 'many') return values;
  return values.length === 0 ? null : values[0];
}

/** All of it or nothing: a value that lacks its broken records would look whole. */
function valueOf(decoded: Decoded): unknown {
  if ('problem' in decoded) throw decoded.problem;
  return decoded.value;
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const found = body === undefined ? 'nothing' : 'a value already';
  throw stepError('MORTISE_STEP_WRONG_TYPE', `What is to be decoded is ${found}; expected bytes or text.`);
}
