// The store's work in threads of its own: one writes, one copies the log, one answers the engine, one answers people.

import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { CheckpointCalls, CopyCalls, CoreOpened, ReaderCalls, WriterCalls } from './calls.ts';
import type { Hands } from './hands.ts';
import type { Ask, Question } from './questions.ts';
import { slowQuestions } from './questions.ts';
import { checkpointPages } from './settings.ts';
import { Thread } from './thread.ts';

/** The thread that answers people is ended when nobody has asked for so long: it holds some 9 MB, and starts in a twentieth of a second. */
const unaskedMs = 5000;

const slow: ReadonlySet<Question> = new Set(slowQuestions);

/** Threads that have been started, and have not touched the file yet. */
export interface StartedThreads {
  /** Resolves when the store is open and recovered. Once. */
  open(): Promise<Hands>;
  /** Ends them, where they are not to open it, or could not. */
  end(): Promise<void>;
}

/** Starts the threads: what they are made of is loaded while the caller does something else. */
export function startThreads(file: string, timeoutMs: number): StartedThreads {
  const writer = new Thread<WriterCalls>('./writer-thread', { file });
  const makeReader = (): Thread<ReaderCalls> => new Thread('./reader-thread', { file, timeoutMs });
  const [reader, slowReader] = [new Lazy(makeReader), new Lazy(makeReader)];
  reader.get();
  return {
    open: async () => handsOf(file, await writer.call('open', undefined), { writer, reader, slowReader }),
    end: async () => void (await Promise.all([writer.end(), reader.made?.end()])),
  };
}

interface Threads {
  readonly writer: Thread<WriterCalls>;
  readonly reader: Lazy<Thread<ReaderCalls>>;
  readonly slowReader: Lazy<Thread<ReaderCalls>>;
}

function handsOf(file: string, opened: CoreOpened, { writer, reader, slowReader }: Threads): Hands {
  const log = new LogKeeper(file, writer);
  const whenUnasked = setInterval(() => slowReader.endIfUnused(), unaskedMs).unref();
  return {
    opened,
    groupsMax: 2,
    apply: async (group) => {
      const { outcomes, logPages } = await writer.call('apply', group);
      log.grown(logPages);
      return outcomes;
    },
    findDedupe: (question) => writer.call('findDedupe', question),
    ask: ((question, ...parameters) =>
      (slow.has(question) ? slowReader : reader).get().call('ask', { question, parameters })) as Ask,
    copyTo: async (target) => {
      const copier = new Thread<CopyCalls>('./copy-thread', { file });
      try {
        await copier.call('copy', target);
      } finally {
        await copier.end();
      }
    },
    scrub: () => writer.call('scrub', undefined),
    close: async (seq) => {
      clearInterval(whenUnasked);
      await Promise.all([end(reader.made), end(slowReader.made), slowReader.ending, log.end()]);
      try {
        await writer.call('close', seq === undefined ? {} : { seq });
      } finally {
        await writer.end();
        log.letGo();
      }
    },
  };
}

const logPagesPatient = 1.25 * checkpointPages;
const sync = promisify(fdatasync);

/**
 * Has the log copied when it is long: most of it by a thread of its own, the rest by the writer. SQLite syncs the database when nothing is
 * left to copy, so that all of it would fall to the writer while commits wait: what a pass copied is synced here, through a handle on the
 * same file. It is closed after all of SQLite's: to close it takes away what locks this process has on the file (fcntl(2), advisory locks).
 */
class LogKeeper {
  readonly #file: string;
  readonly #writer: Thread<WriterCalls>;
  readonly #thread: Lazy<Thread<CheckpointCalls>>;
  #database: number | undefined;
  #logPages = 0;
  #copying: Promise<void> | undefined;
  #ended = false;

  constructor(file: string, writer: Thread<WriterCalls>) {
    this.#file = file;
    this.#writer = writer;
    this.#thread = new Lazy(() => new Thread('./checkpoint-thread', { file }));
  }

  grown(logPages: number): void {
    this.#logPages = logPages;
    if (logPages < checkpointPages || this.#copying || this.#ended) return;
    this.#copying = this.#copy().finally(() => (this.#copying = undefined));
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#copying;
    await end(this.#thread.made);
  }

  /** When no connection to the database is open any more. */
  letGo(): void {
    if (this.#database !== undefined) closeSync(this.#database);
    this.#database = undefined;
  }

  /** What fails here fails in the writer too, sooner or later, which tells it to those whom it concerns. */
  async #copy(): Promise<void> {
    try {
      this.#database ??= openSync(this.#file, 'r+');
      await this.#thread.get().call('checkpoint', undefined);
      // A second pass copies what came during the first. Where that is much, the log grows faster than it is copied: then commits are to wait.
      const synced = this.#logPages < logPagesPatient ? sync(this.#database) : undefined;
      await Promise.all([this.#thread.get().call('checkpoint', undefined), synced]);
      await this.#writer.call('checkpoint', undefined);
    } catch {
      this.#ended = true;
    }
  }
}

type Closing = Pick<ReaderCalls & CheckpointCalls, 'close'>;
type ClosingThread = Pick<Thread<Closing>, 'hasEnded' | 'isAnswering' | 'call' | 'end'>;

/** A thread that is started when it is first needed, and again where it died: one question too large must not end all others. */
class Lazy<T extends ClosingThread> {
  readonly #make: () => T;
  made: T | undefined;
  /** Of the one that was made before, if it is being ended. */
  ending: Promise<void> = Promise.resolve();
  #wasUsed = false;

  constructor(make: () => T) {
    this.#make = make;
  }

  get(): T {
    if (!this.made || this.made.hasEnded) this.made = this.#make();
    this.#wasUsed = true;
    return this.made;
  }

  /** Ends the thread where nothing was asked of it since the last time this was called, and nothing is being answered. */
  endIfUnused(): void {
    const { made } = this;
    if (!this.#wasUsed && made && !made.isAnswering) {
      this.made = undefined;
      // A thread that cannot close died meanwhile, and holds nothing any more.
      this.ending = end(made).catch(() => undefined);
    }
    this.#wasUsed = false;
  }
}

async function end(thread: ClosingThread | undefined): Promise<void> {
  if (!thread || thread.hasEnded) return;
  try {
    await thread.call('close', undefined);
  } finally {
    await thread.end();
  }
}
