// What is on disk after the kills is judged: each kind of fault, from evidence that has just that one.

import { describe, expect, it } from 'vitest';
import type { EndedDelivery, Evidence } from './evidence.ts';
import { findFaults } from './find-faults.ts';
import type { Arrival } from './record.ts';
import type { FlowScope } from './scope.ts';

const scopes: readonly FlowScope[] = [{ flow: 'f', compared: 'each' }];

/** Input `number` went through flow f to outbound a.b, in the lane of a customer. */
function journey(number: number): { readonly deliveries: readonly EndedDelivery[]; readonly arrival: Arrival } {
  const [root, parent, id] = [`m${number}`, `d${number}`, `o${number}`];
  const shared = { flow: 'f', state: 'done' as const, root };
  return {
    deliveries: [
      { ...shared, seq: number * 2, id: parent, destination: 'flow:f', lane: 'anna', message: root },
      { ...shared, seq: number * 2 + 1, id, destination: 'outbound:a.b', lane: 'f/anna', message: `out${number}`, parent },
    ],
    arrival: { delivery: id, to: 'a.b', hash: `h${number}`, root, isCall: false, attempt: 1, life: 0, at: '', end: 'receipt' },
  };
}

function evidenceOf(change: Partial<Evidence> = {}): Evidence {
  const journeys = [journey(0), journey(1)];
  return {
    inputs: [0, 1].map((number) => ({ kind: 'given', number, flow: 'f', given: {} })),
    acknowledged: new Map([
      [0, ['m0']],
      [1, ['m1']],
    ]),
    refused: new Map(),
    retried: new Map(),
    deliveries: journeys.flatMap(({ deliveries }) => deliveries),
    arrivals: journeys.map(({ arrival }) => arrival),
    uneven: [],
    ...change,
  };
}

const kindsOf = (killed: Evidence, compared = scopes): readonly string[] =>
  findFaults(killed, evidenceOf(), compared).map(({ kind }) => kind);
const [first, second] = [journey(0), journey(1)];
const without = (id: string): readonly EndedDelivery[] => evidenceOf().deliveries.filter((one) => one.id !== id);
const changing = (id: string, change: Partial<EndedDelivery>): readonly EndedDelivery[] =>
  evidenceOf().deliveries.map((one) => (one.id === id ? { ...one, ...change } : one));

describe('what is no fault', () => {
  it('all as it is without kills', () => expect(kindsOf(evidenceOf())).toEqual([]));

  it('a send that arrived again, under its id, before the next of its lane', () => {
    expect(kindsOf(evidenceOf({ arrivals: [first.arrival, first.arrival, second.arrival] }))).toEqual([]);
  });

  it('one that a person sent again behind the next of its lane', () => {
    const arrivals = [second.arrival, first.arrival];
    expect(kindsOf(evidenceOf({ arrivals, retried: new Map([['o0', 'in-doubt']]) }))).toEqual([]);
  });

  it('a request that was abandoned', () => {
    const deliveries = changing('d0', { state: 'abandoned' }).filter(({ id }) => id !== 'o0');
    expect(kindsOf(evidenceOf({ deliveries, arrivals: [second.arrival] }))).toEqual([]);
  });

  it('another of two equal messages that passed, where all are added up', () => {
    const third = { ...second.deliveries[1], id: 'o2', seq: 9, root: 'm1' } as EndedDelivery;
    const killed = evidenceOf({
      deliveries: [...without('o0'), third],
      arrivals: [second.arrival, { ...second.arrival, delivery: 'o2' }],
    });
    expect(kindsOf(killed, [{ flow: 'f', compared: 'sums' }])).toEqual([]);
    expect(kindsOf(killed).toSorted()).toEqual(['duplicated', 'lost']);
  });
});

describe('a fault is', () => {
  it.each<[string, Partial<Evidence>, readonly string[]]>([
    [
      'a message that was acknowledged and is not there',
      { deliveries: evidenceOf().deliveries.filter(({ root }) => root !== 'm0'), arrivals: [second.arrival] },
      ['lost', 'lost', 'lost'],
    ],
    ['an output that was never made', { deliveries: without('o0'), arrivals: [second.arrival] }, ['lost']],
    ['a send that the journal says is done, and never arrived', { arrivals: [first.arrival] }, ['lost']],
    [
      'one under an id that the journal does not have',
      { arrivals: [first.arrival, second.arrival, { ...first.arrival, delivery: 'x' }] },
      ['duplicated'],
    ],
    [
      'another content under one id',
      { arrivals: [first.arrival, { ...first.arrival, hash: 'other' }, second.arrival] },
      ['changed'],
    ],
    ['the later one of a lane first', { arrivals: [second.arrival, first.arrival] }, ['reordered']],
    [
      'the first of a lane again behind the later one',
      { arrivals: [first.arrival, second.arrival, first.arrival] },
      ['reordered'],
    ],
    ['what still waits', { deliveries: changing('o1', { state: 'waiting' }) }, ['unfinished', 'otherwise']],
    ['what is dead, and is not without kills', { deliveries: changing('d1', { state: 'dead' }) }, ['otherwise']],
    [
      'what was refused only because of the kills',
      {
        acknowledged: new Map([[0, ['m0']]]),
        refused: new Map([[1, 'no']]),
        deliveries: first.deliveries,
        arrivals: [first.arrival],
      },
      ['otherwise', 'lost', 'lost'],
    ],
    ['an uneven balance', { uneven: ['flow:f: 2 deliveries were made and 1 are there.'] }, ['uneven']],
  ])('%s', (_what, change, kinds) => {
    expect(kindsOf(evidenceOf(change))).toEqual(kinds);
  });
});
