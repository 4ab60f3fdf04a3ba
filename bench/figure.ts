// What a row is that is no race between contenders, and what it finds.

import type { Conditions } from './measure.ts';

export interface FigureConditions extends Conditions {
  /** Given to `node` before Mortise's own arguments: for a profile. */
  readonly nodeArguments: readonly string[];
  /** How many messages wait, in the rows where very many do. */
  readonly waiting: number;
  /** How long the long message is. */
  readonly largeBytes: number;
}

/** One sentence, and whether it is what was to hold; without that where nothing was. */
export interface Finding {
  readonly text: string;
  readonly met?: boolean;
}

export interface FigureRow {
  readonly name: string;
  readonly title: string;
  measure(conditions: FigureConditions): Promise<readonly Finding[]>;
}
