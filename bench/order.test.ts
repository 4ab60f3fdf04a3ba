// The order, and that all contenders do the same with it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { compileExpression } from '@mortise/mapping';
import { describe, expect, it } from 'vitest';
import { bodyBytes, mapOrder, orderName, orderText } from './order.ts';
import type { ShopOrder } from './order.ts';

const text = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const order = JSON.parse(orderText(4711)) as ShopOrder;
const intakeMap = text('projects/intake/maps/order.jsonata');

describe('the order', () => {
  it.each([0, 7, 9_999_999_999])('number %d is 1 KiB long and says its name', (number) => {
    expect(Buffer.byteLength(orderText(number))).toBe(bodyBytes);
    expect(JSON.parse(orderText(number))).toMatchObject({ name: orderName(number) });
  });

  it('is mapped alike by JavaScript and by the JSONata of both projects', async () => {
    expect(mapOrder(order)).toMatchObject({ orderId: 'S-0000004711', total: 11_000 });
    const mapped: unknown = await compileExpression(intakeMap).evaluate(order, {}, 0);
    expect(JSON.parse(JSON.stringify(mapped))).toEqual(mapOrder(order));
    expect(text('projects/forward/maps/order.jsonata')).toBe(intakeMap);
  });
});

interface FlowNode {
  readonly id: string;
  readonly func?: string;
  readonly rules?: readonly { readonly to: string }[];
}

describe('the flows of the peer', () => {
  const mapOf = (file: string): FlowNode | undefined =>
    (JSON.parse(text(`node-red/${file}`)) as FlowNode[]).find(({ id }) => id === 'map');

  it('hold the same JSONata', () => {
    expect(mapOf('flows-jsonata.json')?.rules?.[0]?.to).toBe(`payload.${intakeMap.trimEnd()}`);
  });

  it('hold JavaScript that maps alike', () => {
    const body = mapOf('flows-function.json')?.func?.replace(/msg\.payload = .*\nreturn msg;$/, 'return mapped;') ?? '';
    const map = compileFunction(body, ['msg']);
    expect(map({ payload: order })).toEqual(mapOrder(order));
  });
});
