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
  return (text, from) => (typeof text === 'string' ? find(text, startOf(from, text.length)) : undefined);
}

function startOf(from: unknown, length: number): number {
  return typeof from === 'number' && from > 0 ? Math.min(Math.floor(from), length) : 0;
}
