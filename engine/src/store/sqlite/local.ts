// The store's work in the caller's thread: for `mortise test` and for simulations.

import type { DatabaseSync } from 'node:sqlite';
import { copyDatabase } from './copy.ts';
import { Core } from './core.ts';
import type { Hands } from './hands.ts';
import { answer } from './questions.ts';
import { Reader } from './reader.ts';
import { openReader } from './settings.ts';
import { errorOf, tellError } from './sqlite-error.ts';

/** Opens in this thread. A file in memory is read by the connection that writes. */
export function openLocal(file: string, questionTimeoutMs: number): Hands {
  const core = new Core(file, 'here');
  return localHands(core, file === ':memory:' ? core.database : openReader(file), questionTimeoutMs);
}

export function localHands(core: Core, database: DatabaseSync, questionTimeoutMs: number): Hands {
  const reader = new Reader(database);
  return {
    opened: core.opened,
    groupsMax: 1,
    apply: async (group) => told(() => core.apply([group])[0]?.outcomes ?? []),
    findDedupe: async (question) => told(() => core.findDedupe(question)),
    ask: async (question, ...parameters) => told(() => answer(reader, questionTimeoutMs, question, parameters)),
    copyTo: async (file) => told(() => copyDatabase(core.database, file)),
    scrub: async () => told(() => core.scrub()),
    close: async (seq) => {
      if (database !== core.database) database.close();
      core.close(seq);
    },
  };
}

/** Acts; what it throws is one of the store's errors. */
function told<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw errorOf(tellError(error));
  }
}
