// Regular expressions as values: a function of a text that gives the first match and the way to the next.

import { expressionError } from '../errors.ts';

/** What a regular expression gives for a text: shown to expressions as it is. */
export interface Match {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  readonly next: () => Match | undefined;
}

export type Matcher = (text: string, from?: number) => Match | undefined;

export function matcher(pattern: RegExp, position: number): Matcher {
  const find = (text: string, from = 0): Match | undefined => {
    const regex = new RegExp(pattern.source, pattern.flags);
    regex.lastIndex = from;
    const found = regex.exec(text);
    if (!found) return undefined;
    const [match, ...groups] = found;
    const end = regex.lastIndex;
    return {
      match,
      start: found.index,
      end: found.index + match.length,
      groups,
      next: () => (end >= text.length ? undefined : further(find(text, end))),
    };
  };
  const further = (next: Match | undefined): Match | undefined => {
    if (next && next.match === '') throw expressionError('D1004', { position, value: pattern.source });
    return next;
  };
  return (text, from) => (typeof text === 'string' ? find(text, from) : undefined);
}
