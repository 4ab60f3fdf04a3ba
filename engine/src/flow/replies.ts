// Requesters that wait for a reply: found by the root message of the journey.

import type { Clock, PendingReply, Reply } from '@mortise/sdk';

interface Waiting {
  readonly promise: Promise<Reply | undefined>;
  resolve(reply: Reply | undefined): void;
  abandoned: boolean;
}

export class Replies {
  private readonly clock: Clock;
  private readonly waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A requester begins to wait: called before the message can run. */
  expect(root: string): PendingReply {
    let resolve: Waiting['resolve'] = () => undefined;
    const promise = new Promise<Reply | undefined>((done) => (resolve = done));
    const entry: Waiting = { promise, resolve, abandoned: false };
    this.waiting.set(root, entry);
    return {
      wait: (timeoutMs) => this.wait(root, entry, timeoutMs),
      abandon: () => this.abandon(root, entry),
    };
  }

  /** The flow has settled: with a reply, or without one. */
  settle(root: string, reply: Reply | undefined): void {
    this.waiting.get(root)?.resolve(reply);
    this.waiting.delete(root);
  }

  /** Whether a requester still waits. */
  isAwaited(root: string): boolean {
    return this.waiting.get(root)?.abandoned === false;
  }

  /** Waits with one who asked before, if he still waits. */
  join(root: string, timeoutMs: number): Promise<Reply | undefined> | undefined {
    const entry = this.waiting.get(root);
    return entry && !entry.abandoned ? this.wait(root, entry, timeoutMs) : undefined;
  }

  private async wait(root: string, entry: Waiting, timeoutMs: number): Promise<Reply | undefined> {
    let timer: { cancel(): void } | undefined;
    const late = new Promise<'late'>((resolve) => (timer = this.clock.after(timeoutMs, () => resolve('late'))));
    const first = await Promise.race([entry.promise, late]);
    timer?.cancel();
    if (first !== 'late') return first;
    this.abandon(root, entry);
    return undefined;
  }

  private abandon(root: string, entry: Waiting): void {
    entry.abandoned = true;
    entry.resolve(undefined);
    if (this.waiting.get(root) === entry) this.waiting.delete(root);
  }
}
