// What a store must do, as plainly as it can be said: everything in memory. Stores are compared with it.

import type { Json } from '@mortise/sdk';
import type { Balance } from '../balance-rows.ts';
import type { DeliveryState } from '../delivery-state.ts';
import type {
  Commit,
  CommitResult,
  DedupeKey,
  DeliveryChange,
  Drop,
  Dropped,
  Joined,
  StateChange,
  StateKey,
  StoredDelivery,
  StoredMember,
  StoredMessage,
  StoredReply,
  StoredState,
  WaitingDelivery,
} from '../store.ts';
import { deliveryStates } from '../delivery-state.ts';

const openStates: readonly DeliveryState[] = ['waiting', 'held', 'in-doubt'];

interface Held {
  delivery: StoredDelivery;
  suspect: boolean;
  marked: boolean;
}

/** A state with its members: deliveries by their places. */
interface Kept {
  state: StoredState;
  readonly members: Map<number, number>;
}

export type ModelOutcome = CommitResult | 'conflict';

export class StoreModel {
  clean = true;
  readonly messages = new Map<string, StoredMessage>();
  readonly deliveries = new Map<number, Held>();
  readonly cursors = new Map<string, Json>();
  readonly calls = new Map<string, Map<string, StoredReply>>();
  readonly replies = new Map<string, StoredReply>();
  readonly keys: { readonly name: string; readonly value: string; readonly root: string }[] = [];
  readonly states = new Map<string, Kept>();
  readonly #joined: { readonly into: string; readonly seq: number }[] = [];
  readonly #once = new Map<string, { readonly messages: readonly string[]; readonly untilMs: number }>();
  readonly #dedupe = new Map<string, { readonly root: string; readonly untilMs: number }>();
  readonly #marks = new Map<string, number>();
  readonly #created = new Map<string, number>();
  readonly #gone: StoredDelivery[] = [];

  commit(commit: Commit, nowMs: number): ModelOutcome {
    const { once } = commit;
    const earlier = once && this.#once.get(`${once.scope}\n${once.key}`);
    if (earlier && earlier.untilMs > nowMs) return { duplicateOf: earlier.messages };
    if (this.#conflicts(commit, nowMs)) return 'conflict';
    if (once) this.#once.set(`${once.scope}\n${once.key}`, { messages: once.messages, untilMs: once.keepUntilMs });
    for (const change of commit.changes ?? []) this.#change(change);
    for (const message of commit.messages ?? []) this.messages.set(message.id, message);
    for (const delivery of commit.deliveries ?? []) this.#create(delivery);
    for (const change of commit.states ?? []) this.#changeState(change, commit);
    this.#writeRest(commit);
    return commit.drop ? { dropped: this.#drop(commit.drop) } : {};
  }

  state({ flow, step, key }: StateKey, nowMs: number): StoredState | undefined {
    const kept = this.states.get(`${flow}\n${step}\n${key}`);
    return kept && (kept.state.untilMs ?? Infinity) > nowMs ? kept.state : undefined;
  }

  members({ flow, step, key }: StateKey): readonly StoredMember[] {
    const members = this.states.get(`${flow}\n${step}\n${key}`)?.members ?? new Map<number, number>();
    return [...members]
      .sort(([a], [b]) => a - b)
      .flatMap(([place, seq]) => {
        const held = this.deliveries.get(seq);
        const { delivery, message } = held ? this.tell(held) : {};
        return delivery && message ? [{ place, delivery, message }] : [];
      });
  }

  /** All that was told to have become a part of another message, of whatever journey, in no order. */
  joined(): readonly Joined[] {
    return this.#joined.flatMap(({ into, seq }) => {
      const member = this.messages.get(this.deliveries.get(seq)?.delivery.message ?? '');
      const made = this.messages.get(into);
      return member && made ? [{ member: member.id, memberRoot: member.root, into, intoRoot: made.root }] : [];
    });
  }

  findDedupe({ flow, step, key }: DedupeKey, nowMs: number): { readonly root: string } | undefined {
    const found = this.#dedupe.get(`${flow}\n${step}\n${key}`);
    return found && found.untilMs > nowMs ? { root: found.root } : undefined;
  }

  /** What is left after the store was closed. */
  end(): void {
    this.clean = true;
    this.#marks.clear();
    for (const held of this.deliveries.values()) {
      if (held.marked && held.delivery.state === 'waiting') held.suspect = true;
      held.marked = false;
    }
  }

