// Functions that look for text within text, where matchers and replacements may give promises.

import { expressionError } from '../errors.ts';
import {
  checkedMatch,
  described,
  filledIn,
  replace as replaceNow,
  requireText,
  split as splitNow,
  splitAt,
} from '../functions/matching.ts';
import type { Pattern } from '../functions/matching.ts';
import type { Context } from '../runtime/context.ts';
import type { Match } from '../runtime/regex.ts';
import type { FunctionValue } from '../runtime/values.ts';
import { invoke } from './calls.ts';

type Text = string | undefined;

export async function contains(cx: Context, text: Text, pattern: Pattern | undefined): Promise<boolean | undefined> {
  if (text === undefined || pattern === undefined) return undefined;
  return typeof pattern === 'string' ? text.includes(pattern) : checkedMatch(await invoke(cx, pattern, [text])) !== undefined;
}

export async function match(cx: Context, text: Text, pattern: FunctionValue, limit = Infinity): Promise<unknown> {
  if (text === undefined) return undefined;
  if (limit < 0) throw expressionError('D3040', { value: limit, other: 3 });
  return described(cx, await matchesOf(cx, pattern, text, limit));
}

export async function split(
  cx: Context,
  text: Text,
  separator: Pattern,
  limit = Infinity,
): Promise<readonly string[] | undefined> {
  if (text === undefined || typeof separator === 'string' || limit < 0) return splitNow(cx, text, separator, limit);
  return splitAt(cx, text, await matchesOf(cx, separator, text, limit), limit);
}

export async function replace(
  cx: Context,
  text: Text,
  pattern: Pattern,
  replacement: Pattern,
  limit = Infinity,
): Promise<string | undefined> {
  if (text === undefined || typeof pattern === 'string' || limit < 0) return replaceNow(cx, text, pattern, replacement, limit);
  let [result, position] = ['', 0];
  for (const one of await matchesOf(cx, pattern, text, limit)) {
    const substitute = typeof replacement === 'string' ? filledIn(replacement, one) : await invoke(cx, replacement, [one]);
    result += text.slice(position, one.start) + requireText(substitute);
    position = one.start + one.match.length;
    cx.requireCharacters(result.length);
  }
  return result + text.slice(position);
}

async function matchesOf(cx: Context, pattern: FunctionValue, text: string, limit: number): Promise<readonly Match[]> {
  const found: Match[] = [];
  if (!(limit > 0)) return found;
  let one = checkedMatch(await invoke(cx, pattern, [text]));
  while (one !== undefined) {
    found.push(one);
    cx.requireItems(found.length);
    if (found.length >= limit) break;
    one = checkedMatch(await invoke(cx, one.next, []));
  }
  return found;
}
