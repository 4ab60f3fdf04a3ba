// The inbound `changes`: a copy of what is there, then every change, each once: its position is committed with its messages.

import type { Inbound, Incoming, Json } from '@mortise/sdk';
import { openCatchUp } from './catch-up.ts';
import type { CatchUp } from './catch-up.ts';
import { openSession } from './client.ts';
import type { OwnSession } from './client.ts';
import { Copy } from './copy.ts';
import type { Copied } from './copy.ts';
import { postgresError } from './errors.ts';
import { sqlStateOf } from './failures.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Lsn } from './lsn.ts';
import type { LogEntry } from './pgoutput.ts';
import { Progress } from './progress.ts';
import type { KeyOf, StreamPosition } from './progress.ts';
import { dropSlot, ensurePublication, expectPosition, findSlot, identify, keysOf, makeSlot, takeSnapshot } from './slot.ts';
import type { ChangesContext } from './slot.ts';
import { ChangeStream } from './stream.ts';

/** Where the stream is to go on; `copied` is there while the copy has not ended: what is told of it is as of that position. */
type Reached = StreamPosition & { readonly copied?: Copied };

/**
 * What is stored. `of` is what positions belong to. With `copying` nothing was handed over yet: then the slot, if there is
 * one, is this inbound's own, and is dropped.
 */
type Position = { readonly of: string } & ({ readonly copying: true } | Reached);

/** Messages that were taken from the stream, or from the copy, and wait to be accepted. */
interface Batch {
  readonly incoming: readonly Incoming[];
  readonly key?: string;
  readonly position: Position;
  /** What may be acknowledged once they are. */
  readonly upTo?: Lsn;
}

/** How long one poll waits for something to come; then it looks whether it is to stop. */
const waitMs = 100;
/** Where there is nothing for us, the position is stored so often, or after so much log: it costs a commit. */
const idleMs = 10_000;
const idleBytes = 1024n ** 2n;
/** SQLSTATE of a slot that somebody else follows. */
const objectInUse = '55006';
/** The slot went between the look at it and the start of the stream. */
const undefinedObject = '42704';

export async function openChanges(context: ChangesContext): Promise<Inbound> {
  const follower = new Follower(context);
  return { poll: () => follower.poll(), close: () => follower.close() };
}

class Follower {
  readonly #context: ChangesContext;
  #position: Position | undefined;
  #waiting: Batch | undefined;
  #copy: Copy | undefined;
  #catchUp: CatchUp | undefined;
  #stream: ChangeStream | undefined;
  #progress: Progress | undefined;
  #of = '';
  #storedAtMs: number;

  constructor(context: ChangesContext) {
    this.#context = context;
    // Cursors are stored by this inbound alone.
    this.#position = context.cursor as unknown as Position | undefined;
    this.#storedAtMs = context.clock.nowMs();
  }