  /** What is left after the process was killed, as a store that opens again must tell it. */
  die(): void {
    this.clean = false;
    for (const held of this.deliveries.values()) {
      const { seq, destination, state, crashes } = held.delivery;
      const marked = held.marked && state === 'waiting';
      if (marked || (state === 'waiting' && seq <= (this.#marks.get(destination) ?? -1))) held.suspect = true;
      if (marked) held.delivery = { ...held.delivery, crashes: (crashes ?? 0) + 1 };
      held.marked = false;
    }
  }

  all(): readonly Held[] {
    return [...this.deliveries.values()].sort((a, b) => a.delivery.seq - b.delivery.seq);
  }

  waiting(destination: string): readonly WaitingDelivery[] {
    const found = this.all().filter(({ delivery }) => delivery.state === 'waiting' && delivery.destination === destination);
    return found.map((held) => this.tell(held));
  }

  tell({ delivery, suspect }: Held): WaitingDelivery {
    const message = this.messages.get(delivery.message);
    if (!message) throw new Error(`The model has no message ${delivery.message}.`);
    return { delivery, message, suspect };
  }

  suspects(): readonly { readonly seq: number; readonly destination: string; readonly crashes: number }[] {
    const suspects = this.all().filter((held) => held.suspect);
    return suspects.map(({ delivery }) => ({
      seq: delivery.seq,
      destination: delivery.destination,
      crashes: delivery.crashes ?? 0,
    }));
  }

  entries(flow: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { delivery } of this.all()) {
      if (delivery.flow !== flow || delivery.entry === undefined || !openStates.includes(delivery.state)) continue;
      counts.set(delivery.entry, (counts.get(delivery.entry) ?? 0) + 1);
    }
    return counts;
  }

  balance(): Balance {
    const present = this.all().map((held) => held.delivery);
    const deliveries = [...present, ...this.#gone];
    const carried = new Set(present.map((delivery) => delivery.message));
    const ended = deliveries.filter((delivery) => !openStates.includes(delivery.state));
    return {
      rows: [...this.#created].map(([destination, created]) => ({
        destination,
        created,
        states: countStates(deliveries, destination),
        dropped: this.#gone.filter((delivery) => delivery.destination === destination).length,
      })),
      outputsSaid: ended.reduce((sum, delivery) => sum + (delivery.outputs ?? 0), 0),
      outputsFound: deliveries.filter((delivery) => delivery.parent !== undefined).length,
      strayMessages: [...this.messages.keys()].filter((id) => !carried.has(id)).length,
    };
  }

  /** Whether retention may drop a delivery: it ended before then, nothing waits for it, and it is no member of a state. */
  mayDrop({ seq, state, endedAtMs, createdAtMs, holdsLane }: StoredDelivery, beforeMs: number): boolean {
    const isMember = this.states.values().some(({ members }) => members.values().some((member) => member === seq));
    return !openStates.includes(state) && (endedAtMs ?? createdAtMs) < beforeMs && holdsLane !== true && !isMember;
  }

  #drop({ seqs = [], endedBeforeMs = 0 }: Drop): Dropped {
    const dropped = this.all()
      .map((held) => held.delivery)
      .filter((delivery) => seqs.includes(delivery.seq) && this.mayDrop(delivery, endedBeforeMs));
    for (const { seq, id } of dropped) {
      this.deliveries.delete(seq);
      this.calls.delete(id);
    }
    this.#gone.push(...dropped);
    const carried = new Set(this.all().map(({ delivery }) => delivery.message));
    const left = [...new Set(dropped.map(({ message }) => message))].filter((id) => !carried.has(id));
    const blobs = left.filter((id) => this.messages.get(id)?.body.kind === 'blob').length;
    for (const id of left) {
      this.messages.delete(id);
      this.replies.delete(id);
    }
    const troubles = dropped.filter(({ state }) => state === 'dead' || state === 'invalid').length;
    return { deliveries: dropped.length, messages: left.length, troubles, blobs };
  }

