// The thread that writes: all groups that have come meanwhile become one transaction.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { whenIdle } from '../idle-memory.ts';
import type { Applied, Group, Request, WriterCalls } from './calls.ts';
import { Core } from './core.ts';
import type { Handlers } from './serve.ts';
import { answer } from './serve.ts';

/** One transaction takes in at most about so many commits: those behind it should not wait for longer. */
const commitsMax = 4096;

const { file } = workerData as { readonly file: string };
let opened: Core | undefined;

const handlers: Handlers<Omit<WriterCalls, 'apply'>> = {
  open: () => {
    opened = new Core(file, 'elsewhere');
    return opened.opened;
  },
  findDedupe: (question) => core().findDedupe(question),
  checkpoint: () => core().checkpoint(),
  scrub: () => core().scrub(),
  close: ({ seq }) => core().close(seq),
};

parentPort?.on('message', (request: Request<WriterCalls>) => {
  const next = isApply(request) ? applyAll(request.takes) : request;
  if (next && !isApply(next)) answer(() => carryOut(next as Request<Omit<WriterCalls, 'apply'>>));
});
whenIdle();

function carryOut<Name extends keyof Omit<WriterCalls, 'apply'>>(request: Request<Omit<WriterCalls, 'apply'>, Name>): unknown {
  return handlers[request.call](request.takes);
}

/** Applies a group and all that wait behind it, and answers each; gives back the first request that is something else. */
function applyAll(first: Group): Request<WriterCalls> | undefined {
  const groups = [first];
  let commits = first.commits.length;
  let next: Request<WriterCalls> | undefined;
  while (!next && commits < commitsMax) {
    const received = receiveMessageOnPort(parentPort ?? failed());
    if (!received) break;
    const request = received.message as Request<WriterCalls>;
    if (isApply(request)) {
      groups.push(request.takes);
      commits += request.takes.commits.length;
    } else next = request;
  }
  answerAll(groups);
  return next;
}

/** One transaction, and an answer for each group. Where it fails, it fails for each: the core applies nothing after a failure. */
function answerAll(groups: readonly Group[]): void {
  let applied: readonly Applied[] | undefined;
  for (const i of groups.keys()) {
    answer(() => {
      applied ??= core().apply(groups);
      return applied[i];
    });
  }
}

function isApply(request: Request<WriterCalls>): request is Request<WriterCalls, 'apply'> {
  return request.call === 'apply';
}

function core(): Core {
  return opened ?? failed();
}

function failed(): never {
  throw new Error('The thread that writes was asked before it was opened.');
}
