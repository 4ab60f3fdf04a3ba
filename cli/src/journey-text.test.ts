// How a journey reads: what became a part of what is said on both sides.

import type { JourneyMessage } from '@mortise/engine';
import { expect, it } from 'vitest';
import { journeyText } from './journey-text.ts';
import { openTerminal } from './terminal.ts';

const at = '2026-01-01T00:00:00.000Z';
const terminal = { ...openTerminal(), style: (_style: string, text: string) => text };

function message(id: string, root: string, more: Partial<JourneyMessage> = {}): JourneyMessage {
  const about = { type: 'order', source: '/systems/shop/order', time: at, acceptedAt: at, keys: {}, headers: {} };
  return { id, root, ...about, bodyBytes: 2, deliveries: [], ...more };
}

it('tells of a member into what it went, and of a group of how many it was made, and from which other journeys', () => {
  const members = Array.from({ length: 8 }, (_, n) => ({ message: `member-${n}`, root: `root-${n}` }));
  const group = message('group', 'root-0', { members });
  const delivery = { id: 'd', message: 'root-0', destination: 'flow:f', flow: 'f', state: 'done' as const, attempts: 1 };
  const into = { message: 'group', root: 'root-0' };
  const first = message('root-0', 'root-0', { deliveries: [{ ...delivery, createdAt: at, messages: ['group'], into }] });
  const text = journeyText({ root: 'root-0', messages: [first, group] }, 'root-0', terminal);
  expect(text).toContain('flow:f done (became a part of group)');
  expect(text).toContain('made of 8 held messages (journeys root-1 root-2 root-3 root-4 root-5 and 2 more)');
});
