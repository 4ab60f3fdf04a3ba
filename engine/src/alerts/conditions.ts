// Whether the condition of a rule holds, and for what: pure, on what was seen.

import type { CompiledFlow } from '../flow/compiled.ts';
import type { AlertCondition } from '../project/alerts.ts';
import type { TroubleRow } from '../store/balance-rows.ts';

/** One thing for which a condition holds. */
export interface Finding {
  readonly subject: string;
  readonly count: number;
  readonly text: string;
}

/** Counts at one time, since the start of the engine, by destination. */
export interface Sample {
  readonly atMs: number;
  readonly made: ReadonlyMap<string, number>;
  readonly failures: ReadonlyMap<string, number>;
}

export interface SeenCertificate {
  /** Where it was seen: a file, a connection, a server. */
  readonly at: string;
  readonly validToMs: number;
}

/** What is looked at. */
export interface Sight {
  readonly nowMs: number;
  readonly troubles: readonly TroubleRow[];
  readonly waiting: ReadonlyMap<string, number>;
  /** Oldest first; the last one is of now. */
  readonly samples: readonly Sample[];
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly disk: { readonly freeBytes?: number; readonly floorBytes: number };
  readonly certificates: readonly SeenCertificate[];
  /** When something last came from an inbound of a system, or since when nothing could come; one of each inbound that is meant. */
  heard(system: string, inbound: string | undefined): { readonly subject: string; readonly atMs: number };
  /** Since when a backlog has been too long, for the rule that is looked at. */
  longSince(subject: string): number;
  /** Whether the rule that is looked at has raised this already. */
  isRaised(subject: string): boolean;
  /** What is raised of the rule. */
  readonly raised: readonly Finding[];
}

type Condition<Kind extends AlertCondition['kind']> = (
  when: Extract<AlertCondition, { kind: Kind }>,
  sight: Sight,
) => readonly Finding[];

const conditions: { readonly [Kind in AlertCondition['kind']]: Condition<Kind> } = {
  'dead-letters': (when, { troubles }) =>
    counted(
      troubles,
      when,
      ({ dead }) => dead,
      (count) => `${count} ${count === 1 ? 'delivery is' : 'deliveries are'} dead`,
    ),
  'held-lanes': (when, { troubles }) =>
    counted(
      troubles,
      when,
      ({ holding }) => holding,
      (count) => `${count} ${count === 1 ? 'lane waits' : 'lanes wait'} for a person`,
    ),
  backlog: longBacklogs,
  silence: silences,
  'error-rate': failing,
  certificate: (when, { nowMs, certificates }) =>
    certificates
      .toSorted((a, b) => a.validToMs - b.validToMs)
      .filter(({ validToMs }) => validToMs - nowMs < when.within)
      .map(({ at, validToMs }) => ({
        subject: `certificate:${at}`,
        count: 1,
        text: `the certificate ${validToMs < nowMs ? 'ended' : 'ends'} at ${new Date(validToMs).toISOString()}`,
      })),
  disk: (when, { disk: { freeBytes, floorBytes } }) => {
    const below = when.below ?? 2 * floorBytes;
    if (freeBytes === undefined || freeBytes >= below) return [];
    const text = `${rounded(freeBytes)} of the disk are free, less than ${rounded(below)}`;
    return [{ subject: 'disk', count: 1, text }];
  },
};

export function findingsOf(when: AlertCondition, sight: Sight): readonly Finding[] {
  // The table gives for each kind the condition that takes its options; TypeScript cannot follow the kind through both.
  const condition = conditions[when.kind] as (given: AlertCondition, sight: Sight) => readonly Finding[];
  // Of several with one subject, as two certificates of a connection, the first counts.
  const bySubject = new Map<string, Finding>();
  for (const finding of condition(when, sight)) if (!bySubject.has(finding.subject)) bySubject.set(finding.subject, finding);
  return [...bySubject.values()];
}

interface Places {
  readonly flow?: string;
  readonly system?: string;
}

/** By destination, where there are enough. */
function counted(
  troubles: readonly TroubleRow[],
  when: Places & { readonly atLeast: number },
  count: (row: TroubleRow) => number,
  text: (count: number) => string,
): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const row of troubles) {
    if (when.flow !== undefined && row.flow !== when.flow) continue;
    if (when.system !== undefined && !isOfSystem(row.destination, when.system)) continue;
    counts.set(row.destination, (counts.get(row.destination) ?? 0) + count(row));
  }
  return [...counts].filter(([, sum]) => sum >= when.atLeast).map(([subject, sum]) => ({ subject, count: sum, text: text(sum) }));
}

function longBacklogs(when: Extract<AlertCondition, { kind: 'backlog' }>, sight: Sight): readonly Finding[] {
  return [...sight.waiting].flatMap(([subject, count]) => {
    if (count <= when.above || !isMeant(subject, when, sight.flows)) return [];
    const isLong = sight.nowMs - sight.longSince(subject) >= when.for || sight.isRaised(subject);
    return isLong ? [{ subject, count, text: `${count} deliveries wait, more than ${when.above}` }] : [];
  });
}

function silences(when: Extract<AlertCondition, { kind: 'silence' }>, { nowMs, heard }: Sight): readonly Finding[] {
  const { subject, atMs } = heard(when.system, when.inbound);
  if (nowMs - atMs < when.for) return [];
  return [{ subject, count: 1, text: `nothing has come since ${new Date(atMs).toISOString()}` }];
}

function failing(when: Extract<AlertCondition, { kind: 'error-rate' }>, sight: Sight): readonly Finding[] {
  const { nowMs, samples, flows, raised } = sight;
  const last = samples.at(-1);
  const first = samples.findLast(({ atMs }) => nowMs - atMs >= when.over) ?? samples[0];
  if (!first || !last) return raised;
  const found = [...last.failures.keys()].flatMap((subject) => {
    if (!isMeant(subject, when, flows)) return [];
    const failed = (last.failures.get(subject) ?? 0) - (first.failures.get(subject) ?? 0);
    const made = (last.made.get(subject) ?? 0) - (first.made.get(subject) ?? 0);
    const percent = (100 * failed) / Math.max(1, failed + made);
    if (failed < when.atLeast || percent <= when.above) return [];
    return [{ subject, count: failed, text: `${failed} attempts failed, ${percent.toFixed(1)} of a hundred` }];
  });
  if (nowMs - first.atMs >= when.over) return found;
  // What an engine counts begins anew with it: until it has counted so long, nothing is said to be over.
  return [...found, ...raised.filter(({ subject }) => !found.some((one) => one.subject === subject))];
}

/** To a tenth: exact bytes change with each look, and tell a person less. */
function rounded(bytes: number): string {
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function isMeant(destination: string, { flow, system }: Places, flows: ReadonlyMap<string, CompiledFlow>): boolean {
  if (system !== undefined && !isOfSystem(destination, system)) return false;
  if (flow === undefined || destination === `flow:${flow}`) return true;
  return flows.get(flow)?.targets.some(({ label }) => label === destination) ?? false;
}

function isOfSystem(destination: string, system: string): boolean {
  return destination.startsWith(`outbound:${system}.`);
}
