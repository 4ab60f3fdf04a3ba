// The embedded store as the engine sees it: gathers commits into groups, and passes questions on.

import type { Commit, CommitResult, DedupeKey, Recovered, Store, StoreReader } from '../store.ts';
import { storeError } from '../errors.ts';
import { seqReserve } from './core.ts';
import { filterKey, KeyFilter } from './filter.ts';
import type { Hands } from './hands.ts';
import { packCommit, packedBytes } from './pack.ts';
import { tellError } from './sqlite-error.ts';
import { errorOf } from './sqlite-error.ts';
import type { Value } from './values.ts';
import type { Outcome } from './writer.ts';

/** A group larger than this would hold up those behind it for too long. */
const groupBytesMax = 8 * 1024 * 1024;

interface Pending {
  readonly values: readonly Value[];
  readonly bytes: number;
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

export class SqliteStore implements Store {
  readonly recovered: Recovered;
  readonly read: StoreReader;
  readonly failed: Promise<Error>;
  readonly #hands: Hands;
  readonly #nowMs: () => number;
  readonly #released: () => void;
  readonly #filter: KeyFilter;
  readonly #tellFailed: (error: Error) => void;
  #pending: Pending[] = [];
  #busy = false;
  #scheduled = false;
  #queuedBytes = 0;
  #seq: number;
  /** Numbers below this are set aside on disk. */
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
    this.#filter = new KeyFilter(hands.opened.filter);
    this.#seq = hands.opened.seq;
    this.#seqReserved = this.#seq + seqReserve;
    this.read = readerOf(hands);
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
    const refusal = this.#failure ?? (this.#closing && storeError('MORTISE_STORE_CLOSED', 'A commit came after the store was closed.'));
    if (refusal) return Promise.reject(refusal);
    let values: readonly Value[];
    try {
      values = packCommit(commit);
    } catch (error) {
      return Promise.reject(error);
    }
    for (const { flow, step, key, untilMs } of commit.dedupe ?? []) this.#filter.add(filterKey(flow, step, key), untilMs, this.#nowMs());
    return new Promise((resolve, reject) => {
      const bytes = packedBytes(values);
      this.#queuedBytes += bytes;
      this.#pending.push({ values, bytes, resolve, reject });
      this.#schedule();
    });
  }

  findDedupe(key: DedupeKey, nowMs: number): { readonly root: string } | undefined | Promise<{ readonly root: string } | undefined> {
    return this.#filter.mayHave(filterKey(key.flow, key.step, key.key)) ? this.#hands.ask('dedupe', key, nowMs) : undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#busy || this.#pending.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    try {
      await this.#hands.close(this.#failure ? undefined : this.#seq);
    } finally {
      this.#released();
    }
  }

  /** Lets everything that is handed over in this tick gather. */
  #schedule(): void {
    if (this.#busy || this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    this.#busy = true;
    while (this.#pending.length > 0 && !this.#failure) await this.#applyGroup(this.#takeGroup());
    this.#busy = false;
    this.#idle?.();
  }

  async #applyGroup(group: readonly Pending[]): Promise<void> {
    const reserve = this.#seq + seqReserve / 2 > this.#seqReserved ? this.#seq + seqReserve : undefined;
    try {
      const values = group.map((pending) => pending.values);
      const outcomes = await this.#hands.apply(values, this.#nowMs(), reserve);
      this.#seqReserved = reserve ?? this.#seqReserved;
      group.forEach((pending, i) => this.#settle(pending, outcomes[i] ?? null));
    } catch (error) {
      this.#fail(errorOf(tellError(error, 'Writing to the store failed')), group);
    }
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

  #fail(error: Error, group: readonly Pending[]): void {
    this.#failure = error;
    for (const pending of [...group, ...this.#pending]) pending.reject(error);
    this.#pending = [];
    this.#queuedBytes = 0;
    this.#tellFailed(error);
  }
}

function readerOf({ ask }: Hands): StoreReader {
  return {
    waiting: (...parameters) => ask('waiting', ...parameters),
    delivery: (by) => ask('delivery', by),
    heldDue: (untilMs, limit) => ask('heldDue', untilMs, limit),
    message: (id) => ask('message', id),
    journey: (root) => ask('journey', root),
    journal: (filter) => ask('journal', filter),
    entries: (flow) => ask('entries', flow),
    calls: (delivery) => ask('calls', delivery),
    reply: (root) => ask('reply', root),
    cursor: (scope) => ask('cursor', scope),
    balance: () => ask('balance'),
    blobs: () => ask('blobs'),
  };
}
