// Texts out of values: what a mapping gives for an element.

import { excerpt, formatError } from '@mortise/sdk';

/** A number is written with all its digits; nothing is an empty text. Throws for what is neither text nor number. */
export function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && Number.isFinite(value) && !/e/.test(`${value}`)) return `${value}`;
  const found = typeof value === 'number' ? `${value}` : typeof value;
  throw formatError(
    'MORTISE_FORMAT_UNWRITABLE',
    `${path} is ${excerpt(found)}; expected a text, or a number without an exponent.`,
  );
}
