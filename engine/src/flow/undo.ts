// Undoing: what a delivery registered to be undone runs, the last first, when it has ended badly.

import type { Work } from '../delivery/work.ts';
import { deriveId } from '../delivery/ids.ts';
import type { Commit, StateKey } from '../store/store.ts';
import type { CompiledFlow } from './compiled.ts';
import { newDelivery } from './outputs.ts';
import type { FlowRuntime } from './runtime.ts';

/** Entries under which compensations run begin so. */
export const compensationEntry = 'compensate:';
const registeredMax = 10_000;
const bytesMax = 64 * 1024 * 1024;

/** What a delivery registered is kept under. */
export function sagaKey(flow: string, delivery: string): StateKey {
  return { flow, step: 'compensate', key: delivery };
}

/** The lane in which the compensations of a delivery run, one after the other. */
export function undoLane(delivery: string): string {
  return `compensate/${delivery}`;
}

/** What is written in the commit that ends the delivery: its compensations, in reverse, each once. */
export async function undoOf(
  flow: Pick<CompiledFlow, 'name' | 'compensates'>,
  { delivery }: Pick<Work, 'delivery'>,
  error: { readonly code: string; readonly message: string },
  runtime: FlowRuntime,
): Promise<Commit> {
  if (!flow.compensates) return {};
  const { store, clock } = runtime;
  const key = sagaKey(flow.name, delivery.id);
  const found = await store.read.state(key, clock.nowMs());
  if (!found) return {};
  const registered = await store.read.members(key, 0, registeredMax, bytesMax);
  const about = { code: error.code, message: error.message, flow: flow.name, delivery: delivery.id };
  const runs = registered.toReversed().map(({ message, delivery: member }) => {
    const { root } = message;
    const id = deriveId(root, member.id, 'compensate');
    const copy = { ...message, id, parent: message.id, variables: { ...message.variables, error: about } };
    const what = { destination: member.destination, flow: flow.name, lane: undoLane(delivery.id) };
    return { copy, run: newDelivery(copy, runtime, delivery, { ...what, ...entryOf(member.entry) }) };
  });
  const leave = runs.map(({ copy }, index) => {
    const place = registered[registered.length - 1 - index]?.place ?? 0;
    return { from: place, through: place, state: 'done' as const, endedAtMs: clock.nowMs(), into: copy.id };
  });
  return {
    messages: runs.map(({ copy }) => copy),
    deliveries: runs.map(({ run }) => run),
    states: [{ ...key, was: found.version, version: store.takeSeq(), value: null, leave }],
  };
}

function entryOf(entry: string | undefined): { readonly entry?: string } {
  return entry === undefined ? {} : { entry };
}
