// What one attempt took of states, and what it changed: in its commit all of it, or, if the attempt fails, nothing.

import type { Json, Message } from '@mortise/sdk';
import type { Leave, StateChange, StateKey } from '../store/store.ts';
import type { BlobFolder } from './body.ts';
import { bodiesBytesMax, readBodies } from './state-bodies.ts';
import type { Bodies, MemberBody } from './state-bodies.ts';
import { nameOf } from './state-entry.ts';
import type { Holder, Known, StateEntry } from './state-entry.ts';
import type { States } from './states.ts';

/** A member that joins with this commit. */
export interface Joining extends MemberBody {
  readonly delivery: string;
  /** As it will be stored. */
  readonly message: Message;
}

interface Working {
  readonly entry: StateEntry;
  /** Each taking has a number: what was saved of another one is void. */
  readonly taking: number;
  readonly epoch: number;
  readonly was: number;
  readonly value: Json | undefined;
  readonly untilMs?: number;
  readonly changed: boolean;
  readonly joins: readonly Joining[];
  readonly leaves: readonly Leave[];
  /** Given when it was gathered for a commit. */
  readonly version?: number;
}

type Only = (key: StateKey) => boolean;

/** Of all sessions that have taken nothing, which most never do; nothing is put into it. */
const nothingTaken = new Map<string, Working>();

export class StateSession implements Holder {
  private readonly states: States;
  private readonly blobs: BlobFolder;
  private working = nothingTaken;
  private takings = 0;

  constructor(states: States, blobs: BlobFolder) {
    this.states = states;
    this.blobs = blobs;
  }

  get isEmpty(): boolean {
    return this.working.size === 0;
  }

  get keys(): readonly StateKey[] {
    return [...this.working.values()].map(({ entry }) => entry.key);
  }

  mayWaitFor(name: string): boolean {
    for (const taken of this.working.keys()) if (taken >= name) return false;
    return true;
  }

  /** What is kept; taken from others until this session hands over or releases. */
  async take(key: StateKey): Promise<Json | undefined> {
    const name = nameOf(key);
    const own = this.working.get(name);
    if (own) return own.value;
    const entry = await this.states.take(key, this);
    const fresh = this.fresh(entry, ++this.takings);
    if (this.working === nothingTaken) this.working = new Map();
    this.working.set(name, fresh);
    return fresh.value;
  }

  /** Takes all of these, in the one order that cannot come to a deadlock. */
  async takeAll(keys: readonly StateKey[]): Promise<void> {
    const ordered = new Map(keys.map((key) => [nameOf(key), key]));
    for (const name of [...ordered.keys()].sort()) await this.take(ordered.get(name) as StateKey);
  }

  keep(key: StateKey, value: Json | undefined, untilMs?: number): void {
    const { untilMs: _before, ...own } = this.own(key);
    this.working.set(nameOf(key), { ...own, value, changed: true, ...(untilMs === undefined ? {} : { untilMs }) });
  }

  join(key: StateKey, member: Joining): void {
    const own = this.own(key);
    this.working.set(nameOf(key), { ...own, changed: true, joins: [...own.joins, member] });
  }

  leave(key: StateKey, leave: Leave): void {
    const own = this.own(key);
    this.working.set(nameOf(key), { ...own, changed: true, leaves: [...own.leaves, leave] });
  }

  /** The bodies of all members, with what this session changed. */
  async bodies(key: StateKey): Promise<readonly unknown[]> {
    const own = this.own(key);
    const { entry } = own;
    if (!entry.bodies) {
      await this.states.flushed(entry);
      const read = await readBodies(this.states.store, key, this.blobs);
      if (own.epoch === entry.epoch && read.bytes <= bodiesBytesMax) entry.bodies = read;
      return changed(read, own).list.map(({ body }) => body);
    }
    return changed(entry.bodies, own).list.map(({ body }) => body);
  }

  /** The members that joined in this session and have not left. */
  joined(key: StateKey): readonly Joining[] {
    const { joins, leaves } = this.own(key);
    return joins.filter((joining) => !hasLeft(joining, leaves));
  }

  /** The largest place of those that left in this session. */
  leftThrough(key: StateKey): number {
    return Math.max(-1, ...this.own(key).leaves.map(({ through }) => through));
  }

