// What becomes of a state when a person discards a message that belongs to it, or a delivery that has something to undo.

import { withoutMember } from '../aggregator/aggregate.ts';
import { engineError } from '../delivery/errors.ts';
import type { Work } from '../delivery/work.ts';
import type { Membership } from '../step/state.ts';
import type { Commit, StateKey } from '../store/store.ts';
import type { FlowRuntime } from './runtime.ts';
import { StateSession } from './state-session.ts';
import { compensationEntry, sagaKey, undoOf } from './undo.ts';

/** What is written when the delivery is discarded, and what is to be called when the store has it. */
export interface Leaving {
  readonly also: Commit;
  readonly session: StateSession;
}

/** Takes what the delivery belongs to. Whoever gets it hands the session over, or releases it. */
export async function leavingOf(work: Pick<Work, 'delivery' | 'message'>, runtime: FlowRuntime): Promise<Leaving> {
  const session = new StateSession(runtime.states, runtime.blobs);
  const { delivery } = work;
  const key = stateOf(delivery);
  const flow = runtime.flow(delivery.flow);
  const discarded = engineError('MORTISE_DELIVERY_DISCARDED', 'A person discarded the message.');
  const undo = flow && delivery.destination === flow.destination ? await undoOf(flow, work, discarded, runtime) : {};
  if (!key) return { also: undo, session };
  try {
    const changes = await leave(work, key, session, runtime);
    return { also: { ...undo, changes, states: [...(undo.states ?? []), ...session.gather()] }, session };
  } catch (error) {
    session.release();
    throw error;
  }
}

async function leave(
  { delivery, message }: Pick<Work, 'delivery' | 'message'>,
  key: StateKey,
  session: StateSession,
  { clock, store }: FlowRuntime,
): Promise<NonNullable<Commit['changes']>> {
  const { place } = delivery.options as unknown as Membership;
  const value = await session.take(key);
  if (value === undefined) return [];
  await session.flushed(key);
  const members = await store.read.members(key, -1, 2, Number.MAX_SAFE_INTEGER);
  const [other] = (await store.read.members(key, place - 1, 1, 1)).filter((member) => member.place === place);
  if (other?.delivery.id !== delivery.id) return [];
  session.leave(key, { from: place, through: place, state: 'done', endedAtMs: clock.nowMs() });
  const next = members.find((member) => member.place !== place);
  const { value: after, isTimer } = withoutMember(value, message.id, next?.message.id);
  session.keep(key, after);
  // One whose time had come, and that failed, hands its time on: the group goes on with the next one at once.
  const dueAtMs = delivery.dueAtMs ?? (delivery.state === 'held' ? undefined : clock.nowMs());
  if (!isTimer || !next || dueAtMs === undefined) return [];
  return [{ seq: next.delivery.seq, from: ['held'], state: 'held', dueAtMs }];
}

/** The state to which the delivery belongs. */
export function stateOf({ entry, flow, options }: Work['delivery']): StateKey | undefined {
  if (entry === undefined || typeof options !== 'object' || options === null || !('place' in options)) return undefined;
  const { key } = options as unknown as Membership;
  return entry.startsWith(compensationEntry) ? sagaKey(flow, key) : { flow, step: entry, key };
}
