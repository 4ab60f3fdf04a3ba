// The side of a thread that carries calls out.

import { parentPort } from 'node:worker_threads';
import { whenIdle } from '../idle-memory.ts';
import type { Answer, Calls, Request } from './calls.ts';
import { tellError } from './sqlite-error.ts';

/** What carries out each call of a thread. */
export type Handlers<C extends Calls> = { readonly [Name in keyof C]: (takes: C[Name]['takes']) => C[Name]['gives'] };

/** Answers calls one after another, for as long as the thread lives. */
export function serve<C extends Calls>(handlers: Handlers<C>): void {
  parentPort?.on('message', (request: Request<C>) => answer(() => handlers[request.call](request.takes)));
  whenIdle();
}

/** Acts, and answers the oldest call that is not answered. */
export function answer(act: () => unknown): void {
  parentPort?.postMessage(answerOf(act));
}

function answerOf(act: () => unknown): Answer {
  try {
    return { gives: act() };
  } catch (error) {
    return { error: tellError(error) };
  }
}