  #conflicts(commit: Commit, nowMs: number): boolean {
    const { changes = [], messages = [], deliveries = [], dedupe = [], released = [], states = [] } = commit;
    const carried = new Set([...this.messages.keys(), ...messages.map((message) => message.id)]);
    return (
      changes.some(({ seq, from }) => !from.includes(this.deliveries.get(seq)?.delivery.state as DeliveryState)) ||
      states.some((state) => this.#hasOther(state, nowMs)) ||
      messages.some((message) => this.messages.has(message.id)) ||
      deliveries.some((delivery) => this.deliveries.has(delivery.seq) || !carried.has(delivery.message)) ||
      dedupe.some((key) => {
        const owner = this.findDedupe(key, nowMs)?.root;
        return (
          owner !== undefined && owner !== key.root && !released.some(({ root, flow }) => root === owner && flow === key.flow)
        );
      })
    );
  }

  /** The state is of another version than the change says, or a place is taken. */
  #hasOther({ was, join = [], ...key }: StateChange, nowMs: number): boolean {
    const kept = this.states.get(`${key.flow}\n${key.step}\n${key.key}`);
    const isForgotten = kept !== undefined && this.state(key, nowMs) === undefined;
    const isRight = (kept?.state.version ?? 0) === was || (isForgotten && was === 0);
    return !isRight || join.some(({ place }) => kept?.members.has(place));
  }

  #changeState({ flow, step, key, version, value, untilMs, join = [], leave = [] }: StateChange, commit: Commit): void {
    const name = `${flow}\n${step}\n${key}`;
    const members = this.states.get(name)?.members ?? new Map<number, number>();
    const state = { version, value, ...(untilMs === undefined ? {} : { untilMs }) };
    for (const { place, delivery } of join) members.set(place, commit.deliveries?.find(({ id }) => id === delivery)?.seq ?? 0);
    for (const { from, through, state: end, endedAtMs, into } of leave) {
      for (const [place, seq] of [...members].filter(([at]) => at >= from && at <= through)) {
        members.delete(place);
        if (into !== undefined) this.#joined.push({ into, seq });
        this.#leave(seq, end, endedAtMs);
      }
    }
    if (value === null) this.states.delete(name);
    else this.states.set(name, { state, members });
  }

  #leave(seq: number, state: DeliveryState, endedAtMs: number): void {
    const held = this.deliveries.get(seq);
    if (!held || !['held', 'dead'].includes(held.delivery.state)) return;
    const { dueAtMs: _due, error: _error, holdsLane: _holds, ...delivery } = held.delivery;
    held.delivery = { ...delivery, state, endedAtMs };
  }

  #change({ seq, from: _from, marked, ...change }: DeliveryChange): void {
    const held = this.deliveries.get(seq);
    if (!held) return;
    const changed = Object.entries({ ...held.delivery, ...change }).filter(([, value]) => value !== null && value !== undefined);
    held.delivery = Object.fromEntries(changed) as unknown as StoredDelivery;
    held.marked = marked === true;
    held.suspect &&= held.marked;
  }

  #create(delivery: StoredDelivery): void {
    this.deliveries.set(delivery.seq, { delivery, suspect: false, marked: false });
    this.#created.set(delivery.destination, (this.#created.get(delivery.destination) ?? 0) + 1);
  }

  #writeRest(commit: Commit): void {
    for (const { delivery, call, reply } of commit.calls ?? []) {
      this.calls.set(delivery, new Map([...(this.calls.get(delivery) ?? []), [call, reply]]));
    }
    for (const { root, reply } of commit.replies ?? []) this.replies.set(root, reply);
    for (const { root: released, flow } of commit.released ?? [])
      for (const [name, { root }] of this.#dedupe)
        if (root === released && name.startsWith(`${flow}\n`)) this.#dedupe.delete(name);
    for (const { flow, step, key, root, untilMs } of commit.dedupe ?? [])
      this.#dedupe.set(`${flow}\n${step}\n${key}`, { root, untilMs });
    this.keys.push(...(commit.keys ?? []));
    for (const { destination, seq } of commit.marks ?? []) {
      this.#marks.set(destination, Math.max(seq, this.#marks.get(destination) ?? seq));
    }
    if (commit.cursor) this.cursors.set(commit.cursor.scope, commit.cursor.value);
  }
}

function countStates(deliveries: readonly StoredDelivery[], destination: string): Readonly<Record<DeliveryState, number>> {
  const counts = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
  for (const delivery of deliveries) if (delivery.destination === destination) counts[delivery.state]++;
  return counts;
}
