// The thread that writes: takes groups of commits one after another, and tells what became of each.

import { parentPort, workerData } from 'node:worker_threads';
import type { CoreOpened } from './core.ts';
import { Core } from './core.ts';
import type { ToldError } from './sqlite-error.ts';
import { tellError } from './sqlite-error.ts';
import type { Value } from './values.ts';
import type { Outcome } from './writer.ts';

export interface WriterSettings {
  readonly file: string;
  readonly nowMs: number;
}

export type WriterRequest =
  | { readonly ask: 'apply'; readonly group: readonly (readonly Value[])[]; readonly nowMs: number; readonly reserveSeq?: number }
  | { readonly ask: 'close'; readonly seq?: number };

export type WriterAnswer =
  | { readonly tell: 'opened'; readonly opened: CoreOpened }
  | { readonly tell: 'applied'; readonly outcomes: readonly Outcome[] }
  | { readonly tell: 'closed' }
  | { readonly tell: 'failed'; readonly error: ToldError };

const settings = workerData as WriterSettings;

function serve(): void {
  const core = new Core(settings.file, settings.nowMs);
  parentPort?.on('message', (request: WriterRequest) => tellOrFail(() => carryOut(core, request)));
  tell({ tell: 'opened', opened: core.opened });
}

function carryOut(core: Core, request: WriterRequest): void {
  if (request.ask === 'apply') {
    tell({ tell: 'applied', outcomes: core.apply(request.group, request.nowMs, request.reserveSeq) });
    return;
  }
  core.close(request.seq);
  tell({ tell: 'closed' });
}

function tellOrFail(act: () => void): void {
  try {
    act();
  } catch (error) {
    tell({ tell: 'failed', error: tellError(error, `Writing to ${settings.file} failed`) });
  }
}

function tell(answer: WriterAnswer): void {
  parentPort?.postMessage(answer);
}

tellOrFail(serve);
