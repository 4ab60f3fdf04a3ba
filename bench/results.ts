// The arithmetic of the results: from what was measured to ratios, and to what is met. Pure.

import type { Account, Measured } from './measure.ts';
import { bodyBytes } from './order.ts';
import type { Figure } from './rows.ts';

/** A backlog counts as flat while it grows by less than this part of what is accepted. */
const growthPartMax = 0.01;

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

/** What was settled or arrived more often than it was accepted. */
export function duplicated({ accepted, settled = accepted, received }: Account): number {
  return Math.max(0, settled - accepted, (received?.requests ?? 0) - accepted);
}

/** One contender, its measurements averaged where it was measured more than once. */
export interface Result {
  readonly name: string;
  readonly heldPerSecond: number;
  /** The rate of each measurement. */
  readonly rates: readonly number[];
  readonly growthPerSecond: number;
  readonly flat: boolean;
  readonly processorUsPerOrder: number;
  readonly bytesPerBodyByte: number;
  readonly residentBytesPeak: number;
  readonly refused: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly loadCores: number;
}

export function resultsOf(measured: readonly Measured[]): readonly Result[] {
  const names = [...new Set(measured.map(({ name }) => name))];
  return names.map((name) => resultOf(name, measured.filter((one) => one.name === name)));
}

function resultOf(name: string, measured: readonly Measured[]): Result {
  const mean = (of: (one: Measured) => number): number => measured.reduce((sum, one) => sum + of(one), 0) / measured.length;
  const sum = (of: (one: Measured) => number): number => mean(of) * measured.length;
  const rates = measured.map(({ full, waiting }) => heldPerSecond(full.report.acceptedPerSecond, growthPerSecond(waiting)));
  return {
    name,
    heldPerSecond: rates.reduce((total, rate) => total + rate, 0) / rates.length,
    rates,
    growthPerSecond: mean(({ waiting }) => growthPerSecond(waiting)),
    flat: measured.every(({ full, waiting }) => isFlat(full.report.acceptedPerSecond, growthPerSecond(waiting))),
    processorUsPerOrder: mean(({ processorSeconds, full }) => (processorSeconds * 1e6) / full.report.accepted),
    bytesPerBodyByte: mean(({ bytesWritten, full }) => bytesWritten / (full.report.accepted * bodyBytes)),
    residentBytesPeak: Math.max(...measured.map((one) => one.residentBytesPeak)),
    refused: sum(({ full, half }) => full.report.refused + half.report.refused),
    lost: sum(({ account }) => lost(account)),
    duplicated: sum(({ account }) => duplicated(account)),
    loadCores: 0,
  };
}

export interface Verdict extends Figure {
  readonly ratio: number;
  readonly met: boolean;
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
  return { ...figure, ratio, met: reasons.length === 0, reasons };
}
