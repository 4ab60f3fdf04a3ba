// The laws of the dispatcher's parts: heap, queue of the ready, lanes, pauses, breaker.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';
import { Fifo } from './fifo.ts';
import { DueHeap } from './heap.ts';
import { Lanes } from './lanes.ts';
import { seqOf } from './backlog.ts';
import { pauseMs } from './retry.ts';
import type { Work } from './work.ts';

describe('the heap of what is due', () => {
  it('gives what is due, earliest first, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), fc.integer({ min: 0, max: 1000 }), (times, now) => {
        const heap = new DueHeap<{ dueAtMs: number }>();
        for (const dueAtMs of times) heap.add({ dueAtMs });
        const taken: number[] = [];
        for (let due = heap.takeDue(now); due; due = heap.takeDue(now)) taken.push(due.dueAtMs);
        expect(taken).toEqual(times.filter((time) => time <= now).sort((a, b) => a - b));
        expect(heap.size).toBe(times.length - taken.length);
        expect(heap.first?.dueAtMs).toBe(times.filter((time) => time > now).sort((a, b) => a - b)[0]);
      }),
    );
  });
});

describe('first in, first out', () => {
  it('is what an array does', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { maxLength: 5000 }), (steps) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const step of steps) {
          const taken = step === null ? [fifo.shift(), model.shift()] : [fifo.push(step), void model.push(step)];
          expect(taken[0]).toBe(taken[1]);
          expect(fifo.size).toBe(model.length);
          expect(fifo.peek(0)).toBe(model[0]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

function work(seq: number, lane: string | undefined): Work {
  const delivery = {
    seq,
    id: '',
    message: '',
    destination: '',
    flow: '',
    state: 'waiting' as const,
    attempts: 0,
    createdAtMs: 0,
  };
  const message = { id: '', root: '', source: '', type: '', time: '', headers: {}, keys: {}, variables: {}, acceptedAtMs: 0 };
  const body = { kind: 'json' as const, text: 'null' };
  return { delivery: { ...delivery, ...(lane === undefined ? {} : { lane }) }, message: { ...message, body }, suspect: false };
}

describe('lanes', () => {
  it('run one of a key at a time, in the order in which they entered, and lose none', () => {
    const action = fc.oneof(
      fc.record({ enter: fc.constantFrom('x', 'y', 'z', undefined) }),
      fc.record({ leave: fc.nat({ max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
        const lanes = new Lanes();
        const running: Work[] = [];
        const ran = new Map<string | undefined, number[]>();
        const entered = new Map<number, Work>();
        const begin = (ticket: Work | number | undefined): void => {
          if (ticket === undefined) return;
          const begun = entered.get(seqOf(ticket)) as Work;
          const { lane, seq } = begun.delivery;
          expect(lane !== undefined && running.some((other) => other.delivery.lane === lane)).toBe(false);
          running.push(begun);
          ran.set(lane, [...(ran.get(lane) ?? []), seq]);
        };
        const leave = (index: number): void => {
          const [ended] = running.splice(index % running.length, 1);
          begin(lanes.leave(ended?.delivery.lane));
        };
        for (const one of actions) {
          if ('leave' in one) {
            if (running.length > 0) leave(one.leave);
            continue;
          }
          const next = work(entered.size, one.enter);
          entered.set(next.delivery.seq, next);
          begin(lanes.enter(next));
        }
        while (running.length > 0) leave(0);
        const keyed = [...ran].filter(([lane]) => lane !== undefined);
        for (const [, seqs] of keyed) expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        expect([...ran.values()].flat()).toHaveLength(entered.size);
        expect(lanes.behind).toBe(0);
      }),
    );
  });

  it('take back what was held in its turn, however busy the lane is', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }), fc.nat(6), (order, entering) => {
        const lanes = new Lanes();
        lanes.enter(work(0, 'x'));
        for (const seq of order.slice(0, entering).sort((a, b) => a - b)) lanes.enter(work(seq, 'x'));
        for (const seq of order.slice(entering)) lanes.retry(work(seq, 'x'));
        const ran: number[] = [];
        for (let next = lanes.leave('x'); next !== undefined; next = lanes.leave('x')) ran.push(seqOf(next));
        expect(ran).toEqual([1, 2, 3, 4, 5, 6]);
      }),
    );
  });

  it('that are held let nothing pass until every holder is released', () => {
    const lanes = new Lanes();
    expect(lanes.enter(work(1, 'x'))).toBeDefined();
    lanes.hold('x', 1);
    lanes.leave('x');
    expect(lanes.enter(work(2, 'x'))).toBeUndefined();
    lanes.hold('x', 0);
    expect(lanes.release('x', 1)).toBeUndefined();
    expect(lanes.held).toEqual(['x']);
    const next = lanes.release('x', 0);
    expect(next === undefined ? undefined : seqOf(next)).toBe(2);
  });
});

describe('the pause before the next attempt', () => {
  it('doubles up to the longest, less a quarter of jitter at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const backoff = { fromMs: 100, toMs: 60_000 };
        const full = Math.min(60_000, 100 * 2 ** Math.min(attempts - 1, 40));
        const pause = pauseMs({ forMs: 0, backoff }, attempts, () => random);
        expect(pause).toBeLessThanOrEqual(full);
        expect(pause).toBeGreaterThanOrEqual(Math.floor(full * 0.75));
      }),
    );
  });
});

describe('the breaker', () => {
  function setup() {
    const timers: { atMs: number; fire: () => void }[] = [];
    let nowMs = 0;
    const after = (delayMs: number, fire: () => void) => {
      timers.push({ atMs: nowMs + delayMs, fire });
      return { cancel() {} };
    };
    const breaker = new Breaker({ nowMs: () => nowMs, after }, () => 0);
    const pass = (ms: number) => {
      nowMs += ms;
      for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) timer.fire();
    };
    return { breaker, pass };
  }

  it('opens after five failures in a row, and lets one probe through after a pause', () => {
    const { breaker, pass } = setup();
    for (let n = 0; n < 4; n++) breaker.failed();
    expect(breaker.ask()).toBe('pass');
    breaker.failed();
    expect(breaker.state).toBe('open');
    expect(breaker.ask()).toEqual({ untilMs: 1000 });
    pass(1000);
    expect(breaker.state).toBe('half-open');
    expect(breaker.ask()).toBe('probe');
    expect(breaker.ask()).toMatchObject({ untilMs: expect.any(Number) });
    breaker.succeeded();
    expect(breaker.state).toBe('closed');
    expect(breaker.ask()).toBe('pass');
  });

  it('waits longer after each failed probe, half a minute at most, and never gives up', () => {
    const { breaker, pass } = setup();
    for (let n = 0; n < 5; n++) breaker.failed();
    const pauses: number[] = [];
    let waited = 0;
    for (let probes = 0; probes < 8; waited += 500) {
      pass(500);
      if (breaker.ask() !== 'probe') continue;
      pauses.push(waited);
      waited = 0;
      probes += 1;
      breaker.failed();
    }
    expect(pauses.map((pause) => Math.round(pause / 1000)).slice(1)).toEqual([2, 4, 8, 16, 30, 30, 30]);
  });

  it('tells those who wait when it closes', () => {
    const { breaker, pass } = setup();
    let told = 0;
    breaker.onChange(() => told++);
    breaker.pause(5000);
    expect(breaker.ask()).toEqual({ untilMs: 5000 });
    pass(5000);
    expect(told).toBe(1);
    expect(breaker.ask()).toBe('probe');
    breaker.succeeded();
    expect(told).toBe(2);
  });
});
