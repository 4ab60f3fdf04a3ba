// What is counted of deliveries: by destination and state, of all time or of a stretch of it, and what needs a person.

import type { DeliveryState } from './delivery-state.ts';

export interface BalanceRow {
  readonly destination: string;
  /** Counted as deliveries were made, independently of what became of them. */
  readonly created: number;
  /** What became of them, counted one by one; what retention dropped since is counted as it was then. */
  readonly states: Readonly<Record<DeliveryState, number>>;
  /** How many of these retention dropped. */
  readonly dropped: number;
}

/** Dead deliveries of one flow for one destination. */
export interface TroubleRow {
  readonly destination: string;
  readonly flow: string;
  readonly dead: number;
  /** Those of them that hold up their lanes. */
  readonly holding: number;
}

/** What came in a stretch of time, by destination, and what became of it. */
export interface PeriodBalance {
  readonly rows: readonly BalanceRow[];
  readonly files: readonly FileCount[];
}

export interface Balance {
  readonly rows: readonly BalanceRow[];
  /** Outputs that ended deliveries say they made, and deliveries that name a parent. Must be equal. */
  readonly outputsSaid: number;
  readonly outputsFound: number;
  /** Messages that no delivery carries. Must be 0. */
  readonly strayMessages: number;
}

/** What was handed over as one and held many records: a file, most often. Of a file every record is accepted or invalid. */
export interface FileCount {
  /** The inbound. */
  readonly scope: string;
  /** Unique within the inbound, the same for all counts of one file. */
  readonly id: string;
  readonly name?: string;
  readonly atMs: number;
  /** Records that the format found. */
  readonly read: number;
  readonly accepted: number;
  readonly invalid: number;
  /** Its last record was read. */
  readonly whole: boolean;
}
