// The embedded store as the engine sees it: gathers commits into groups, and passes questions on.

import type { Commit, CommitResult, DedupeKey, FileStore, Recovered, StoreReader } from '../store.ts';
import { storeError } from '../errors.ts';
import { seqReserve } from './core.ts';
import type { Hands } from './hands.ts';
import type { Group } from './calls.ts';
import type { Answer, Arguments, Ask, Question } from './questions.ts';
import { packCommit, packedBytes } from './pack.ts';
import { SeenKeys } from './seen-keys.ts';
import type { Outcome, PackedCommit } from './writer.ts';

/** A group larger than this would hold up those behind it for too long. */
const groupBytesMax = 8 * 1024 * 1024;
/** Fewer commits than this are not worth a group of their own beside one that is being written. */
const strideMin = 16;
/** From such a stride on, a group waits for it while nothing is written, for so many turns of the event loop at most. */
const [busyMin, turnsMax] = [32, 8];

interface Pending {
  /** Let go of when the group was handed over. */
  values: PackedCommit | undefined;
  readonly bytes: number;
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

export class SqliteStore implements FileStore {
  readonly recovered: Recovered;
  readonly read: StoreReader;
  readonly failed: Promise<Error>;
  readonly #hands: Hands;
  readonly #nowMs: () => number;
  readonly #released: () => void;
  readonly #seen: SeenKeys;
  readonly #tellFailed: (error: Error) => void;
  #pending: Pending[] = [];
  /** Groups that are being written, a few. No set: it makes a new table every now and then, and an old one keeps the new one alive with all that is in it. */
  readonly #groups: (readonly Pending[])[] = [];
  #scheduled = false;
  /** So many commits are handed over without waiting for the end of the tick, beside what is written. */
  #stride = Number.POSITIVE_INFINITY;
  #queuedBytes = 0;
  #seq: number;
  /** Numbers below this are set aside on disk, or will be with a group that is under way. */
  #seqReserved: number;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  /** `released` lets go of the folder, at the very end. */
  constructor(hands: Hands, nowMs: () => number, released: () => void) {
    this.#hands = hands;
    this.#nowMs = nowMs;
    this.#released = released;
    this.recovered = hands.opened.recovered;
    this.#seen = new SeenKeys(hands.opened.seen);
    this.#seq = hands.opened.seq;
    this.#seqReserved = this.#seq + seqReserve;
    this.read = readerOf((question, ...parameters) => this.#ask(question, ...parameters));
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.failed = promise;
    this.#tellFailed = resolve;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  takeSeq(): number {
    return this.#seq++;
  }

  commit(commit: Commit): Promise<CommitResult> {
    const refusal = this.#failure ?? (this.#closing && closed('A commit came'));
    if (refusal) return Promise.reject(refusal);
    let values: PackedCommit;
    try {
      values = packCommit(commit, this.#seen, this.#nowMs());
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const bytes = packedBytes(values);
      this.#queuedBytes += bytes;
      this.#pending.push({ values, bytes, resolve, reject });
      this.#schedule();
    });
  }

  findDedupe(
    key: DedupeKey,
    nowMs: number,
  ): { readonly root: string } | undefined | Promise<{ readonly root: string } | undefined> {
    const hash = this.#seen.findDedupe(key);
    if (hash === undefined) return undefined;
    return this.#closing ? Promise.reject(closed('A dedupe key was looked for')) : this.#hands.findDedupe({ key, hash, nowMs });
  }

  copyTo(file: string): Promise<void> {
    return this.#closing ? Promise.reject(closed('A copy was wanted')) : this.#hands.copyTo(file);
  }

  scrub(): Promise<void> {
    return this.#closing ? Promise.reject(closed('A scrub was wanted')) : this.#hands.scrub();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #ask<Q extends Question>(question: Q, ...parameters: Arguments<Q>): Promise<Answer<Q>> {
    if (this.#closing) return Promise.reject(closed(`Question "${question}" came`));
    return this.#hands.ask(question, ...parameters);
  }

  async #close(): Promise<void> {
    while (this.#groups.length > 0 || this.#pending.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    try {
      await this.#hands.close(this.#failure ? undefined : this.#seq);
    } finally {
      this.#released();
    }
  }

  /** Lets everything gather that is handed over in this tick, unless it is a stride already; under load, in some more turns. */
  #schedule(): void {
    if (this.#pending.length >= this.#stride && this.#groups.length < this.#hands.groupsMax) void this.#applyGroup();
    if (this.#groups.length > 0 || this.#scheduled || this.#pending.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#handOver(turnsMax));
  }

  #handOver(turns: number): void {
    const isEarly = this.#groups.length === 0 && this.#isBusy && this.#pending.length < this.#stride;
    if (isEarly && turns > 0) {
      setImmediate(() => this.#handOver(turns - 1));
      return;
    }
    this.#scheduled = false;
    if (this.#groups.length === 0 && this.#pending.length > 0) void this.#applyGroup();
  }

  /** Much was under way when a group last came back: what is handed over now is soon joined by more. */
  get #isBusy(): boolean {
    return this.#stride >= busyMin && this.#stride < Number.POSITIVE_INFINITY;
  }

  async #applyGroup(): Promise<void> {
    const group = this.#takeGroup();
    this.#groups.push(group);
    try {
      const applied = this.#hands.apply(this.#groupOf(group));
      for (const pending of group) pending.values = undefined;
      const outcomes = await applied;
      this.#groups.splice(this.#groups.indexOf(group), 1);
      if (this.#hands.groupsMax > 1) this.#stride = this.#halfOfWhatIsUnderWay(group.length);
      group.forEach((pending, i) => this.#settle(pending, outcomes[i] ?? null));
    } catch (error) {
      this.#fail(storeError('MORTISE_STORE_FAILED', `Writing to the store failed: ${messageOf(error)}`, { cause: error }));
    }
    if (this.#pending.length > 0) this.#schedule();
    else if (this.#groups.length === 0) this.#idle?.();
  }

  /** Groups of half of all commits that their makers wait for: one is made while the other is written, and none is smaller than need be. */
  #halfOfWhatIsUnderWay(cameBack: number): number {
    let commits = cameBack + this.#pending.length;
    for (const group of this.#groups) commits += group.length;
    return Math.max(strideMin, commits >>> 1);
  }

  #groupOf(group: readonly Pending[]): Group {
    const nowMs = this.#nowMs();
    // Pushed: what "flatMap" gives counts as an array with holes, which is handed to another thread element by element, by name.
    const commits: PackedCommit[] = [];
    for (const { values } of group) if (values) commits.push(values);
    if (this.#seq + seqReserve / 2 < this.#seqReserved) return { commits, nowMs };
    this.#seqReserved = this.#seq + seqReserve;
    return { commits, nowMs, reserveSeq: this.#seqReserved };
  }

  #takeGroup(): readonly Pending[] {
    let bytes = 0;
    const tooMuch = this.#pending.findIndex((pending) => (bytes += pending.bytes) > groupBytesMax);
    if (tooMuch < 1) {
      const all = this.#pending;
      this.#pending = tooMuch === 0 ? all.slice(1) : [];
      return tooMuch === 0 ? all.slice(0, 1) : all;
    }
    return this.#pending.splice(0, tooMuch);
  }

  #settle(pending: Pending, outcome: Outcome): void {
    this.#queuedBytes -= pending.bytes;
    if (outcome === null) pending.resolve({});
    else if ('conflict' in outcome) pending.reject(storeError('MORTISE_STORE_CONFLICT', outcome.conflict));
    else pending.resolve(outcome);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const pending of this.#groups.flat().concat(this.#pending)) pending.reject(this.#failure);
    this.#groups.length = 0;
    this.#pending = [];
    this.#queuedBytes = 0;
    this.#tellFailed(this.#failure);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function closed(what: string): Error {
  return storeError('MORTISE_STORE_CLOSED', `${what} after the store was closed.`);
}

function readerOf(ask: Ask): StoreReader {
  return {
    waiting: (...parameters) => ask('waiting', ...parameters),
    delivery: (by) => ask('delivery', by),
    heldDue: (untilMs, limit) => ask('heldDue', untilMs, limit),
    message: (id) => ask('message', id),
    journey: (root, page = {}) => ask('journey', root, page),
    deliveriesOf: (message) => ask('deliveriesOf', message),
    journal: (filter) => ask('journal', filter),
    left: (flow, drainsTo) => ask('left', flow, drainsTo),
    entries: (flow) => ask('entries', flow),
    state: (key, nowMs) => ask('state', key, nowMs),
    members: (...parameters) => ask('members', ...parameters),
    calls: (delivery) => ask('calls', delivery),
    reply: (root) => ask('reply', root),
    cursor: (scope) => ask('cursor', scope),
    balance: () => ask('balance'),
    troubles: () => ask('troubles'),
    period: (fromMs, untilMs) => ask('period', fromMs, untilMs),
    droppable: (wanted) => ask('droppable', wanted),
    droppableKeys: (wanted) => ask('droppableKeys', wanted),
    usedBytes: () => ask('usedBytes'),
    erasable: (key) => ask('erasable', key),
    holds: () => ask('holds'),
    blobs: () => ask('blobs'),
  };
}
