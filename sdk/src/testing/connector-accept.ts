// An `accept` for tests: it keeps what an inbound hands over, as the engine would, and fails, waits or refuses on demand.

import { isDeepStrictEqual } from 'node:util';
import type { Accept, AcceptOptions, Accepted, Incoming, PendingReply, Refusal, Reply } from '../connector.ts';
import { Unavailable } from '../errors.ts';
import type { Json } from '../message.ts';
import { gather } from './connector-body.ts';
import { realClock } from './connector-runtime.ts';

/** A message that was committed. A body of bytes is whole, even where it came as a stream. */
export interface ReceivedMessage extends Omit<Incoming, 'body'> {
  readonly id: string;
  readonly body: unknown;
}

/** One commit: messages, key and cursor together. */
export interface Commit {
  readonly messages: readonly ReceivedMessage[];
  readonly key?: string;
  readonly cursor?: Json;
}

/** What a test tells the receiving end, and reads from it. */
export interface AcceptRecorder {
  readonly accept: Accept;
  readonly commits: readonly Commit[];
  /** The messages of all commits, in order; duplicates and what failed are not among them. */
  readonly messages: readonly ReceivedMessage[];
  /** The cursor of the last commit that named one. */
  readonly cursor: Json | undefined;
  /** How often `accept` was called, whatever came of it. */
  readonly calls: number;
  /** How many calls ended with the ids of an earlier commit. */
  readonly duplicates: number;
  /** Calls that wait for `release()`. */
  readonly waiting: number;
  /** Calls that failed because of `failNext` or `dieAfterNextCommit`. */
  readonly failures: number;
  /** Ids of messages whose requester went away before the reply. */
  readonly abandoned: readonly string[];
  /** The next calls (one unless told) reject with `error`, and commit nothing. */
  failNext(error: Error, times?: number): void;
  /** The next call commits and then rejects, and so does every call until `revive()`: as if the engine died in between. */
  dieAfterNextCommit(): void;
  revive(): void;
  /** From now on nothing is committed until `release()`. */
  hold(): void;
  release(): void;
  /** Every message that `decide` gives a refusal for is recorded and refused; undefined accepts it. */
  refuseWith(decide: (message: ReceivedMessage) => Refusal | undefined): void;
  /** Every message gets a pending reply: what `decide` gives, once it gives it; undefined is a flow that ends without one. */
  replyWith(decide: (message: ReceivedMessage) => Promise<Reply | undefined> | Reply | undefined): void;
  /** A body holds as many records as `count` says, and gives as many ids. */
  splitInto(count: (message: ReceivedMessage) => number): void;
}

export function acceptRecorder(cursor?: Json): AcceptRecorder {
  return new Recorder(cursor);
}

class Recorder implements AcceptRecorder {
  readonly commits: Commit[] = [];
  readonly abandoned: string[] = [];
  cursor: Json | undefined;
  calls = 0;
  duplicates = 0;
  waiting = 0;
  failures = 0;
  #lastId = 0;
  #life: 'alive' | 'dies' | 'dead' = 'alive';
  #toFail: Error[] = [];
  #held: PromiseWithResolvers<void> | undefined;
  #byKey = new Map<string, Promise<readonly Accepted[]>>();
  #refusal: (message: ReceivedMessage) => Refusal | undefined = () => undefined;
  #reply: ((message: ReceivedMessage) => Promise<Reply | undefined> | Reply | undefined) | undefined;
  #records: (message: ReceivedMessage) => number = () => 1;

  constructor(cursor: Json | undefined) {
    this.cursor = cursor;
  }

  readonly accept: Accept = async (incoming, options = {}) => {
    this.calls++;
    const error = this.#life === 'dead' ? stopping() : this.#toFail.shift();
    if (error) {
      this.failures++;
      throw error;
    }
    return options.key === undefined ? this.#commit(incoming, options) : this.#commitOnce(options.key, incoming, options);
  };

  get messages(): readonly ReceivedMessage[] {
    return this.commits.flatMap((commit) => commit.messages);
  }

  failNext(error: Error, times = 1): void {
    this.#toFail.push(...Array.from({ length: times }, () => error));
  }

