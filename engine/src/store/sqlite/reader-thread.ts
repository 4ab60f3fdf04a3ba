// A thread that answers questions, one after another, and never holds up what writes.

import { parentPort, workerData } from 'node:worker_threads';
import type { Arguments, Question } from './questions.ts';
import { Reader } from './reader.ts';
import { openReader } from './settings.ts';
import type { ToldError } from './sqlite-error.ts';
import { tellError } from './sqlite-error.ts';

export interface ReaderSettings {
  readonly file: string;
  readonly timeoutMs: number;
}

export type ReaderRequest =
  | { readonly id: number; readonly question: Question; readonly parameters: Arguments<Question> }
  | { readonly id: number; readonly question: 'close' };

export type ReaderAnswer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: ToldError };

const settings = workerData as ReaderSettings;
const database = openReader(settings.file);
const reader = new Reader(database);

parentPort?.on('message', (request: ReaderRequest) => parentPort?.postMessage(answer(request)));

function answer(request: ReaderRequest): ReaderAnswer {
  if (request.question === 'close') {
    database.close();
    return { id: request.id, answer: undefined };
  }
  try {
    return { id: request.id, answer: reader.ask(settings.timeoutMs, request.question, request.parameters) };
  } catch (error) {
    return { id: request.id, error: tellError(error, `Question "${request.question}" failed`) };
  }
}
