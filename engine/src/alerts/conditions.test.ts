// Laws of the conditions: nothing is counted twice or left out, and what is raised ends only when it is known to be over.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from './conditions.ts';
import type { Finding, Sample, Sight } from './conditions.ts';

const nothing: Sight = {
  nowMs: 1_000_000,
  troubles: [],
  waiting: new Map(),
  samples: [],
  flows: new Map(),
  disk: { floorBytes: 0 },
  certificates: [],
  heard: () => ({ subject: 'inbound:shop', atMs: 0 }),
  longSince: () => 0,
  isRaised: () => false,
  raised: [],
};

const destinations = ['flow:a', 'flow:b', 'outbound:erp.x', 'outbound:erp.y', 'outbound:crm.x'];
const row = fc.record({
  destination: fc.constantFrom(...destinations),
  flow: fc.constantFrom('a', 'b'),
  dead: fc.integer({ min: 1, max: 1000 }),
  holding: fc.integer({ min: 0, max: 10 }),
});
const sum = (findings: readonly Finding[]): number => findings.reduce((total, { count }) => total + count, 0);

describe('dead letters', () => {
  it('are each counted once: all of them together, and those of each flow apart', () => {
    fc.assert(
      fc.property(fc.array(row), (troubles) => {
        const count = (more: { readonly flow?: string }): number =>
          sum(findingsOf({ kind: 'dead-letters', atLeast: 1, ...more }, { ...nothing, troubles }));
        expect(count({})).toBe(troubles.reduce((total, { dead }) => total + dead, 0));
        expect(count({ flow: 'a' }) + count({ flow: 'b' })).toBe(count({}));
      }),
    );
  });

  it('of fewer than are asked for raise nothing, and each destination is one finding', () => {
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 1, max: 2000 }), (troubles, atLeast) => {
        const findings = findingsOf({ kind: 'dead-letters', atLeast }, { ...nothing, troubles });
        expect(findings.every(({ count }) => count >= atLeast)).toBe(true);
        expect(new Set(findings.map(({ subject }) => subject)).size).toBe(findings.length);
      }),
    );
  });
});

describe('an error rate', () => {
  const sample = (atMs: number, made: number, failed: number): Sample => ({
    atMs,
    made: new Map([['outbound:erp.x', made]]),
    failures: new Map([['outbound:erp.x', failed]]),
  });
  const when = { kind: 'error-rate', above: 50, over: 60_000, atLeast: 5 } as const;
  const raised = [{ subject: 'outbound:erp.x', count: 9, text: '9 attempts failed' }];
  const { nowMs } = nothing;

  it('is that of its window alone', () => {
    const before = sample(nowMs - 120_000, 0, 0);
    const begin = sample(nowMs - 60_000, 100, 500);
    expect(findingsOf(when, { ...nothing, samples: [before, begin, sample(nowMs, 200, 520)] })).toEqual([]);
    expect(findingsOf(when, { ...nothing, samples: [before, begin, sample(nowMs, 110, 520)] })).toMatchObject([{ count: 20 }]);
    expect(findingsOf(when, { ...nothing, samples: [before, begin, sample(nowMs, 100, 504)] })).toEqual([]);
  });

  it('that was raised stays so after a start until a whole window has been counted', () => {
    const samples = [sample(nowMs - 30_000, 0, 0), sample(nowMs, 10, 0)];
    expect(findingsOf(when, { ...nothing, samples, raised })).toEqual(raised);
    expect(findingsOf(when, { ...nothing, samples: [], raised })).toEqual(raised);
    const whole = [sample(nowMs - 60_000, 0, 0), sample(nowMs, 10, 0)];
    expect(findingsOf(when, { ...nothing, samples: whole, raised })).toEqual([]);
  });
});

describe('certificates', () => {
  it('of one place are one finding, which tells of the one that ends first', () => {
    const ends = [5, 3, 9].map((days) => ({ at: 'erp', validToMs: nothing.nowMs + days * 86_400_000 }));
    const [finding, ...others] = findingsOf({ kind: 'certificate', within: 30 * 86_400_000 }, { ...nothing, certificates: ends });
    expect(others).toEqual([]);
    expect(finding?.text).toContain(new Date(nothing.nowMs + 3 * 86_400_000).toISOString());
  });
});
