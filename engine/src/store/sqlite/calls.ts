// What the threads of the store ask of each other, and how an answer passes.

import type { DedupeKey } from '../store.ts';
import type { Arguments, Question } from './questions.ts';
import type { Opened } from './recover.ts';
import type { SeenState } from './seen-keys.ts';
import type { ToldError } from './sqlite-error.ts';
import type { Outcome, PackedCommit } from './writer.ts';

/** The calls of one thread: what each takes and gives. */
export interface Calls {
  readonly [name: string]: { readonly takes: unknown; readonly gives: unknown };
}

export interface Request<C extends Calls, Name extends keyof C = keyof C> {
  readonly call: Name;
  readonly takes: C[Name]['takes'];
}

export type Answer = { readonly gives: unknown } | { readonly error: ToldError };

export interface Applied {
  readonly outcomes: readonly Outcome[];
  /** How many pages the write-ahead log has. */
  readonly logPages: number;
}

/** What the thread that writes tells when it has opened. */
export interface CoreOpened extends Opened {
  readonly seen: SeenState;
}

export interface Group {
  readonly commits: readonly PackedCommit[];
  readonly nowMs: number;
  /** Where given, sequence numbers below it are set aside. */
  readonly reserveSeq?: number;
}

export interface DedupeQuestion {
  readonly key: DedupeKey;
  readonly hash: number;
  readonly nowMs: number;
}

export type WriterCalls = {
  readonly open: { readonly takes: undefined; readonly gives: CoreOpened };
  readonly apply: { readonly takes: Group; readonly gives: Applied };
  readonly findDedupe: { readonly takes: DedupeQuestion; readonly gives: { readonly root: string } | undefined };
  /** Copies what is left of the log into the database; the log begins anew with the next group. */
  readonly checkpoint: { readonly takes: undefined; readonly gives: void };
  readonly scrub: { readonly takes: undefined; readonly gives: void };
  readonly close: { readonly takes: { readonly seq?: number }; readonly gives: void };
};

export type ReaderCalls = {
  readonly ask: {
    readonly takes: { readonly question: Question; readonly parameters: Arguments<Question> };
    readonly gives: unknown;
  };
  readonly close: { readonly takes: undefined; readonly gives: void };
};

export type CheckpointCalls = {
  /** Copies most of the log into the database while the writer goes on. */
  readonly checkpoint: { readonly takes: undefined; readonly gives: void };
  readonly close: { readonly takes: undefined; readonly gives: void };
};

export type CopyCalls = {
  /** Writes a copy of the database, as it is at the start, into a new file. */
  readonly copy: { readonly takes: string; readonly gives: void };
};
