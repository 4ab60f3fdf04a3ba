// Functions that look for text within text, by text or by a regular expression.

import { expressionError } from '../errors.ts';
import { invoke } from '../runtime/calls.ts';
import type { Context } from '../runtime/context.ts';
import { sequence } from '../runtime/marks.ts';
import { placesOf } from '../runtime/regex.ts';
import type { Match, Place } from '../runtime/regex.ts';
import { isFunction, isObject } from '../runtime/values.ts';
import type { FunctionValue } from '../runtime/values.ts';

export type Pattern = string | FunctionValue;

export function contains(cx: Context, text: string | undefined, pattern: Pattern | undefined): boolean | undefined {
  if (text === undefined || pattern === undefined) return undefined;
  return typeof pattern === 'string' ? text.includes(pattern) : firstMatch(cx, pattern, text) !== undefined;
}

export function match(cx: Context, text: string | undefined, pattern: FunctionValue, limit = Infinity): unknown {
  if (text === undefined) return undefined;
  if (limit < 0) throw expressionError('D3040', { value: limit, other: 3 });
  return described(cx, placesIn(cx, pattern, text, limit));
}

export function described(cx: Context, matches: Iterable<Place>): unknown {
  const found: unknown[] = [];
  for (const one of matches) {
    found.push({ match: one.match, index: one.start, groups: one.groups });
    cx.requireItems(found.length);
  }
  return sequence(found);
}

export function split(
  cx: Context,
  text: string | undefined,
  separator: Pattern,
  limit = Infinity,
): readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (limit < 0) throw expressionError('D3020', { value: limit, other: 3 });
  if (typeof separator === 'string') return splitText(cx, text, separator, limit);
  return splitAt(cx, text, placesIn(cx, separator, text, limit), limit);
}

export function splitAt(cx: Context, text: string, matches: Iterable<Place>, limit: number): readonly string[] {
  const parts: string[] = [];
  let [start, found] = [0, 0];
  for (const one of matches) {
    parts.push(text.slice(start, one.start));
    start = one.end;
    found += 1;
    cx.requireItems(found);
  }
  if (found < limit) parts.push(text.slice(start));
  return parts;
}

function splitText(cx: Context, text: string, separator: string, limit: number): readonly string[] {
  if (separator === '') cx.requireItems(Math.min(text.length, limit));
  const parts = text.split(separator, limit === Infinity ? undefined : limit);
  cx.requireItems(parts.length);
  cx.spend(parts.length);
  return parts;
}

export function replace(
  cx: Context,
  text: string | undefined,
  pattern: Pattern,
  replacement: Pattern,
  limit = Infinity,
): string | undefined {
  if (text === undefined) return undefined;
  if (pattern === '') throw expressionError('D3010', { value: pattern, other: 2 });
  if (limit < 0) throw expressionError('D3011', { value: limit, other: 4 });
  const result =
    typeof pattern === 'string'
      ? replaceText(cx, text, pattern, replacement, limit)
      : replaceMatches(cx, text, pattern, replacement, limit);
  cx.requireCharacters(result.length);
  return result;
}

function replaceText(cx: Context, text: string, pattern: string, replacement: Pattern, limit: number): string {
  let result = '';
  let [position, done] = [0, 0];
  for (let at = text.indexOf(pattern); at >= 0 && done < limit; at = text.indexOf(pattern, position)) {
    result += text.slice(position, at) + String(replacement);
    cx.spend(1);
    cx.requireCharacters(result.length);
    position = at + pattern.length;
    done += 1;
  }
  return result + text.slice(position);
}

function replaceMatches(cx: Context, text: string, pattern: FunctionValue, replacement: Pattern, limit: number): string {
  let result = '';
  let position = 0;
  // A function is handed the whole match, and the way to the next.
  const isText = typeof replacement === 'string';
  for (const one of isText ? placesIn(cx, pattern, text, limit) : matchesOf(cx, pattern, text, limit)) {
    const substitute = isText ? filledIn(replacement, one) : invoke(cx, replacement, [one]);
    result += text.slice(position, one.start) + requireText(substitute);
    position = one.start + one.match.length;
    cx.requireCharacters(result.length);
  }
  return result + text.slice(position);
}

export function requireText(substitute: unknown): string {
  if (typeof substitute !== 'string') throw expressionError('D3012', { value: substitute });
  return substitute;
}

/** `$0` is the match, `$1` its first group, `$$` a dollar. A number with more digits than there are groups is read shorter. */
export function filledIn(replacement: string, { match: whole, groups }: Place): string {
  let result = '';
  let position = 0;
  for (let at = replacement.indexOf('$'); at >= 0; at = replacement.indexOf('$', position)) {
    result += replacement.slice(position, at);
    position = at + 1;
    const next = replacement[position];
    if (next === '$' || next === '0') {
      result += next === '$' ? '$' : whole;
      position += 1;
      continue;
    }
    const group = groupNumber(replacement, position, groups.length);
    if (group === undefined) result += '$';
    else {
      result += groups[group - 1] ?? '';
      position += String(group).length;
    }
  }
  return result + replacement.slice(position);
}

function groupNumber(replacement: string, position: number, groups: number): number | undefined {
  const digits = groups === 0 ? 1 : Math.floor(Math.log10(groups)) + 1;
  let number = Number.parseInt(replacement.slice(position, position + digits), 10);
  if (digits > 1 && number > groups) number = Number.parseInt(replacement.slice(position, position + digits - 1), 10);
  return Number.isNaN(number) ? undefined : number;
}

/** Where a pattern matches, at most `limit` times. */
function placesIn(cx: Context, pattern: FunctionValue, text: string, limit: number): Iterable<Place> {
  return placesOf(cx, pattern, text, limit) ?? matchesOf(cx, pattern, text, limit);
}

function* matchesOf(cx: Context, pattern: FunctionValue, text: string, limit: number): Generator<Match> {
  if (!(limit > 0)) return;
  let found = 0;
  for (let one = firstMatch(cx, pattern, text); one !== undefined; one = checkedMatch(invoke(cx, one.next, []))) {
    yield one;
    found += 1;
    if (found >= limit) return;
  }
}

function firstMatch(cx: Context, pattern: FunctionValue, text: string): Match | undefined {
  return checkedMatch(invoke(cx, pattern, [text]));
}

/** A matcher may be the project's own function. Throws T1010 where it does not give what a regular expression gives. */
export function checkedMatch(value: unknown): Match | undefined {
  if (value === undefined || value === null) return undefined;
  const isMatch =
    isObject(value) &&
    (typeof value['start'] === 'number' ||
      typeof value['end'] === 'number' ||
      Array.isArray(value['groups']) ||
      isFunction(value['next']));
  if (!isMatch) throw expressionError('T1010', { value });
  return value as unknown as Match;
}
