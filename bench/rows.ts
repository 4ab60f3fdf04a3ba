// The rows: who is measured, in which order, and what Mortise is to hold against whom.

import { bare, bareForward, bareIntake, durableIntake, mortiseWith, nodeRed, nodeReds, storedWith } from './contenders.ts';
import type { Contender } from './contenders.ts';

/** Mortise's rate is to be at least this part of another's. */
export interface Figure {
  readonly against: string;
  readonly atLeast: number;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  /** One after the other. The bare server comes first and last, so that a machine whose speed drifts is seen. */
  readonly contenders: readonly Contender[];
  readonly figures: readonly Figure[];
  /** Whether orders go on to the receiver, which then counts them. */
  readonly sendsOn: boolean;
}

export const rowNames = ['intake', 'forward'] as const;
export type RowName = (typeof rowNames)[number];

export function rowOf(name: RowName, nodeArguments: readonly string[]): Row {
  const own = mortiseWith(name, nodeArguments);
  if (name === 'intake') {
    return {
      name,
      title: 'HTTP intake: parse, map, commit with fsync, 202, flow settled',
      contenders: [bareIntake, own, storedWith(name), durableIntake, ...nodeReds, bareIntake],
      figures: [
        { against: bare, atLeast: 0.6 },
        { against: nodeRed, atLeast: 3 },
      ],
      sendsOn: false,
    };
  }
  return {
    name,
    title: 'HTTP to HTTP: accept, map, deliver, settle, all journaled',
    contenders: [bareForward, own, storedWith(name), bareForward],
    figures: [{ against: bare, atLeast: 0.6 }],
    sendsOn: true,
  };
}
