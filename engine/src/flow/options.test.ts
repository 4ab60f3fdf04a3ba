// Options that depend on the message: what is rendered for one has nothing to do with the next.

import { field } from '@mortise/sdk';
import type { Message } from '@mortise/sdk';
import { expect, it } from 'vitest';
import { compileOptions } from './options.ts';

const text = (doc: string) => field.text({ doc, optional: true });
const fields = {
  path: text('Where.'),
  method: text('How.'),
  headers: field.record(text('A value.'), { doc: 'Headers.' }),
  parts: field.list(text('A part.'), { doc: 'Parts.' }),
};
const values = {
  path: '/orders/${id}',
  method: 'PUT',
  headers: { 'x-order': 'no. ${id}', 'x-same': 'for all' },
  parts: ['first', '${id}'],
};

it('holds what a message says and what stands around it, and nothing that is the same for all', () => {
  const { render } = compileOptions(fields, values, new Map());
  const [first, second] = ['a', 'b'].map((id) => render?.(messageWith({ id })));
  const renderedWith = (id: string) => ({
    path: `/orders/${id}`,
    headers: { 'x-order': `no. ${id}`, 'x-same': 'for all' },
    parts: ['first', id],
  });
  expect([first, second]).toEqual([renderedWith('a'), renderedWith('b')]);
  expect(values.parts).toEqual(['first', '${id}']);
});

it('is none where every option is the same for all messages', () => {
  expect(compileOptions(fields, { path: '/orders', headers: {} }, new Map()).render).toBeUndefined();
});

function messageWith(body: unknown): Message {
  const properties = { root: 'r', acceptedAtMs: 0, keys: {}, variables: {} };
  return { id: 'm', source: '/systems/shop/orders', type: 'order', time: '2026-01-01T00:00:00Z', headers: {}, body, properties };
}
