// A thread that answers questions, one after another, and never holds up what writes.

import { workerData } from 'node:worker_threads';
import type { ReaderCalls } from './calls.ts';
import { answer } from './questions.ts';
import { Reader } from './reader.ts';
import { serve } from './serve.ts';
import { openReader } from './settings.ts';

const { file, timeoutMs } = workerData as { readonly file: string; readonly timeoutMs: number };
/** Opened by the first question: the thread starts while the store is still being recovered. */
let opened: { readonly database: ReturnType<typeof openReader>; readonly reader: Reader } | undefined;

serve<ReaderCalls>({
  ask: ({ question, parameters }) => {
    opened ??= open();
    return answer(opened.reader, timeoutMs, question, parameters);
  },
  close: () => opened?.database.close(),
});

function open(): NonNullable<typeof opened> {
  const database = openReader(file);
  return { database, reader: new Reader(database) };
}
