// The crash test of what goes to partners: control numbers never repeat, whenever the demo dies; and the checker finds it where they do.

import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeInterchange } from '../examples/order-to-cash/played-x12.ts';
import type { Segment } from '../examples/order-to-cash/played-x12.ts';
import { ownEngines } from './engine-process.ts';
import { lookAtInterchanges } from './partners-check.ts';
import type { ReceivedFile } from './partners-check.ts';
import { crashPartners } from './partners-crash.ts';

const kills = 5;
const engines = ownEngines();
const seed = Number(process.env['MORTISE_TEST_SEED'] ?? randomInt(1_000_000));

it(`a partner never sees a number twice, over ${kills} kills (MORTISE_TEST_SEED=${seed})`, { timeout: 900_000 }, async () => {
  const { supplier, ledger } = await crashPartners(kills, seed, engines);
  expect(supplier?.orders.length).toBeGreaterThan(10);
  expect(ledger?.orders.length).toBeGreaterThan(10);
  expect(engines.count).toBe(kills + 1);
});

describe('the checker finds', () => {
  const order = (number: number, id: string): Segment[] => [['BEG', '00', 'NE', id, '', '20260102']];
  const file = (number: number, id: string, name = `850-${number}.edi`): ReceivedFile => ({
    name,
    bytes: Buffer.from(writeInterchange({ sender: 'US', receiver: 'THEM', number }, 'PO', '850', order(number, id))),
    times: 1,
  });

  it('nothing where all is well', () => {
    const { problems, gaps, orders } = lookAtInterchanges([file(1, 'A'), file(2, 'B')]);
    expect({ problems, gaps, orders }).toEqual({ problems: [], gaps: [], orders: ['A', 'B'] });
  });

  it('a number that is on two documents, and a document that came again changed', () => {
    expect(lookAtInterchanges([file(1, 'A'), file(1, 'B', '850-01.edi')]).problems).toEqual([
      'The interchange 1 is on two documents: 850-1.edi and 850-01.edi',
      'The group 1 is on two documents: 850-1.edi and 850-01.edi',
    ]);
    expect(lookAtInterchanges([file(1, 'A'), file(1, 'A2')]).problems).toHaveLength(2);
  });

  it('an order that was ordered twice, and numbers that never came', () => {
    const { orders, gaps } = lookAtInterchanges([file(1, 'A'), file(4, 'A')]);
    expect({ orders, gaps }).toEqual({ orders: ['A', 'A'], gaps: [2, 3] });
  });

  it('a wrong count, and an acknowledgement of an acknowledgement', () => {
    const [one] = [file(1, 'A')];
    const spoilt = { ...one, bytes: Buffer.from(Buffer.from(one.bytes).toString().replace('SE*3', 'SE*4')) };
    expect(lookAtInterchanges([spoilt]).problems).toEqual(['850-1.edi cannot be read: SE says 4 segments; there are 3.']);
    const answer = writeInterchange({ sender: 'US', receiver: 'THEM', number: 2 }, 'FA', '997', [['AK1', 'FA', '7']]);
    const { problems } = lookAtInterchanges([{ name: '997-2.edi', bytes: Buffer.from(answer), times: 1 }]);
    expect(problems).toEqual(['997-2.edi has a 997 about FA']);
  });
});