  /** Waits until the store can be asked for the members of this state. */
  flushed(key: StateKey): Promise<void> {
    return this.states.flushed(this.own(key).entry);
  }

  /** Remembers what was changed so far; `restore` goes back to it. What was taken since stays taken. */
  save(): unknown {
    return new Map(this.working);
  }

  restore(saved: unknown): void {
    const before = saved as ReadonlyMap<string, Working>;
    for (const [name, { entry, taking }] of this.working) {
      const then = before.get(name);
      this.working.set(name, then?.taking === taking ? then : this.fresh(entry, taking));
    }
  }

  /** What the commit is to hold. */
  gather(only: Only = () => true): readonly StateChange[] {
    if (this.isEmpty) return [];
    return [...this.working].flatMap(([name, own]) => {
      if (!own.changed || !only(own.entry.key) || isNothing(own)) return [];
      const version = this.states.store.takeSeq();
      this.working.set(name, { ...own, version });
      const { was, value = null, untilMs, joins, leaves } = own;
      const join = joins.map(({ place, delivery }) => ({ place, delivery }));
      return [{ ...own.entry.key, was, version, value, ...(untilMs === undefined ? {} : { untilMs }), join, leave: leaves }];
    });
  }

  /** The commit with what was gathered is in the store's hands: others may build on it. */
  handOver(written: Promise<unknown>, only: Only = () => true): void {
    for (const [name, own] of this.working) {
      if (!only(own.entry.key)) continue;
      this.working.delete(name);
      if (own.version !== undefined) {
        this.keepBodies(own);
        this.states.handOver(own.entry, written, knownOf(own, own.version), own.epoch);
      }
      this.states.giveBack(own.entry);
    }
  }

  /** Gives back everything, unchanged. */
  release(): void {
    const taken = [...this.working.values()];
    this.working.clear();
    for (const { entry } of taken) this.states.giveBack(entry);
  }

  /** In place where members only joined: a group grows by one message at a time. */
  private keepBodies(own: Working): void {
    const { entry, joins, leaves } = own;
    const before = own.was === 0 ? { list: [], bytes: 0 } : entry.bodies;
    if (before && leaves.length === 0) {
      for (const { place, body, bytes } of joins) {
        before.list.push({ place, body, bytes });
        before.bytes += bytes;
      }
      entry.bodies = before;
    } else entry.bodies = before && changed(before, own);
    if (own.epoch !== entry.epoch || (entry.bodies && entry.bodies.bytes > bodiesBytesMax)) entry.bodies = undefined;
  }

  private own(key: StateKey): Working {
    const own = this.working.get(nameOf(key));
    if (!own) throw new Error(`The state "${key.key}" of step ${key.step} was changed before it was taken.`);
    return own;
  }

  private fresh(entry: StateEntry, taking: number): Working {
    const { version, value, untilMs } = entry.known ?? { version: 0, value: undefined };
    const isForgotten = untilMs !== undefined && untilMs <= this.states.clock.nowMs();
    const base = { entry, taking, epoch: entry.epoch, changed: false, joins: [], leaves: [] };
    if (isForgotten) return { ...base, was: 0, value: undefined };
    return { ...base, was: version, value, ...(untilMs === undefined ? {} : { untilMs }) };
  }
}

/** Nothing was there, and nothing is to be. */
function isNothing({ was, value, joins }: Working): boolean {
  return was === 0 && value === undefined && joins.length === 0;
}

function knownOf({ value, untilMs }: Working, version: number): Known {
  if (value === undefined) return { version: 0, value };
  return { version, value, ...(untilMs === undefined ? {} : { untilMs }) };
}

function changed({ list, bytes }: Bodies, { joins, leaves }: Working): Bodies {
  if (joins.length === 0 && leaves.length === 0) return { list, bytes };
  const joined = joins.map(({ place, body, bytes: size }) => ({ place, body, bytes: size }));
  const all = [...list, ...joined].filter((member) => !hasLeft(member, leaves));
  return { list: all, bytes: all.reduce((sum, one) => sum + one.bytes, 0) };
}

function hasLeft({ place }: MemberBody, leaves: readonly Leave[]): boolean {
  return leaves.some(({ from, through }) => place >= from && place <= through);
}