  /** What waits comes first: it was taken from the stream, and does not come again on the same connection. */
  async poll(): Promise<'more'> {
    if (this.#waiting) await this.#accept(this.#waiting);
    if (!this.#stream && !this.#copy) await this.#connect();
    if (this.#copy && !this.#stream) await this.#goOnCopying(this.#copy);
    else await this.#goOnFollowing();
    return 'more';
  }

  async close(): Promise<void> {
    await this.#disconnect();
  }

  async #connect(): Promise<void> {
    const { connection, signal, options } = this.#context;
    const session = await openSession(connection, signal, true);
    try {
      const { system, now } = await identify(session);
      this.#of = `${system}/${connection.database}/${options.slot}/${options.publication}`;
      if (this.#position && this.#position.of !== this.#of)
        throw postgresError(
          'MORTISE_POSTGRES_CURSOR',
          `The inbound has followed ${this.#position.of}, and is now to follow ${this.#of}.`,
        );
      await ensurePublication(session, options);
      if (!this.#position || 'copying' in this.#position) await this.#begin(session);
      else await this.#resume(session, now, this.#position);
    } finally {
      await session.close();
    }
  }

  /** The first time, or again where the copy was not ended. */
  async #begin(session: OwnSession): Promise<void> {
    const { options } = this.#context;
    const slot = await findSlot(session, options);
    if (slot && !this.#position && !options.copy) return this.#follow(session, { of: this.#of, lsn: formatLsn(slot.confirmed) });
    if (slot && !this.#position)
      throw postgresError('MORTISE_POSTGRES_SLOT_TAKEN', `The slot "${options.slot}" is there, and the inbound has not begun.`);
    if (slot?.active) throw busy(options.slot);
    if (slot) await dropSlot(session, options);
    // Stored before the slot is made: so it is known as ours, whenever the process dies.
    await this.#accept({ incoming: [], position: { of: this.#of, copying: true } });
    const made = await makeSlot(session, options);
    if (options.copy) this.#copy = await Copy.open(made, this.#context);
    else await this.#follow(session, { of: this.#of, lsn: formatLsn(made.position) }, true);
  }

  async #resume(session: OwnSession, now: Lsn, position: Position & Reached): Promise<void> {
    const { options } = this.#context;
    const slot = await findSlot(session, options);
    if (!slot) throw missing(options.slot, position.lsn);
    if (slot.active) throw busy(options.slot);
    expectPosition(parseLsn(position.lsn), slot, now, options);
    if (position.copied) await this.#resumeCopy(session, position, position.copied);
    else await this.#follow(session, position);
  }

  /**
   * The snapshot of the copy is gone with its connection. A new one is taken, and before the rest of the rows is read in it,
   * the stream brings what was handed over up to the same moment.
   */
  async #resumeCopy(session: OwnSession, position: Position & StreamPosition, copied: Copied): Promise<void> {
    this.#copy = await Copy.open(await takeSnapshot(session), this.#context, copied);
    try {
      this.#catchUp = await openCatchUp(this.#copy, copied);
      await this.#follow(session, position);
    } catch (error) {
      throw await this.#failed(error);
    }
  }

  async #follow(session: OwnSession, position: Position & StreamPosition, store = false): Promise<void> {
    const { connection, options, signal } = this.#context;
    const keys = await keysOf(session, options.publication);
    if (store) await this.#accept({ incoming: [], position });
    const keyOf: KeyOf = ({ schema, table }) => keys.get(`${schema}.${table}`);
    this.#progress = new Progress(position, keyOf);
    const { slot, publication } = options;
    try {
      this.#stream = await ChangeStream.open({ connection, slot, publication, from: parseLsn(position.lsn), signal });
    } catch (error) {
      if (sqlStateOf(error) === undefinedObject) throw missing(slot, position.lsn);
      throw sqlStateOf(error) === objectInUse ? busy(slot) : error;
    }
  }

  async #goOnCopying(copy: Copy): Promise<void> {
    const { incoming, range, copied } = await this.#orDisconnect(copy.next());
    const position: Position = { of: this.#of, lsn: formatLsn(copy.position), ...(copied ? { copied } : {}) };
    const key = `${this.#of}/${formatLsn(copy.position)}/copy/${range}`;
    await this.#accept({ incoming, position, ...(incoming.length > 0 ? { key } : {}) });
  }

  async #goOnFollowing(): Promise<void> {
    const [stream, progress] = [this.#stream, this.#progress];
    if (!stream || !progress) return;
    await this.#something(stream);
    const before = progress.position;
    const { events, caughtUp } = this.#taken(stream);
    const catchUp = this.#catchUp;
    const seen = catchUp && (await this.#orDisconnect(catchUp.sift(events)));
    const incoming = events.flatMap((event) => progress.take(event, seen));
    if (stream.empty && stream.idleAt !== undefined && !catchUp) progress.idleUpTo(stream.idleAt);
    const position = { of: this.#of, ...progress.position, ...(catchUp ? { copied: catchUp.copied } : {}) };
    if (incoming.length > 0) {
      const key = `${this.#of}/${rangeOf(before)}-${rangeOf(position)}`;
      await this.#accept({ incoming, key, position, upTo: progress.lsn });
    } else if (this.#worthStoring(position)) await this.#accept({ incoming, position, upTo: progress.lsn });
    if (caughtUp) await this.#endStream();
    else if (stream.lost && stream.empty) throw await this.#failed(stream.lost);
  }

  /** What the stream has, up to a batch; while it catches up, nothing that was committed after the snapshot of the copy. */
  #taken(stream: ChangeStream): { readonly events: readonly LogEntry[]; readonly caughtUp: boolean } {
    const upTo = this.#catchUp?.upTo;
    const events: LogEntry[] = [];
    for (let changes = 0; changes < this.#context.options.batch; ) {
      const event = stream.take();
      if (!event) break;
      if (upTo !== undefined && event.kind === 'begin' && event.commit >= upTo) return { events, caughtUp: true };
      events.push(event);
      if ('relation' in event || 'relations' in event) changes++;
    }
    return { events, caughtUp: upTo !== undefined && stream.empty && (stream.idleAt ?? 0n) >= upTo };
  }

  /** Waits for a change, for the end of the stream, or for a moment. */
  async #something(stream: ChangeStream): Promise<void> {
    const { clock, signal } = this.#context;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = clock.after(waitMs, resolve);
    const stop = () => resolve();
    signal.addEventListener('abort', stop);
    await stream.wait(promise);
    signal.removeEventListener('abort', stop);
    timer.cancel();
  }

  /** The end of a transaction is, whose changes were handed over before it came: the server is to hear of it. */
  #worthStoring(position: Position & StreamPosition): boolean {
    const stored = this.#position && 'lsn' in this.#position ? this.#position : undefined;
    if (stored?.inside && !position.inside) return true;
    const moved = parseLsn(position.lsn) - (stored ? parseLsn(stored.lsn) : 0n);
    return moved > idleBytes || (moved > 0n && this.#context.clock.nowMs() - this.#storedAtMs >= idleMs);
  }

  /** One commit of messages and position; only then the server hears of it. What fails waits for the next poll. */
  async #accept(batch: Batch): Promise<void> {
    const { accept, log, clock, options } = this.#context;
    this.#waiting = batch;
    const { incoming, key, position, upTo } = batch;
    const accepted = await accept(incoming, { cursor: position as unknown as Json, ...(key === undefined ? {} : { key }) });
    this.#waiting = undefined;
    this.#position = position;
    this.#storedAtMs = clock.nowMs();
    if (upTo !== undefined) this.#stream?.acknowledge(upTo);
    if (this.#copy && !('copying' in position) && !position.copied) await this.#disconnect();
    const refused = accepted.filter((one) => one.refused).length;
    if (refused > 0) log.warn({ slot: options.slot, refused }, 'Changes were refused.');
  }

  async #failed(error: unknown): Promise<unknown> {
    await this.#disconnect();
    return error;
  }

  async #orDisconnect<Value>(wanted: Promise<Value>): Promise<Value> {
    try {
      return await wanted;
    } catch (error) {
      throw await this.#failed(error);
    }
  }

  /** What was handed over is as the copy's snapshot has it: the rest of the copy follows. */
  async #endStream(): Promise<void> {
    const stream = this.#stream;
    [this.#stream, this.#progress, this.#catchUp] = [undefined, undefined, undefined];
    await stream?.close();
  }

  async #disconnect(): Promise<void> {
    const copy = this.#copy;
    this.#copy = undefined;
    await copy?.close();
    await this.#endStream();
  }
}

function rangeOf({ lsn, inside }: StreamPosition): string {
  return inside ? `${lsn}+${inside.commit}:${inside.done}` : lsn;
}

function missing(slot: string, lsn: string): Error {
  return postgresError('MORTISE_POSTGRES_SLOT_MISSING', `There is no slot "${slot}"; the inbound has read up to ${lsn}.`);
}

function busy(slot: string): Error {
  return postgresError('MORTISE_POSTGRES_SLOT_BUSY', `Somebody else follows the slot "${slot}".`);
}
