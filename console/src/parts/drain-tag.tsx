// How far a flow is that is drained.

import type { FlowDrain } from '../api/types.ts';
import { flows as texts } from '../texts/index.ts';
import { Tag } from './parts.tsx';

export function DrainTag({ drain }: { readonly drain: FlowDrain }) {
  return <Tag tone="warn">{drain.state === 'drained' ? texts.drained : texts.draining(drain)}</Tag>;
}
