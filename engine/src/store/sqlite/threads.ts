// The store's work in threads of its own: one writes, one answers the engine, one answers people.

import { Worker } from 'node:worker_threads';
import { storeError } from '../errors.ts';
import type { CoreOpened } from './core.ts';
import type { Hands } from './hands.ts';
import type { Answer, Arguments, Question } from './questions.ts';
import { slowQuestions } from './questions.ts';
import type { ReaderAnswer, ReaderRequest, ReaderSettings } from './reader-thread.ts';
import { errorOf } from './sqlite-error.ts';
import type { Outcome } from './writer.ts';
import type { WriterAnswer, WriterRequest, WriterSettings } from './writer-thread.ts';

const slow: ReadonlySet<Question> = new Set(slowQuestions);

/** Starts the threads; resolves when the store is open and recovered. */
export async function openThreads(file: string, nowMs: number, timeoutMs: number): Promise<Hands> {
  const writer = new WriterThread({ file, nowMs });
  const opened = await writer.opened();
  const quick = new ReaderThread({ file, timeoutMs });
  let people: ReaderThread | undefined;
  return {
    opened,
    apply: (group, at, reserveSeq) => writer.apply({ ask: 'apply', group, nowMs: at, ...(reserveSeq !== undefined && { reserveSeq }) }),
    ask: (question, ...parameters) => {
      if (!slow.has(question)) return quick.ask(question, parameters);
      people ??= new ReaderThread({ file, timeoutMs });
      return people.ask(question, parameters);
    },
    close: async (seq) => {
      await Promise.all([quick.close(), people?.close()]);
      await writer.close(seq);
    },
  };
}

/** The main thread's side of the thread that writes: one request at a time. */
class WriterThread {
  readonly #worker: Worker;
  #waiter: { resolve(answer: WriterAnswer): void; reject(error: Error): void } | undefined;
  #ended: Error | undefined;

  constructor(settings: WriterSettings) {
    this.#worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: settings });
    this.#worker.on('message', (answer: WriterAnswer) => this.#settle((waiter) => waiter.resolve(answer)));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => this.#end(new Error(`The thread that writes ended with ${code}`)));
  }

  async opened(): Promise<CoreOpened> {
    const answer = await this.#next();
    if (answer.tell === 'opened') return answer.opened;
    await this.#worker.terminate();
    throw answer.tell === 'failed' ? errorOf(answer.error) : new Error(`The thread that writes told "${answer.tell}" at first.`);
  }

  async apply(request: WriterRequest): Promise<readonly Outcome[]> {
    const answer = await this.#request(request);
    if (answer.tell === 'applied') return answer.outcomes;
    throw answer.tell === 'failed' ? errorOf(answer.error) : new Error(`The thread that writes told "${answer.tell}".`);
  }

  async close(seq: number | undefined): Promise<void> {
    if (!this.#ended) await this.#request({ ask: 'close', ...(seq !== undefined && { seq }) });
    await this.#worker.terminate();
  }

  #request(request: WriterRequest): Promise<WriterAnswer> {
    this.#worker.postMessage(request);
    return this.#next();
  }

  #next(): Promise<WriterAnswer> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  #end(error: Error): void {
    this.#ended ??= storeError('MORTISE_STORE_FAILED', `${error.message}.`, { cause: error });
    const reason = this.#ended;
    this.#settle((waiter) => waiter.reject(reason));
  }

  #settle(act: (waiter: { resolve(answer: WriterAnswer): void; reject(error: Error): void }) => void): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter) act(waiter);
  }
}

interface Asked {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** The main thread's side of a thread that answers questions. */
class ReaderThread {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #ended: Error | undefined;

  constructor(settings: ReaderSettings) {
    this.#worker = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: settings });
    this.#worker.on('message', (answer: ReaderAnswer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => this.#end(new Error(`A thread that reads ended with ${code}`)));
  }

  ask<Q extends Question>(question: Q, parameters: Arguments<Q>): Promise<Answer<Q>> {
    return this.#request((id) => ({ id, question, parameters })) as Promise<Answer<Q>>;
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#request((id) => ({ id, question: 'close' }));
    await this.#worker.terminate();
  }

  #request(make: (id: number) => ReaderRequest): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage(make(id));
    });
  }

  #answered(answer: ReaderAnswer): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if ('error' in answer) asked?.reject(errorOf(answer.error));
    else asked?.resolve(answer.answer);
  }

  #end(error: Error): void {
    this.#ended ??= storeError('MORTISE_STORE_FAILED', `${error.message}.`, { cause: error });
    for (const asked of this.#asked.values()) asked.reject(this.#ended);
    this.#asked.clear();
  }
}
