// How far the stream of changes has been taken: turns its events into messages, and says where to go on after a restart.

import type { Incoming } from '@mortise/sdk';
import { postgresError } from './errors.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Lsn } from './lsn.ts';
import type { Begin, Change, LogEntry, Relation, Tuple } from './pgoutput.ts';
import { fromText } from './values.ts';

/** `lsn`: what lies before it is done. `inside`: of the transaction that follows, whose COMMIT lies there, so many changes are too. */
export interface StreamPosition {
  readonly lsn: string;
  readonly inside?: { readonly commit: string; readonly done: number };
}

/** The primary key of a table; undefined where it is not known. */
export type KeyOf = (relation: Relation) => readonly string[] | undefined;

/** What a change is to a receiver that has only a part of the rows; undefined where it is nothing to it. */
export type Seen = (change: Change | TruncatedTable) => Change | TruncatedTable | undefined;

export interface TruncatedTable {
  readonly kind: 'truncate';
  readonly relation: Relation;
}

export class Progress {
  readonly #keyOf: KeyOf;
  #lsn: Lsn;
  #resumed: { readonly commit: Lsn; readonly done: number } | undefined;
  #begun: Begin | undefined;
  #done = 0;
  #skip = 0;

  constructor({ lsn, inside }: StreamPosition, keyOf: KeyOf) {
    this.#keyOf = keyOf;
    this.#lsn = parseLsn(lsn);
    this.#resumed = inside && { commit: parseLsn(inside.commit), done: inside.done };
  }

  /** Where every transaction before has been taken as a whole: what may be acknowledged once it is committed. */
  get lsn(): Lsn {
    return this.#lsn;
  }

  get position(): StreamPosition {
    const lsn = formatLsn(this.#lsn);
    const resumed = this.#resumed;
    const again = this.#begun === undefined || this.#begun.commit === resumed?.commit;
    const done = Math.max(this.#done, again ? (resumed?.done ?? 0) : 0);
    const commit = this.#begun?.commit ?? resumed?.commit;
    return commit === undefined || done === 0 ? { lsn } : { lsn, inside: { commit: formatLsn(commit), done } };
  }

  /** Nothing for us lies before this position. */
  idleUpTo(lsn: Lsn): void {
    if (!this.#begun && !this.#resumed && lsn > this.#lsn) this.#lsn = lsn;
  }

  /** The messages of one event; none where they were taken before, or it is none of ours. */
  take(event: LogEntry, seen: Seen = (change) => change): readonly Incoming[] {
    switch (event.kind) {
      case 'begin':
        this.#begin(event);
        return [];
      case 'commit':
        this.#commit(event.end);
        return [];
      case 'truncate':
        return event.relations.flatMap((relation) => this.#next(seen({ kind: 'truncate', relation })));
      case 'other':
        return [];
      default:
        return this.#next(seen(event));
    }
  }

  #begin(begin: Begin): void {
    const resumed = this.#resumed;
    if (resumed && begin.commit > resumed.commit) {
      throw postgresError(
        'MORTISE_POSTGRES_POSITION_LOST',
        `Of the transaction that was committed at ${formatLsn(resumed.commit)}, ${resumed.done} changes are here; the server does not send it again, but one of ${formatLsn(begin.commit)}.`,
      );
    }
    const again = resumed?.commit === begin.commit;
    [this.#begun, this.#done, this.#skip] = [begin, 0, again ? (resumed?.done ?? 0) : 0];
    // What the server sends again although all of it is here.
    if (begin.commit < this.#lsn) this.#skip = Number.POSITIVE_INFINITY;
  }

  #commit(end: Lsn): void {
    if (this.#resumed?.commit === this.#begun?.commit) this.#resumed = undefined;
    this.#begun = undefined;
    this.#done = 0;
    if (end > this.#lsn) this.#lsn = end;
  }

  #next(change: Change | TruncatedTable | undefined): readonly Incoming[] {
    const begun = this.#begun;
    if (!begun) throw new Error('The stream holds a change outside of a transaction.');
    const index = this.#done++;
    if (!change || index < this.#skip) return [];
    if (change.kind === 'truncate') return [truncation(change.relation, begun, index)];
    return [changed(change, begun, index, this.#keyOf)];
  }
}

/** What all changes of a transaction say of it. */
function origin({ commit, xid, committedAtUs }: Begin, index: number) {
  return { lsn: formatLsn(commit), index, xid, committedAt: timeOf(committedAtUs) };
}

function truncation({ schema, table }: Relation, begun: Begin, index: number): Incoming {
  const body = { operation: 'truncate', schema, table, key: null, before: null, after: null, ...origin(begun, index) };
  return { body, subject: `${schema}.${table}`, time: timeOf(begun.committedAtUs) };
}

function changed({ kind, relation, before, after }: Change, begun: Begin, index: number, keyOf: KeyOf): Incoming {
  const { schema, table } = relation;
  const old = before && recordOf(relation, before.tuple, { keyOnly: !before.whole });
  const fresh = after && { ...recordOf(relation, after, { fallback: before?.whole ? before.tuple : undefined }) };
  const absent = fresh ? relation.columns.map(({ name }) => name).filter((name) => !Object.hasOwn(fresh, name)) : [];
  const key = keyIn(fresh ?? old, relation, keyOf);
  const body = {
    operation: kind,
    schema,
    table,
    key,
    before: old ?? null,
    after: fresh ?? null,
    ...(absent.length > 0 ? { absent } : {}),
    ...origin(begun, index),
  };
  return { body, subject: subjectOf(relation, key), time: timeOf(begun.committedAtUs) };
}

/** As `public.sales_order/4711`. */
export function subjectOf(
  { schema, table }: Pick<Relation, 'schema' | 'table'>,
  key: Readonly<Record<string, unknown>> | null,
): string {
  const values = Object.values(key ?? {}).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return [`${schema}.${table}`, ...values].join('/');
}

function recordOf(
  { columns }: Relation,
  tuple: Tuple,
  { keyOnly = false, fallback }: { readonly keyOnly?: boolean; readonly fallback?: Tuple | undefined },
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    columns.flatMap(({ name, type, key }, index) => {
      const text = tuple[index] === undefined ? fallback?.[index] : tuple[index];
      return text === undefined || (keyOnly && !key) ? [] : [[name, fromText(text, type)]];
    }),
  );
}

/** With REPLICA IDENTITY FULL the stream calls every column a part of the key: then it is the primary key, where there is one. */
function keyIn(record: Readonly<Record<string, unknown>> | undefined, relation: Relation, keyOf: KeyOf) {
  const { identity, columns } = relation;
  const flagged = columns.filter(({ key }) => key).map(({ name }) => name);
  const names = (identity === 'full' || flagged.length === 0 ? keyOf(relation) : flagged) ?? [];
  if (!record || names.length === 0 || !names.every((name) => Object.hasOwn(record, name))) return null;
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

/** RFC 3339 with microseconds. */
function timeOf(us: bigint): string {
  const seconds = new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(us % 1_000_000n).padStart(6, '0')}Z`;
}
