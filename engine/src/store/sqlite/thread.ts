// The calling side of a thread: calls are carried out one after another, and answered in their order.

import { Worker } from 'node:worker_threads';
import { storeError } from '../errors.ts';
import type { Answer, Calls, Request } from './calls.ts';
import { errorOf } from './sqlite-error.ts';

/** What a thread has at hand is small, or its rows: a young generation as large as the main thread's would only be filled, and stay. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 };
/** Compiled or not: the entry of a thread is a file like this one. */
const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Thread<C extends Calls> {
  readonly #worker: Worker;
  readonly #waiters: Waiter[] = [];
  #ended: Error | undefined;

  /** Starts the module `entry` of this folder, named without its ending, in a thread. */
  constructor(entry: string, workerData: unknown) {
    this.#worker = new Worker(new URL(entry + ending, import.meta.url), { workerData, resourceLimits });
    this.#worker.on('message', (answer: Answer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#end(`failed: ${String(error)}`));
    this.#worker.on('exit', () => this.#end('ended'));
  }

  /** It died, or was ended. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Calls are not all answered yet. */
  get isAnswering(): boolean {
    return this.#waiters.length > 0;
  }

  call<Name extends keyof C & string>(call: Name, takes: C[Name]['takes']): Promise<C[Name]['gives']> {
    if (this.#ended) return Promise.reject(this.#ended);
    const request: Request<C, Name> = { call, takes };
    this.#worker.postMessage(request);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  /** Ends the thread, whatever it is doing. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(answer: Answer): void {
    const waiter = this.#waiters.shift();
    if ('error' in answer) waiter?.reject(errorOf(answer.error));
    else waiter?.resolve(answer.gives);
  }

  #end(how: string): void {
    this.#ended ??= storeError('MORTISE_STORE_FAILED', `A thread of the store ${how}.`);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#ended);
  }
}
