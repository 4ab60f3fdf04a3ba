// The store's work in the caller's thread: for `mortise test` and for simulations.

import { Core } from './core.ts';
import type { Hands } from './hands.ts';
import type { Answer, Arguments, Question } from './questions.ts';
import { Reader } from './reader.ts';
import { openReader } from './settings.ts';
import { errorOf, tellError } from './sqlite-error.ts';

/** Opens in this thread. A file in memory is read by the connection that writes. */
export function openLocal(file: string, nowMs: number, questionTimeoutMs: number): Hands {
  const core = new Core(file, nowMs);
  const database = file === ':memory:' ? core.database : openReader(file);
  const reader = new Reader(database);
  return {
    opened: core.opened,
    apply: async (group, at, reserveSeq) => core.apply(group, at, reserveSeq),
    ask: async (question, ...parameters) => answer(reader, questionTimeoutMs, question, parameters),
    close: async (seq) => {
      if (database !== core.database) database.close();
      core.close(seq);
    },
  };
}

/** Has the reader answer; throws one of the store's errors. */
export function answer<Q extends Question>(reader: Reader, timeoutMs: number, question: Q, parameters: Arguments<Q>): Answer<Q> {
  try {
    return reader.ask(timeoutMs, question, parameters);
  } catch (error) {
    throw errorOf(tellError(error, `Question "${question}" failed`));
  }
}
