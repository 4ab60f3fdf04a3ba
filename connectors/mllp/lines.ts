// The connections of one outbound: opened when they are needed, each lent to one message at a time, in the order of asking.

import { setImmediate } from 'node:timers/promises';
import { Unavailable } from '@mortise/sdk';
import type { Connect } from './client.ts';
import { Line } from './line.ts';

interface Waiting {
  readonly begin: () => void;
}

export class Lines {
  readonly #connect: Connect;
  readonly #max: number;
  readonly #idleTimeoutMs: number;
  readonly #idle: Line[] = [];
  readonly #all = new Set<Line>();
  readonly #queue: Waiting[] = [];
  #lent = 0;
  #isClosed = false;

  constructor(connect: Connect, max: number, idleTimeoutMs: number) {
    this.#connect = connect;
    this.#max = max;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Lends a connection to `use`. Throws `Unavailable` where there is none in time: nothing was sent then. */
  async with<T>(signal: AbortSignal, use: (line: Line) => Promise<T>): Promise<T> {
    await this.#turn(signal);
    try {
      const line = await this.#open(signal);
      try {
        return await use(line);
      } finally {
        if (line.isOpen && !this.#isClosed) this.#idle.push(line);
        else this.#drop(line);
      }
    } finally {
      this.#lent -= 1;
      this.#queue.shift()?.begin();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const line of this.#all) line.close();
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#isClosed) throw givenUp();
    if (this.#lent >= this.#max) await this.#wait(signal);
    this.#lent += 1;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { begin: resolve };
    const aborted = () => {
      const at = this.#queue.indexOf(waiting);
      // Where its turn has come meanwhile, it goes on, and finds the signal itself.
      if (at >= 0) this.#queue.splice(at, 1);
      if (at >= 0) reject(givenUp());
    };
    signal.addEventListener('abort', aborted);
    this.#queue.push(waiting);
    await promise.finally(() => signal.removeEventListener('abort', aborted));
  }

  async #open(signal: AbortSignal): Promise<Line> {
    // What the receiver did to an idle connection is known only after a turn of the event loop.
    if (this.#idle.length > 0) await setImmediate();
    for (let line = this.#idle.pop(); line; line = this.#idle.pop()) {
      if (line.isOpen && !signal.aborted) return line;
      this.#drop(line);
    }
    const line = new Line(await this.#connect(signal), this.#idleTimeoutMs);
    this.#all.add(line);
    if (!this.#isClosed) return line;
    this.#drop(line);
    throw givenUp();
  }

  #drop(line: Line): void {
    line.close();
    this.#all.delete(line);
  }
}

function givenUp(): Unavailable {
  return new Unavailable('The time was up before the message could be sent.');
}
