// The calling side of one thread of the sandbox: one request at a time, under a watch that ends the thread.

import { Worker } from 'node:worker_threads';
import type { Answer, SandboxRequest } from './request.ts';

/** Compiled or not: the entry of the thread is a file like this one. */
const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** What a script's own limit does not reach, as one long step within the interpreter, ends at a multiple of it by the clock. */
const watchFactor = 2;
const watchMarginMs = 2000;

export class SandboxThread {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #answer: ((answer: Answer) => void) | undefined;
  #ended = false;

  constructor() {
    // No variables of the environment: what the interpreter does not reach anyway is not even there.
    this.#worker = new Worker(new URL(`./sandbox-thread${ending}`, import.meta.url), { env: {}, stdin: false });
    this.#ready = new Promise((resolve) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('exit', () => resolve());
    });
    this.#worker.on('message', (answer: Answer | 'ready') => {
      if (answer !== 'ready') this.#settle(answer);
    });
    this.#worker.on('error', (error) =>
      this.#settle({ fault: 'failed', message: `The sandbox broke: ${String(error)}`, spent: true }),
    );
    this.#worker.on('exit', () => {
      this.#ended = true;
      this.#settle({ fault: 'failed', message: 'The sandbox ended.', spent: true });
    });
  }

  /** Never rejects. Only an idle thread may be given a request. While it runs it keeps the process alive. */
  async run(request: SandboxRequest): Promise<Answer> {
    this.#worker.ref();
    await this.#ready;
    if (this.#ended) return { fault: 'failed', message: 'The sandbox could not be started.', spent: true };
    const answered = new Promise<Answer>((resolve) => (this.#answer = resolve));
    const late: Answer = { fault: 'late', message: '', spent: true };
    const watch = setTimeout(() => this.#settle(late), request.timeoutMs * watchFactor + watchMarginMs);
    this.#worker.postMessage(request);
    const answer = await answered;
    clearTimeout(watch);
    this.#worker.unref();
    return answer;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    this.#answer?.(answer);
    this.#answer = undefined;
  }
}
