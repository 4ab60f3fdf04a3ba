// Made-up measurements for tests.

import type { LatencySummary } from './latency.ts';
import type { LoadReport, Measured } from './measured.ts';

export const latency: LatencySummary = { count: 1000, p50Ms: 2, p99Ms: 8, maxMs: 20 };

/** 1000 orders of a ten-second load, all accepted. */
export function loadReport(changes: Partial<LoadReport> = {}): LoadReport {
  return { sent: 1000, accepted: 1000, refused: 0, acceptedPerSecond: 100, latency, processorSeconds: 0.02, ...changes };
}

export function measured(name: string, changes: Partial<Measured> = {}): Measured {
  return {
    name,
    full: { report: loadReport() },
    half: { report: loadReport() },
    waiting: [],
    processorSeconds: 0.1,
    mainThreadSeconds: 0.08,
    receiverSeconds: 0,
    bytesWritten: 0,
    residentBytesPeak: 100 * 1024 ** 2,
    account: { accepted: 2001 },
    ...changes,
  };
}
