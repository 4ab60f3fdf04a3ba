// Regular expressions as values: a function of a text that gives the first match and the way to the next.

import { expressionError } from '../errors.ts';
import type { Pattern } from '../regex/pattern.ts';
import type { Context } from './context.ts';

/** What a regular expression gives for a text: shown to expressions as it is. */
export interface Match {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  readonly next: () => Match | undefined;
}

/** What of a match only looks at this one, and not at the next. */
export type Place = Omit<Match, 'next'>;

export type Matcher = (text: string, from?: number) => Match | undefined;

export function matcher(cx: Context, pattern: Pattern, position: number): Matcher {
  const spend = (steps: number): void => cx.spend(steps);
  const find = (text: string, from: number): Match | undefined => {
    const found = pattern.find(text, from, spend);
    if (!found) return undefined;
    const { match, index, groups } = found;
    const end = index + match.length;
    return { match, start: index, end, groups, next: () => (end >= text.length ? undefined : further(find(text, end))) };
  };
  const further = (next: Match | undefined): Match | undefined => {
    if (next && next.match === '') throw expressionError('D1004', { position, value: pattern.source });
    return next;
  };
  const matching: Matcher & { [search]?: Search } = (text, from) =>
    typeof text === 'string' ? find(text, startOf(from, text.length)) : undefined;
  matching[search] = { pattern, position };
  return matching;
}

/** Under which a matcher notes that it is a regular expression, and of what. No expression reads symbols. */
const search: unique symbol = Symbol('search');

interface Search {
  readonly pattern: Pattern;
  readonly position: number;
}

/** All matches of a regular expression, at most `limit`; undefined where the matcher is a function of another kind. */
export function placesOf(cx: Context, matching: object, text: string, limit: number): readonly Place[] | undefined {
  const known = (matching as { readonly [search]?: Search })[search];
  if (!known) return undefined;
  const { pattern, position } = known;
  const spend = (steps: number): void => cx.spend(steps);
  const places: Place[] = [];
  for (let from = 0; places.length < limit; ) {
    const found = pattern.find(text, from, spend);
    if (!found) break;
    const { match, index: start, groups } = found;
    if (match === '' && places.length > 0) throw expressionError('D1004', { position, value: pattern.source });
    from = start + match.length;
    places.push({ match, start, end: from, groups });
    cx.requireItems(places.length);
    if (from >= text.length) break;
  }
  return places;
}

function startOf(from: unknown, length: number): number {
  return typeof from === 'number' && from > 0 ? Math.min(Math.floor(from), length) : 0;
}
