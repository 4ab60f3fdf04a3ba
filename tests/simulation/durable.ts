// The store of a simulation: real SQLite in memory that outlives the engine, and takes its time.

import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@mortise/sdk';
import { Core } from '../../engine/src/store/sqlite/core.ts';
import type { Hands } from '../../engine/src/store/sqlite/hands.ts';
import { localHands } from '../../engine/src/store/sqlite/local.ts';
import { SqliteStore } from '../../engine/src/store/sqlite/store.ts';
import type { Store } from '../../engine/src/store/store.ts';
import type { Random } from './random.ts';

const questionTimeoutMs = 60_000;
let names = 0;

/** What is open in one life. */
export interface OpenedStore {
  readonly store: Store;
  /** Asks what is on disk, at once. */
  readonly ask: Hands['ask'];
  /** Lets go without noting a clean end, as a process that is killed. */
  kill(): void;
}

export interface Disk {
  /** How long the next write or question takes. */
  latencyMs(): number;
  /** Whether the next write fails, and whether it is on disk nonetheless. */
  fails(): 'no' | 'lost' | 'written';
}

/** A file that lives as long as this does. */
export class Durable {
  private readonly name = `file:simulation-${names++}?mode=memory&cache=shared`;
  private readonly keeper = new DatabaseSync(this.name);

  open(clock: Clock, disk: Disk, random: Random): OpenedStore {
    const core = new Core(this.name, 'here');
    const inner = localHands(core, core.database, questionTimeoutMs);
    let isOpen = true;
    const kill = (): void => {
      if (isOpen) core.close();
      isOpen = false;
    };
    const close: Hands['close'] = async (seq) => {
      if (isOpen) core.close(seq);
      isOpen = false;
    };
    const hands = slow({ ...inner, close }, clock, disk, random);
    return { store: new SqliteStore(hands, clock.nowMs, () => undefined), ask: inner.ask, kill };
  }

  close(): void {
    this.keeper.close();
  }
}

/** Each act takes a while before it is done and another until that is heard of: a death between the two leaves it done. */
function slow(inner: Hands, clock: Clock, disk: Disk, random: Random): Hands {
  const pause = (): Promise<void> => new Promise((resolve) => clock.after(disk.latencyMs(), resolve));
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    await pause();
    const told = act();
    told.catch(() => undefined);
    if (random.chance(0.7)) await pause();
    return told;
  };
  const apply: Hands['apply'] = (group) =>
    around(async () => {
      const failing = disk.fails();
      if (failing === 'lost') throw new Error('EIO: i/o error, fsync');
      const outcomes = await inner.apply(group);
      if (failing === 'written') throw new Error('EIO: i/o error, fsync');
      return outcomes;
    });
  return {
    ...inner,
    apply,
    findDedupe: (question) => around(() => inner.findDedupe(question)),
    ask: (question, ...parameters) => around(() => inner.ask(question, ...parameters)),
  };
}
