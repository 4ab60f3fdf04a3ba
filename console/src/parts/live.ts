// What is live: one stream of the engine's figures for the whole page, opened again when it breaks.

import { useSyncExternalStore } from 'react';
import type { Engine } from '../api/types.ts';

export interface Live {
  readonly at: string;
  readonly state: Engine['state'];
  readonly accepted?: number;
  readonly perSecond: number;
  readonly destinations: readonly { readonly name: string; readonly waiting: number; readonly running: number }[];
}

/** The present rate is the mean over so many figures, which come once a second. */
const figuresKept = 6;

let present: Live | undefined;
let isLost = false;
let kept: readonly { readonly atMs: number; readonly accepted: number }[] = [];
let source: EventSource | undefined;
const listeners = new Set<() => void>();

export function useLive(): Live | undefined {
  return useSyncExternalStore(subscribe, () => present);
}

/** Whether the engine was asked and did not answer; before the first answer that is not known. */
export function useIsLost(): boolean {
  return useSyncExternalStore(subscribe, () => isLost);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  source ??= open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    source?.close();
    source = undefined;
  };
}

function open(): EventSource {
  const opened = new EventSource('/api/v1/stream');
  opened.addEventListener('figures', (event: MessageEvent<string>) => take(JSON.parse(event.data) as Omit<Live, 'perSecond'>));
  // The browser opens it again by itself.
  opened.addEventListener('error', () => {
    isLost = true;
    tell(undefined);
  });
  return opened;
}

function take(figures: Omit<Live, 'perSecond'>): void {
  isLost = false;
  const now = { atMs: Date.parse(figures.at), accepted: figures.accepted ?? 0 };
  if ((kept.at(-1)?.accepted ?? 0) > now.accepted) kept = [];
  kept = [...kept, now].slice(-figuresKept);
  const first = kept[0] ?? now;
  const seconds = (now.atMs - first.atMs) / 1000;
  tell({ ...figures, perSecond: seconds > 0 ? (now.accepted - first.accepted) / seconds : 0 });
}

function tell(next: Live | undefined): void {
  present = next;
  for (const listener of listeners) listener();
}
