// One connection to a receiver: a message at a time, each with its acknowledgement.

import type { Socket } from 'node:net';
import { BlockCutter, blockOf } from './blocks.ts';
import { readAcknowledgement } from './header.ts';
import type { Acknowledgement } from './header.ts';

/** Longer than any acknowledgement, and any reply to a query that a message could hold. */
const answerBytesMax = 16 * 1024 ** 2;

export interface Answer {
  readonly acknowledgement: Acknowledgement;
  readonly bytes: Uint8Array;
}

/** There was no acknowledgement. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** False where the end of the block is known not to have left: a receiver does nothing with the rest. */
  readonly isSent: boolean;

  constructor(message: string, isSent: boolean) {
    super(message);
    this.isSent = isSent;
  }
}

export class Line {
  readonly #socket: Socket;
  readonly #cutter = new BlockCutter(answerBytesMax);
  #isOpen = true;
  #awaited:
    | { readonly controlId: string; readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }
    | undefined;

  constructor(socket: Socket, idleTimeoutMs: number) {
    this.#socket = socket;
    socket.on('data', (chunk: Uint8Array) => this.#take(chunk));
    // A write that the system refuses is one of which not everything went out.
    socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.message, error.syscall !== 'write'));
    socket.on('end', () => this.close());
    socket.on('close', () => this.#end('the receiver closed the connection'));
    socket.setTimeout(idleTimeoutMs, () => {
      if (!this.#awaited) this.close();
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Sends a message and waits for the acknowledgement that names it in MSA-2; all others are passed over. Rejects with `NoAnswer`
   * where there is none in time, and closes the connection: an answer that comes late can then be taken for no other message's.
   */
  async exchange(content: Uint8Array, controlId: string, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#awaited = { controlId, resolve, reject };
    const giveUp = (why: string) => {
      reject(new NoAnswer(why, true));
      this.close();
    };
    const timer = setTimeout(() => giveUp(`no acknowledgement came within ${timeoutMs} ms`), timeoutMs);
    const aborted = () => giveUp('the time for it was up');
    signal.addEventListener('abort', aborted);
    this.#socket.write(blockOf(content));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      this.#awaited = undefined;
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    for (const found of this.#cutter.push(chunk)) {
      if (found.kind !== 'block') continue;
      const acknowledgement = readAcknowledgement(found.bytes);
      if (acknowledgement?.controlId !== this.#awaited?.controlId || !acknowledgement) continue;
      this.#awaited?.resolve({ acknowledgement, bytes: found.bytes });
    }
  }

  #end(why: string, isSent = true): void {
    this.#isOpen = false;
    this.#awaited?.reject(new NoAnswer(why, isSent));
  }
}
