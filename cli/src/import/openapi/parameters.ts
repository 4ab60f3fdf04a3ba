// What is sent of the parameters of an operation.

import type { Parameter } from './operations.ts';

/** Where the message holds the values of parameters. */
export type Holder = 'body' | 'headers';

/** Written by the connector itself. */
export const ownHeaders = /^(accept|content-type|authorization|idempotency-key)$/i;

/** Optional headers and cookies are not sent: an empty one would mean something. */
export function isSent(parameter: Parameter): boolean {
  if (parameter.in === 'header') return parameter.required && !ownHeaders.test(parameter.name);
  return parameter.in !== 'cookie';
}

/** Whether it gives its name once for each of its values. */
export function isList({ value }: Parameter): boolean {
  return JSON.stringify(value['schema'] ?? {}).includes('"array"');
}
