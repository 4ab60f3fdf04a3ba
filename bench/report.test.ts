// The results as Markdown: what they say where a figure is met, and where it is not.

import { describe, expect, it } from 'vitest';
import { bare, limit, mortise, nodeRed } from './contenders.ts';
import { findingOf } from './figure-scripts.ts';
import type { Machine } from './machine.ts';
import type { Measured } from './measured.ts';
import { latency, loadReport, measured } from './measured.fixture.ts';
import { reportOf, withOtherRows } from './report.ts';
import type { Run } from './report.ts';
import { rowOf } from './rows.ts';

const machine: Machine = {
  cores: 2,
  processor: 'a processor',
  memoryGiB: 24,
  node: 'v26.10.0',
  sqlite: '3.53.4',
  fileSystem: 'ext4',
  sync: latency,
  loadBefore: 0.1,
};

describe('the report', () => {
  it('says what is met, and against whom', () => {
    const report = reportOn([atRate(bare, 100), atRate(mortise, 70), atRate(nodeRed, 20)]);
    expect(report).toContain(`- 0.70 × ${bare} (to hold: ≥ 0.6): **met**.`);
    expect(report).toContain(`- 3.50 × ${nodeRed} (to hold: ≥ 3): **met**.`);
    expect(report).toContain('p50 2.0 ms, p99 8.0 ms (to hold: ≤ 3 ms, ≤ 10 ms): **met**.');
    expect(report).toContain('0 lost, 0 duplicated, 0 refused.');
    expect(report).not.toContain('not met');
  });

  it('says plainly what is not met, and why', () => {
    const slow = atRate(mortise, 50, {
      bytesWritten: 7 * 1024 * 1000,
      waiting: [0, 10, 20],
      account: { accepted: 10, settled: 9 },
    });
    const report = reportOn([atRate(bare, 100), slow]);
    expect(report).toContain(
      '0.40 × Fastify, no store (to hold: ≥ 0.6): **not met**: the ratio is too small, the backlog grew, 1 orders were lost.',
    );
    expect(report).toContain('Written a body byte: 7.0 bytes (to hold: ≤ 6): **not met**.');
    expect(report).toContain('Backlog **not flat**: it grew by 10.0/s, and 20 orders waited at most.');
  });

  it('says what is left for an engine that writes the same rows', () => {
    const report = reportOn([atRate(bare, 100), atRate(mortise, 30), atRate(limit, 40)]);
    expect(report).toContain(`without an engine hold 0.40 × ${bare}; Mortise holds 0.75 of that.`);
    // 2 s of processors for 60 orders, without the 20 µs that the load takes for each.
    expect(report).toContain(
      `At 0.6 × ${bare} an order may take 33,313 µs of 2 processors that do nothing else; without an engine it takes 100.`,
    );
    expect(report).toContain(
      'may take 16,667 of them, on a processor that does nothing else; without an engine it takes 80, with Mortise’s 80.',
    );
    expect(reportOn([atRate(bare, 100), atRate(mortise, 30)])).not.toContain('without an engine');
  });

  it('keeps the rows of other runs that it did not measure, each with its command', () => {
    const former = ['# Results', 'Written by `first`; by hand.', '## A', 'old a', '## B', 'old b', ''].join('\n\n');
    const second = withOtherRows('# Results\n\nWritten by `second`.\n\n## A\n\nnew a\n', former);
    expect(second).toBe('# Results\n\nWritten by `second`.\n\n## A\n\nnew a\n\n## B\n\nold b\n\nOf another run: `first`.\n');
    expect(withOtherRows('# Results\n\nWritten by `third`.\n\n## C\n\nnew c\n', second)).toContain(
      '## A\n\nnew a\n\nOf another run: `second`.\n\n## B\n\nold b\n\nOf another run: `first`.\n',
    );
  });

  it('shows each rate of who was measured twice', () => {
    expect(reportOn([atRate(bare, 30_000), atRate(mortise, 1), atRate(bare, 40_000)])).toContain('| 35,000 (30,000, 40,000) |');
  });

  it('doubts a short run, and a machine that had other things to do', () => {
    expect(reportOn([], 60)).not.toMatch(/not a result|not idle/);
    expect(reportOn([], 10)).toContain('**A look of 10 s, not a result**');
    expect(reportOn([], 60, { ...machine, loadBefore: 3.21 })).toContain('**The machine was not idle**: 3.2 processes');
  });
});

it('says of every other figure whether it is met', () => {
  const findings = [{ text: 'idle: 90 MB', met: true }, { text: 'at most: 400 MB', met: false }, { text: 'by the way' }];
  const report = reportOn([], 60, machine, [{ row: { title: 'Memory' }, findings }]);
  expect(report).toContain('## Memory\n\n- idle: 90 MB: **met**.\n- at most: 400 MB: **not met**.\n- by the way.\n');
});

it('reads a figure in what a script prints, and does not take silence for a yes', () => {
  const wanted = { what: 'hops', found: /ratio ([\d.]+)/, unit: '× bare', atLeast: 0.7 };
  expect(findingOf(wanted, 'ratio 0.71', ['store.ts'])).toMatchObject({ met: true });
  expect(findingOf(wanted, 'ratio 0.69', ['store.ts'])).toMatchObject({ met: false, text: expect.stringContaining('≥ 0.7') });
  expect(findingOf(wanted, 'nothing', ['store.ts'])).toMatchObject({ met: false });
  expect(findingOf({ what: 'at best', found: wanted.found, unit: '×' }, 'ratio 0.8', ['store.ts'])).toEqual({
    text: 'at best: 0.8 ×',
  });
  expect(findingOf({ ...wanted, atMost: 1 }, 'ratio 1.5', ['store.ts'])).toMatchObject({ met: false });
});

function atRate(name: string, acceptedPerSecond: number, changes: Partial<Measured> = {}): Measured {
  return measured(name, { full: { report: loadReport({ acceptedPerSecond }) }, ...changes });
}

function reportOn(all: readonly Measured[], seconds = 60, on = machine, figures: Run['figures'] = []): string {
  const row = rowOf('intake', []);
  return reportOf({ command: 'npm run bench', seconds, connections: 64, machine: on, rows: [{ row, measured: all }], figures });
}
