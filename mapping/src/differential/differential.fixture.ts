// Compares both implementations on generated expressions, and gathers where they differ.

import * as fc from 'fast-check';
import { document, expression } from './expressions.fixture.ts';
import { isBroken, isKnown, isSame, ours, oursWaiting, theirs } from './run.fixture.ts';

export interface Comparison {
  readonly compared: number;
  /** Evaluations in which the reference threw an error that is none of JSONata. */
  readonly broken: number;
  /** How many of the others gave a result, so that not only errors were compared. */
  readonly results: number;
  readonly differences: readonly string[];
}

/** The same seed gives the same cases. */
export async function compareBoth(cases: number, seed: number): Promise<Comparison> {
  const differences: string[] = [];
  let [broken, results] = [0, 0];
  for (const [text, input] of fc.sample(fc.tuple(expression, document), { numRuns: cases, seed })) {
    const reference = await theirs(text, input);
    if (isBroken(reference)) {
      broken += 1;
      continue;
    }
    const mine = ours(text, input);
    const waiting = await oursWaiting(text, input);
    if (JSON.stringify(mine) !== JSON.stringify(waiting))
      differences.push(`${text}\n  at once ${JSON.stringify(mine)}\n  waiting ${JSON.stringify(waiting)}`);
    if ('result' in mine && mine.result !== undefined) results += 1;
    if (!isSame(reference, mine) && !isKnown(text, input, reference, mine))
      differences.push(
        `${text}\n  on ${JSON.stringify(input)}\n  reference ${JSON.stringify(reference)}\n  ours ${JSON.stringify(mine)}`,
      );
  }
  return { compared: cases - broken, broken, results, differences };
}
