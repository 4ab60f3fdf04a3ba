// How far a flow is that is drained, in words.

import type { FlowDrainView } from '@mortise/engine';

export function flowDrainText({ state, waiting, held }: FlowDrainView): string {
  return state === 'drained' ? 'drained' : `draining: ${waiting} waiting, ${held} held`;
}
