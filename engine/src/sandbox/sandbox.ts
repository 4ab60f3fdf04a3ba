// The sandbox of scripts: a few threads, shared by all flows, of which no script may take all.

import { isBodyStream, readJson, writeJson } from '@mortise/sdk';
import { stepError } from '../step/errors.ts';
import type { Answer, SandboxScript } from './request.ts';
import { SandboxThread } from './thread.ts';

/** What a script is given. */
export interface SandboxInput {
  readonly body: unknown;
  readonly message: unknown;
  readonly headers: unknown;
  readonly variables: unknown;
}

/** More would take cores away from the engine; each has its own WebAssembly memory. */
const threadsMax = 4;
/** So many threads may run the same script: one that never ends leaves the others to other flows. */
const threadsPerScriptMax = 2;

const exactly = { numbers: 'exact', depthMax: 512 } as const;

interface Waiting {
  readonly script: SandboxScript;
  readonly input: string;
  readonly resolve: (answer: Answer) => void;
}

export class Sandbox {
  readonly #idle: SandboxThread[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<SandboxScript, number>();
  readonly #threads = new Set<SandboxThread>();

  /**
   * What the script returns; undefined where it returns nothing. Rejects with MORTISE_STEP_SCRIPT_LATE, _MEMORY or _FAILED, and
   * with MORTISE_STEP_BODY_NOT_VALUE before anything runs.
   */
  async run(script: SandboxScript, { body, ...about }: SandboxInput): Promise<unknown> {
    if (body instanceof Uint8Array || isBodyStream(body))
      throw stepError('MORTISE_STEP_BODY_NOT_VALUE', 'A script in the sandbox takes a value, and the body is bytes.');
    const input = exactText({ body, ...about });
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.push({ script, input, resolve });
      this.#next();
    });
    if ('fault' in answer) throw faultOf(answer, script);
    return answer.output === undefined ? undefined : readJson(Buffer.from(answer.output), exactly);
  }

  /** Ends all threads; scripts that run or wait fail. */
  async close(): Promise<void> {
    for (const { resolve } of this.#waiting.splice(0)) resolve({ fault: 'failed', message: 'The sandbox was closed.' });
    this.#idle.length = 0;
    await Promise.all([...this.#threads].map((thread) => this.#discard(thread)));
  }

  #next(): void {
    const at = this.#waiting.findIndex(({ script }) => (this.#running.get(script) ?? 0) < threadsPerScriptMax);
    if (at < 0 || (this.#idle.length === 0 && this.#threads.size >= threadsMax)) return;
    const [waiting] = this.#waiting.splice(at, 1);
    if (waiting) void this.#runIn(this.#idle.pop() ?? this.#start(), waiting);
  }

  async #runIn(thread: SandboxThread, { script, input, resolve }: Waiting): Promise<void> {
    this.#running.set(script, (this.#running.get(script) ?? 0) + 1);
    const { code, timeoutMs, memoryBytes } = script;
    const answer = await thread.run({ code, timeoutMs, memoryBytes, input });
    const running = (this.#running.get(script) ?? 1) - 1;
    if (running === 0) this.#running.delete(script);
    else this.#running.set(script, running);
    if (answer.spent) await this.#discard(thread);
    else this.#idle.push(thread);
    resolve(answer);
    this.#next();
  }

  async #discard(thread: SandboxThread): Promise<void> {
    this.#threads.delete(thread);
    await thread.end();
  }

  #start(): SandboxThread {
    const thread = new SandboxThread();
    this.#threads.add(thread);
    return thread;
  }
}

/** JSON in which every number is one that a double keeps; the others are text, as Mortise holds long numbers everywhere. */
function exactText(value: unknown): string {
  const text = writeJson(value);
  return /\d{16}|\d[eE.]/.test(text) ? JSON.stringify(readJson(Buffer.from(text), exactly)) : text;
}

function faultOf(answer: Extract<Answer, { fault: string }>, { timeoutMs, memoryBytes }: SandboxScript): Error {
  if (answer.fault === 'late')
    return stepError('MORTISE_STEP_SCRIPT_LATE', `The script did not end within ${timeoutMs} ms of computing.`);
  if (answer.fault === 'memory')
    return stepError('MORTISE_STEP_SCRIPT_MEMORY', `The script needed more than its ${memoryBytes} bytes of memory.`);
  return stepError('MORTISE_STEP_SCRIPT_FAILED', answer.message);
}
