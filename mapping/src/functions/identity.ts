// Hashes and identifiers that are made of values. Beyond JSONata.

import { createHash } from 'node:crypto';
import { expressionError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';

const algorithms = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'];
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The hash of text in UTF-8, in hexadecimal digits. SHA-1 and MD5 are for partners that ask for them, not for safety. */
export function hash(_cx: Context, text: string | undefined, algorithm = 'sha256'): string | undefined {
  if (text === undefined) return undefined;
  if (!algorithms.includes(algorithm)) throw expressionError('D3204', { value: algorithm, other: algorithms.join(', ') });
  return createHash(algorithm).update(text, 'utf8').digest('hex');
}

/** A UUID of version 5 (RFC 9562, section 5.5): the same namespace and name give the same. */
export function uuid5(_cx: Context, namespace: string | undefined, name: string | undefined): string | undefined {
  if (namespace === undefined || name === undefined) return undefined;
  if (!uuidPattern.test(namespace)) throw expressionError('D3205', { value: namespace });
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
