// Parses by the reference package's own parser, and brings its errors into ours.

import jsonata from 'jsonata';
import { ExpressionError, expressionError } from './errors.ts';
import type { Syntax } from './syntax.ts';

/** The syntax tree of `text`. Throws `ExpressionError` with the position where it does not parse. */
export function parse(text: string): Syntax {
  try {
    return jsonata(text).ast() as unknown as Syntax;
  } catch (error) {
    throw toExpressionError(error);
  }
}

function toExpressionError(error: unknown): ExpressionError {
  if (error instanceof RangeError) return expressionError('D1011', { value: 'the stack' });
  const { code, message, position, token, value } = error as Readonly<Record<string, unknown>>;
  return new ExpressionError(
    typeof code === 'string' ? code : 'S0500',
    typeof message === 'string' ? message : String(error),
    typeof position === 'number' ? position : undefined,
    typeof token === 'string' ? token : undefined,
    value,
  );
}