  dieAfterNextCommit(): void {
    this.#life = 'dies';
  }

  revive(): void {
    this.#life = 'alive';
  }

  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  refuseWith(decide: (message: ReceivedMessage) => Refusal | undefined): void {
    this.#refusal = decide;
  }

  replyWith(decide: (message: ReceivedMessage) => Promise<Reply | undefined> | Reply | undefined): void {
    this.#reply = decide;
  }

  splitInto(count: (message: ReceivedMessage) => number): void {
    this.#records = count;
  }

  /** A second call with the key waits for the first; if that fails, it is the first. */
  async #commitOnce(key: string, incoming: readonly Incoming[], options: AcceptOptions): Promise<readonly Accepted[]> {
    for (let first = this.#byKey.get(key); first; first = this.#byKey.get(key)) {
      const before = await first.catch(() => undefined);
      if (before && options.sameBody && !(await this.#hasSameBodies(key, incoming))) {
        return before.map(({ id }) => ({ id, duplicate: true, conflict: true }));
      }
      if (before) return this.#duplicate(before);
      if (this.#byKey.get(key) === first) this.#byKey.delete(key);
    }
    const committed = this.#commit(incoming, options);
    this.#byKey.set(key, this.#life === 'dies' ? committed.catch(() => this.#acceptedLast()) : committed);
    return committed;
  }

  async #hasSameBodies(key: string, incoming: readonly Incoming[]): Promise<boolean> {
    const first = this.commits.find((commit) => commit.key === key)?.messages.map(({ body }) => body);
    const second = await Promise.all(incoming.map(({ body }) => (isChunks(body) ? gather(body) : body)));
    return isDeepStrictEqual(first?.map(comparable), second.map(comparable));
  }

  #duplicate(before: readonly Accepted[]): readonly Accepted[] {
    this.duplicates++;
    return before.map((accepted) => ({ ...accepted, duplicate: true }));
  }

  async #commit(incoming: readonly Incoming[], { key, cursor }: AcceptOptions): Promise<readonly Accepted[]> {
    const messages = await Promise.all(incoming.map((message) => this.#read(message)));
    await this.#heldBack();
    this.commits.push({ messages, ...(key === undefined ? {} : { key }), ...(cursor === undefined ? {} : { cursor }) });
    if (cursor !== undefined) this.cursor = cursor;
    if (this.#life === 'dies') {
      this.#life = 'dead';
      this.failures++;
      throw stopping();
    }
    return messages.flatMap((message) => this.#acceptedOf(message));
  }

  async #heldBack(): Promise<void> {
    if (!this.#held) return;
    this.waiting++;
    await this.#held.promise;
    this.waiting--;
  }

  async #read(message: Incoming): Promise<ReceivedMessage> {
    const body = isChunks(message.body) ? await gather(message.body) : message.body;
    return { ...message, body, id: `message-${++this.#lastId}` };
  }

  #acceptedLast(): readonly Accepted[] {
    return (this.commits.at(-1)?.messages ?? []).flatMap((message) => this.#acceptedOf(message));
  }

  #acceptedOf(message: ReceivedMessage): Accepted[] {
    const refused = this.#refusal(message);
    const reply = refused ? undefined : this.#pendingReply(message);
    return Array.from({ length: this.#records(message) }, (_, index) => ({
      id: index === 0 ? message.id : `${message.id}-${index + 1}`,
      duplicate: false,
      ...(refused ? { refused } : {}),
      ...(reply ? { reply } : {}),
    }));
  }

  #pendingReply(message: ReceivedMessage): PendingReply | undefined {
    if (!this.#reply) return undefined;
    const settled = Promise.resolve(this.#reply(message));
    return {
      wait: async (timeoutMs) => {
        const late = new Promise<undefined>((resolve) => void realClock.after(timeoutMs, () => resolve(undefined)));
        return Promise.race([settled, late]);
      },
      abandon: () => void this.abandoned.push(message.id),
    };
  }
}

/** Bytes are the same whatever class holds them. */
function comparable(body: unknown): unknown {
  return body instanceof Uint8Array ? Buffer.from(body) : body;
}

function stopping(): Unavailable {
  return new Unavailable('The engine stops.');
}

function isChunks(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
