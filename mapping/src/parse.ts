// Parses by the reference package's own parser, and brings its errors into ours.

import { createRequire } from 'node:module';
import type Jsonata from 'jsonata';
import { ExpressionError, expressionError } from './errors.ts';
import { Recent } from './recent.ts';
import type { Syntax } from './syntax.ts';

/** The package's minified file: of the other one the process keeps 1.2 MB of text. */
const jsonata = createRequire(import.meta.url)('jsonata/jsonata.min.js') as typeof Jsonata;

const recent = new Recent<Syntax>();

/** The syntax tree of `text`, which others may get as well: it is not to be changed. Throws `ExpressionError` with the position where it does not parse. */
export function parse(text: string): Syntax {
  return recent.get(text, () => parsed(text));
}

function parsed(text: string): Syntax {
  try {
    const syntax = jsonata(text).ast() as unknown as Syntax;
    restoreRegexes(syntax);
    return syntax;
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

type Parts = Record<string, unknown>;

/**
 * For `?:` and `??` the parser copies the left side through JSON, in which a regular expression becomes an empty object: the
 * copy gets back what the left side has.
 */
function restoreRegexes(node: unknown): void {
  if (typeof node !== 'object' || node === null || node instanceof RegExp) return;
  const { type, condition, then } = node as Parts;
  if (type === 'condition') {
    restoreFrom(condition, then);
    restoreFrom(((condition as Parts)['arguments'] as readonly unknown[] | undefined)?.[0], then);
  }
  for (const part of Object.values(node)) restoreRegexes(part);
  if (type === 'regex' && !((node as Parts)['value'] instanceof RegExp)) (node as Parts)['value'] = /(?!)/g;
}

function restoreFrom(copy: unknown, original: unknown): void {
  if (typeof copy !== 'object' || copy === null || typeof original !== 'object' || original === null) return;
  const [own, from] = [
    copy as Parts,
    (original as Parts)['thunk'] === true ? ((original as Parts)['body'] as Parts) : (original as Parts),
  ];
  if (own['type'] === 'regex' && from['type'] === 'regex') own['value'] = from['value'];
  else if (own['type'] === from['type']) for (const name of Object.keys(own)) restoreFrom(own[name], from[name]);
}
