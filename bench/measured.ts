// What a measurement gives: plain facts, before any arithmetic.

import type { LatencySummary } from './latency.ts';

/** What the load tells of itself. */
export interface LoadReport {
  /** Orders sent; every one was answered before the load ended. */
  readonly sent: number;
  /** Answers 202, and others. */
  readonly accepted: number;
  readonly refused: number;
  /** Answers 202 within the time, for each second of it. */
  readonly acceptedPerSecond: number;
  /** From the time when an order was due to its answer, so that a stall counts for all whom it kept waiting. */
  readonly latency: LatencySummary;
  readonly processorSeconds: number;
}

/** What the accounts say when all is done: of every order since the start, warm-up and half load included. */
export interface Account {
  /** Answered with 202. */
  readonly accepted: number;
  readonly settled?: number;
  readonly received?: { readonly requests: number; readonly keys: number };
}

export interface LoadFigures {
  readonly report: LoadReport;
  /** From the time when an order was due to its arrival at the receiver. */
  readonly endToEnd?: LatencySummary;
}

/** One contender, measured once. */
export interface Measured {
  readonly name: string;
  readonly full: LoadFigures;
  /** At half of the rate that it held. */
  readonly half: LoadFigures;
  /** How many orders waited, each second of the full load. */
  readonly waiting: readonly number[];
  /** Of the full load, until everything was worked off. */
  readonly processorSeconds: number;
  /** What of it the main thread took. */
  readonly mainThreadSeconds: number;
  /** The same of the receiver, where there is one. */
  readonly receiverSeconds: number;
  readonly bytesWritten: number;
  /** Since the start of the process. */
  readonly residentBytesPeak: number;
  readonly account: Account;
}
