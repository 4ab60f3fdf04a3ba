// A database file, as the engine's thread sees it: requests go to a thread of their own, which starts with the first.

import { Worker } from 'node:worker_threads';
import { InDoubt, Rejected, Unavailable } from '@mortise/sdk';
import type { ConnectionValuesOf } from '@mortise/sdk';
import type connector from './connector.ts';
import { newStage, withdraw } from './protocol.ts';
import type { Failure, Read, Request, Response, Rows, Settings, Stage, Write, Written } from './protocol.ts';

const threadFile = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

interface Pending {
  readonly settle: (outcome: Response['outcome']) => void;
  /** Ends the wait: the thread is gone, or time is up. */
  readonly giveUp: (why: string) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/** Requests may be made concurrently. They throw `Unavailable`, `Rejected` and `InDoubt`. */
export class Database {
  readonly #settings: Settings;
  #thread: Thread | undefined;
  #lastId = 0;

  constructor({ file, busyTimeout, create }: ConnectionValuesOf<typeof connector>, mode: 'read' | 'write') {
    this.#settings = { file, busyTimeoutMs: busyTimeout, create, readOnly: mode === 'read' };
  }

  /** What was not begun when time is up is not done; of what was begun the end is not known. */
  write(write: Write, signal: AbortSignal): Promise<Written> {
    const stage = newStage();
    return this.#request<Written>({ write: { ...write, stage } }, signal, stage);
  }

  /** A statement that takes too long is ended with its thread; the next request starts another. */
  async read(read: Read, signal: AbortSignal): Promise<Rows> {
    const endThread = () => {
      void this.#thread?.worker.terminate();
      this.#thread = undefined;
    };
    signal.addEventListener('abort', endThread);
    try {
      return await this.#request<Rows>({ read }, signal, newStage());
    } finally {
      signal.removeEventListener('abort', endThread);
    }
  }

  async close(): Promise<void> {
    const worker = this.#thread?.worker;
    if (!worker) return;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await exited;
  }

  async #request<Result>(content: Omit<Request, 'id'>, signal: AbortSignal, stage: Stage): Promise<Result> {
    if (signal.aborted) throw new Unavailable('Time was up before the database was asked.');
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const giveUp = (why: string) => reject(withdraw(stage) ? new Unavailable(`${why} Nothing was done.`) : new InDoubt(why));
    const timeIsUp = () => giveUp('Time was up.');
    // The thread answers a request with the result of its kind.
    const settle = (outcome: Response['outcome']) =>
      'result' in outcome ? resolve(outcome.result as Result) : reject(errorOf(outcome.failure));
    const { worker, pending } = (this.#thread ??= this.#start());
    pending.set(id, { settle, giveUp });
    signal.addEventListener('abort', timeIsUp);
    worker.postMessage({ id, ...content });
    try {
      return await promise;
    } finally {
      pending.delete(id);
      signal.removeEventListener('abort', timeIsUp);
    }
  }

  #start(): Thread {
    const thread: Thread = { worker: new Worker(threadFile, { workerData: this.#settings, name: 'sqlite' }), pending: new Map() };
    let why = 'The thread of the database has ended.';
    thread.worker.on('message', (responses: readonly Response[]) => {
      for (const { id, outcome } of responses) thread.pending.get(id)?.settle(outcome);
    });
    thread.worker.on('error', (error) => void (why = `The thread of the database has failed: ${String(error)}.`));
    thread.worker.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const { giveUp } of thread.pending.values()) giveUp(why);
    });
    return thread;
  }
}

function errorOf({ kind, message }: Failure): Error {
  if (kind === 'rejected') return new Rejected(message);
  return kind === 'inDoubt' ? new InDoubt(message) : new Unavailable(message);
}
