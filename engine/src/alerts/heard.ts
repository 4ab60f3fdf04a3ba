// When something last came from a system: from memory, and for what came before this start, from the journal.

import type { Clock } from '@mortise/sdk';
import type { AlertRecord } from '../access/alert-record.ts';
import type { CompiledFlow } from '../flow/compiled.ts';
import type { StoreReader } from '../store/store.ts';

export interface HeardOptions {
  readonly record: AlertRecord;
  readonly clock: Clock;
  readonly read: StoreReader;
  /** Since the start, by inbound, with `@flow` behind it where the flow wrote it in place. */
  readonly heardAtMs: ReadonlyMap<string, number>;
  flows(): ReadonlyMap<string, CompiledFlow>;
}

export class Heard {
  private readonly options: HeardOptions;
  /** What the journal told, by subject; undefined where it told nothing. */
  private readonly before = new Map<string, number | undefined>();
  /** Until when a system stood still: what it could not send it is not asked for. */
  private readonly stoodStillMs = new Map<string, number>();

  constructor(options: HeardOptions) {
    this.options = options;
  }

  stoodStill(system: string, atMs: number): void {
    this.stoodStillMs.set(system, atMs);
  }

  /** Asks the journal, once, for what came within `withinMs`. */
  async remember(system: string, inbound: string | undefined, withinMs: number): Promise<void> {
    const subject = subjectOf(system, inbound);
    if (this.before.has(subject)) return;
    const { clock, read, record } = this.options;
    record.watchedSince(subject, clock.nowMs());
    const flows = [...this.options.flows().values()].filter(
      ({ from }) =>
        from.kind === 'inbound' && from.inbound.system === system && (inbound ?? from.inbound.name) === from.inbound.name,
    );
    const sinceMs = clock.nowMs() - withinMs;
    const found = await Promise.all(
      flows.map(async ({ name }) => {
        // A question that takes too long tells nothing.
        const rows = await read.journal({ destination: `flow:${name}`, sinceMs, limit: 50 }).catch(() => []);
        return rows.filter(({ message }) => message.parent === undefined).map(({ message }) => message.acceptedAtMs);
      }),
    );
    const times = found.flat();
    this.before.set(subject, times.length === 0 ? undefined : Math.max(...times));
  }

  /** When something last came, or since when it is waited for. */
  at(system: string, inbound: string | undefined): { readonly subject: string; readonly atMs: number } {
    const { record, clock, heardAtMs } = this.options;
    const subject = subjectOf(system, inbound);
    const scope = subject.slice('inbound:'.length);
    const isMeant = (name: string): boolean =>
      inbound === undefined ? name.startsWith(`${scope}.`) : name === scope || name.startsWith(`${scope}@`);
    const since = [...heardAtMs].filter(([name]) => isMeant(name)).map(([, atMs]) => atMs);
    const last = Math.max(...since, this.before.get(subject) ?? record.watchedSince(subject, clock.nowMs()));
    return { subject, atMs: Math.max(last, this.stoodStillMs.get(system) ?? 0) };
  }
}

function subjectOf(system: string, inbound: string | undefined): string {
  return inbound === undefined ? `inbound:${system}` : `inbound:${system}.${inbound}`;
}
