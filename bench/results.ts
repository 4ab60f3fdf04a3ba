// The arithmetic of the results: from what was measured to ratios, and to what is met. Pure.

import type { LatencySummary } from './latency.ts';
import type { Account, Measured } from './measured.ts';
import { bodyBytes } from './order.ts';
import type { Figure } from './rows.ts';

/** A backlog counts as flat while it grows by less than this part of what is accepted. */
const growthPartMax = 0.01;
/** Latency at half load, from end to end. */
export const latencyToHold = { p50Ms: 3, p99Ms: 10 };
export const bytesPerBodyByteMax = 6;

/** The slope of a line through one sample a second, by least squares; 0 of fewer than two. */
export function growthPerSecond(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const covariance = samples.reduce((sum, sample, second) => sum + (second - middle) * (sample - mean), 0);
  const variance = samples.reduce((sum, _, second) => sum + (second - middle) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}

/** The rate that could go on for ever: what is accepted and only piles up is not held. */
export function heldPerSecond(acceptedPerSecond: number, growth: number): number {
  return acceptedPerSecond - Math.max(0, growth);
}

/** Whether the backlog stayed as it was. */
export function isFlat(acceptedPerSecond: number, growth: number): boolean {
  return growth < acceptedPerSecond * growthPartMax;
}

/** Accepted orders that were not settled, or did not arrive. */
export function lost({ accepted, settled = accepted, received }: Account): number {
  return Math.max(0, accepted - Math.min(settled, received?.keys ?? accepted));
}

/** How many more were settled, or arrived, than were accepted. */
export function duplicated({ accepted, settled = accepted, received }: Account): number {
  return Math.max(0, settled - accepted, (received?.requests ?? 0) - accepted);
}

export type Latency = Pick<LatencySummary, 'p50Ms' | 'p99Ms'>;

/** One contender; averages where it was measured more than once. */
export interface Result {
  readonly name: string;
  readonly heldPerSecond: number;
  /** The rate of each measurement. */
  readonly rates: readonly number[];
  readonly growthPerSecond: number;
  readonly waitingMax: number;
  readonly flat: boolean;
  readonly fullLatency: Latency;
  /** To the receiver where there is one, else to the answer. */
  readonly halfLatency: Latency;
  readonly processorUsPerOrder: number;
  readonly mainThreadUsPerOrder: number;
  /** What the load took for an order, and the receiver where there is one. */
  readonly othersUsPerOrder: number;
  readonly bytesPerBodyByte: number;
  readonly residentBytesPeak: number;
  readonly refused: number;
  readonly lost: number;
  readonly duplicated: number;
}

/** One result for each name, in the order in which they were measured. */
export function resultsOf(measured: readonly Measured[]): readonly Result[] {
  const byName = Map.groupBy(measured, ({ name }) => name);
  return [...byName].map(([name, ofName]) => resultOf(name, ofName));
}

function resultOf(name: string, measured: readonly Measured[]): Result {
  const sum = (of: (one: Measured) => number): number => measured.reduce((total, one) => total + of(one), 0);
  const mean = (of: (one: Measured) => number): number => sum(of) / measured.length;
  const meanLatency = (of: (one: Measured) => Latency): Latency => ({
    p50Ms: mean((one) => of(one).p50Ms),
    p99Ms: mean((one) => of(one).p99Ms),
  });
  const rates = measured.map(rateOf);
  return {
    name,
    heldPerSecond: mean(rateOf),
    rates,
    growthPerSecond: mean(({ waiting }) => growthPerSecond(waiting)),
    waitingMax: Math.max(0, ...measured.flatMap(({ waiting }) => waiting)),
    flat: measured.every(({ full, waiting }) => isFlat(full.report.acceptedPerSecond, growthPerSecond(waiting))),
    fullLatency: meanLatency(({ full }) => full.endToEnd ?? full.report.latency),
    halfLatency: meanLatency(({ half }) => half.endToEnd ?? half.report.latency),
    processorUsPerOrder: mean(({ processorSeconds, full }) => (processorSeconds * 1e6) / full.report.accepted),
    mainThreadUsPerOrder: mean(({ mainThreadSeconds, full }) => (mainThreadSeconds * 1e6) / full.report.accepted),
    othersUsPerOrder: mean(
      ({ full: { report }, receiverSeconds }) => ((report.processorSeconds + receiverSeconds) * 1e6) / report.accepted,
    ),
    bytesPerBodyByte: mean(({ bytesWritten, full }) => bytesWritten / (full.report.accepted * bodyBytes)),
    residentBytesPeak: Math.max(...measured.map((one) => one.residentBytesPeak)),
    refused: sum(({ full, half }) => full.report.refused + half.report.refused),
    lost: sum(({ account }) => lost(account)),
    duplicated: sum(({ account }) => duplicated(account)),
  };
}

function rateOf({ full, waiting }: Measured): number {
  return heldPerSecond(full.report.acceptedPerSecond, growthPerSecond(waiting));
}

export interface Verdict extends Figure {
  readonly ratio: number;
  /** Why it is not met; empty where it is. */
  readonly reasons: readonly string[];
}

/** Holds the rate of `own` against the other's. A rate that was not held, or lost orders, meets nothing. */
export function verdictOf(figure: Figure, own: Result, other: Result): Verdict {
  const ratio = own.heldPerSecond / other.heldPerSecond;
  const reasons = [
    ...(ratio >= figure.atLeast ? [] : ['the ratio is too small']),
    ...(own.flat ? [] : ['the backlog grew']),
    ...(own.lost === 0 ? [] : [`${own.lost} orders were lost`]),
    ...(own.duplicated === 0 ? [] : [`${own.duplicated} orders were duplicated`]),
  ];
  return { ...figure, ratio, reasons };
}
