// The stream of changes through pg-logical-replication, as something that is asked for more: what is not taken stays on the server.

import { replicationService } from './client.ts';
import type { Connection } from './client.ts';
import { failureOf } from './failures.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Lsn } from './lsn.ts';
import { Decoder } from './pgoutput.ts';
import type { LogEntry } from './pgoutput.ts';
import { literal, quoted } from './statements.ts';

/** So much is held at most beyond what one read of the socket brings. A single row may be larger: it is held whole. */
const heldBytesMax = 4 * 1024 ** 2;
const heldEntriesMax = 2000;

/** The server gives up a receiver that is silent for wal_sender_timeout, which is 60 s unless told. */
const statusEveryMs = 5000;

export interface StreamOptions {
  readonly connection: Connection;
  readonly slot: string;
  readonly publication: string;
  readonly from: Lsn;
  readonly signal: AbortSignal;
}

interface Held {
  readonly entry: LogEntry;
  readonly bytes: number;
}

export class ChangeStream {
  /** Why nothing more will come; undefined while it flows. */
  lost: Error | undefined;
  /** Up to where the server had nothing for us, when nothing was on its way. */
  idleAt: Lsn | undefined;
  readonly #service: ReturnType<typeof replicationService>;
  readonly #held: Held[] = [];
  #heldBytes = 0;
  #acknowledged: Lsn;
  #decoded = 0;
  #delivered = 0;
  #wake: () => void = () => undefined;
  #drained: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor({ connection, from }: StreamOptions) {
    this.#acknowledged = from;
    this.#service = replicationService(connection);
    this.#service.on('error', (error) => this.#lose(error));
    this.#service.on('data', async (_lsn: string, decoded: Held | Error) => this.#hold(decoded));
    this.#service.on('heartbeat', (lsn, _timestamp, shouldRespond) => this.#heard(parseLsn(lsn), shouldRespond));
  }

  /** Resolves when the server has begun to send; throws what kept it from that. */
  static async open(options: StreamOptions): Promise<ChangeStream> {
    const stream = new ChangeStream(options);
    const abort = () => stream.#lose(new Error('The inbound stops.'));
    options.signal.addEventListener('abort', abort);
    try {
      await stream.#start(options);
    } catch (error) {
      await stream.close();
      throw failureOf(error, { readOnly: true, committing: false });
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
    return stream;
  }

  /** The next entry of the log; undefined where none is there yet. */
  take(): LogEntry | undefined {
    const held = this.#held.shift();
    if (!held) return undefined;
    this.#heldBytes -= held.bytes;
    if (!this.#full) this.#drained();
    return held.entry;
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }

  /** Resolves when something is there, the stream is lost, or `until` resolves. */
  async wait(until: Promise<void>): Promise<void> {
    if (!this.empty || this.lost) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await Promise.race([promise, until]);
  }

  /** What lies before this position will not be asked for again: the server may forget it. */
  acknowledge(position: Lsn): void {
    if (position > this.#acknowledged) this.#acknowledged = position;
    this.#report();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#drained();
    this.lost ??= new Error('The stream was closed.');
    await this.#service.destroy().catch(() => undefined);
    this.#service.on('error', () => undefined);
  }

  async #start({ slot, publication, from }: StreamOptions): Promise<void> {
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    this.#service.on('start', resolve);
    this.#wake = () => this.lost && reject(this.lost);
    const plugin = new Plugin(publication, () => this.#decoded++);
    // It goes on for as long as the stream does.
    this.#service.subscribe(plugin, slot, formatLsn(from)).then(
      () => this.#lose(new Error('The server has ended the stream.')),
      (error: unknown) => this.#lose(error instanceof Error ? error : new Error(String(error))),
    );
    await started;
    this.#report();
    this.#timer = setInterval(() => this.#report(), statusEveryMs);
    this.#timer.unref();
  }

  /** The library reads no further from the socket until this resolves. */
  async #hold(decoded: Held | Error): Promise<void> {
    this.#delivered++;
    if (this.lost) return;
    if (decoded instanceof Error) return this.#lose(decoded);
    this.#held.push(decoded);
    this.#heldBytes += decoded.bytes;
    this.#wake();
    if (!this.#full) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    await promise;
  }

  get #full(): boolean {
    return this.#held.length >= heldEntriesMax || this.#heldBytes >= heldBytesMax;
  }

  #heard(lsn: Lsn, shouldRespond: boolean): void {
    // It comes past those that wait here: only when none does, it says that there is nothing before it.
    if (this.empty && this.#decoded === this.#delivered) {
      this.idleAt = lsn;
      this.#wake();
    }
    if (shouldRespond) this.#report();
  }

  /** The library takes the last byte and adds one. One too many would make the server skip a COMMIT that begins just there. */
  #report(): void {
    if (!this.lost && this.#acknowledged > 0n) void this.#service.acknowledge(formatLsn(this.#acknowledged - 1n));
  }

  #lose(error: Error): void {
    this.lost ??= error;
    this.#wake();
    this.#drained();
  }
}

/** The output plugin as the library wants it, with a decoder of our own. It never throws: it is called where nobody would catch it. */
class Plugin {
  readonly name = 'pgoutput';
  readonly options: string;
  readonly #decoder = new Decoder();
  readonly #count: () => void;

  constructor(publication: string, count: () => void) {
    this.options = `proto_version '1', publication_names ${literal(quoted(publication))}`;
    this.#count = count;
  }

  parse(buffer: Buffer): Held | Error {
    this.#count();
    try {
      return { entry: this.#decoder.decode(buffer), bytes: buffer.length };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async start(client: { query(sql: string): Promise<unknown> }, slot: string, from: string): Promise<unknown> {
    return client.query(`START_REPLICATION SLOT ${quoted(slot)} LOGICAL ${from} (${this.options})`);
  }
}
