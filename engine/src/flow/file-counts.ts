// Control totals of files: how many records the format found in each, and how many of them became messages.

import type { Incoming } from '@mortise/sdk';
import type { FileCount } from '../store/balance-rows.ts';
import type { Part } from './decode-incoming.ts';
import type { InboundDefinition } from './definitions.ts';

export interface Handed {
  readonly inbound: InboundDefinition;
  readonly scope: string;
  /** The sender's identity of what was handed over; without one nothing is counted, since a repeat would count twice. */
  readonly key: string | undefined;
}

/**
 * What one batch adds to the counts of the files that its parts come from; written in the batch's own commit. `behind` is
 * the first part of the batch that follows, if one does.
 */
export function fileCounts(
  { inbound: { declaration }, scope, key }: Handed,
  parts: readonly Part[],
  behind: Part | undefined,
  nowMs: number,
): readonly FileCount[] {
  if (key === undefined || declaration.mode !== 'polling' || declaration.gives !== 'bytes') return [];
  const files = Map.groupBy(parts, ({ incoming }) => incoming);
  return [...files].map(([incoming, own]) => ({
    scope,
    id: key,
    ...nameOf(incoming),
    atMs: nowMs,
    read: (own.at(-1)?.record ?? 0) - (own[0]?.record ?? 1) + 1,
    accepted: own.filter(({ problem }) => !problem).length,
    invalid: own.filter(({ problem }) => problem).length,
    whole: behind?.incoming !== incoming,
  }));
}

function nameOf({ subject }: Incoming): { readonly name?: string } {
  return subject === undefined ? {} : { name: subject };
}
