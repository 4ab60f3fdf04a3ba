// What steps keep, in memory as far as attempts use it: one attempt at a time has it, and hands it on before its commit is on disk.

import type { Clock } from '@mortise/sdk';
import type { StateKey, Store } from '../store/store.ts';
import { nameOf, OutOfOrder } from './state-entry.ts';
import type { Holder, Known, StateEntry } from './state-entry.ts';

/** So many that nobody uses stay in memory, and so many bytes of bodies with them. */
const idleMax = 10_000;
const idleBytesMax = 32 * 1024 * 1024;

export class States {
  readonly store: Store;
  readonly clock: Clock;
  /** Deliveries whose drawn numbers were committed before their end: the next attempt must know them. */
  readonly drawn = new Set<string>();
  private readonly used = new Map<string, StateEntry>();
  /** Oldest first. */
  private readonly idle = new Map<string, StateEntry>();
  private idleBytes = 0;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Takes it for a session, waiting for its turn. Throws OutOfOrder where it may not wait. */
  async take(key: StateKey, session: Holder): Promise<StateEntry> {
    const entry = this.entry(key);
    if (!entry.holder) entry.holder = session;
    else if (session.mayWaitFor(entry.name)) await new Promise<void>((begin) => entry.queue.push({ session, begin }));
    else throw new OutOfOrder(key);
    try {
      entry.known ??= await this.read(entry);
      return entry;
    } catch (error) {
      this.giveBack(entry);
      throw error;
    }
  }

  /** What is on disk, when all that was handed over is. */
  async flushed(entry: StateEntry): Promise<void> {
    while (entry.writing > 0) await entry.written.catch(() => undefined);
  }

  /** The commit that changes it was handed to the store: who is next builds on it. */
  handOver(entry: StateEntry, written: Promise<unknown>, known: Known, epoch: number): void {
    entry.known = epoch === entry.epoch ? known : undefined;
    entry.writing += 1;
    entry.written = written;
    void written
      .catch(() => {
        entry.epoch += 1;
        [entry.known, entry.bodies] = [undefined, undefined];
      })
      .finally(() => {
        entry.writing -= 1;
        this.rest(entry);
      });
  }

  giveBack(entry: StateEntry): void {
    const next = entry.queue.shift();
    entry.holder = next?.session;
    next?.begin();
    this.rest(entry);
  }

  /** What is on disk may have changed: what nobody uses is read again. */
  forgetIdle(): void {
    this.idle.clear();
    this.idleBytes = 0;
  }

  private async read(entry: StateEntry): Promise<Known> {
    await this.flushed(entry);
    const found = await this.store.read.state(entry.key, this.clock.nowMs());
    return found ?? { version: 0, value: undefined };
  }

  private entry(key: StateKey): StateEntry {
    const name = nameOf(key);
    const idle = this.idle.get(name);
    if (idle) this.wake(idle);
    const known = this.used.get(name);
    if (known) return known;
    const entry: StateEntry = {
      name,
      key,
      holder: undefined,
      queue: [],
      known: undefined,
      bodies: undefined,
      writing: 0,
      written: Promise.resolve(),
      epoch: 0,
    };
    this.used.set(name, entry);
    return entry;
  }

  private wake(entry: StateEntry): void {
    this.idle.delete(entry.name);
    this.idleBytes -= entry.bodies?.bytes ?? 0;
    this.used.set(entry.name, entry);
  }

  /** What nobody uses stays for a while, since the next message of a key often comes soon. */
  private rest(entry: StateEntry): void {
    if (entry.holder || entry.writing > 0 || !this.used.delete(entry.name)) return;
    this.idle.set(entry.name, entry);
    this.idleBytes += entry.bodies?.bytes ?? 0;
    for (const [name, { bodies }] of this.idle) {
      if (this.idle.size <= idleMax && this.idleBytes <= idleBytesMax) return;
      this.idle.delete(name);
      this.idleBytes -= bodies?.bytes ?? 0;
    }
  }
}
