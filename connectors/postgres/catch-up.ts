// Between two snapshots of a copy: which changes concern the rows that were handed over before the first of them was lost.

import type { Copied, Copy, PublishedTable } from './copy.ts';
import { nameOf } from './copy.ts';
import type { Lsn } from './lsn.ts';
import type { Change, LogEntry, Relation, Tuple } from './pgoutput.ts';
import type { Seen } from './progress.ts';
import { literal, quoted, tableName } from './statements.ts';

export interface CatchUp {
  /** Transactions whose COMMIT lies before it are in the snapshot that the copy goes on with; those behind it come later. */
  readonly upTo: Lsn;
  readonly copied: Copied;
  /** What each of these changes is to a receiver that has what was copied, and nothing else. */
  sift(events: readonly LogEntry[]): Promise<Seen>;
}

/** The server compares keys, by the types and collations of their columns. */
export async function openCatchUp(copy: Copy, copied: Copied): Promise<CatchUp> {
  return {
    upTo: copy.position,
    copied,
    async sift(events) {
      const changes = events.filter(
        (event): event is Change => 'relation' in event && nameOf(event.relation) === copied.begun?.table,
      );
      const isHandedOver = await handedOver(copy, copied, changes);
      return (change) => {
        const name = nameOf(change.relation);
        if (copied.tables.includes(name)) return change;
        if (name !== copied.begun?.table || !copy.begun || copy.begun.key.length === 0) return undefined;
        return change.kind === 'truncate' ? change : asSeen(change, isHandedOver, copy.begun.key);
      };
    },
  };
}

/** A row that gets another key may leave the rows that were handed over, or come to them. */
function asSeen(change: Change, isHandedOver: (key: string) => boolean, names: readonly string[]): Change | undefined {
  const { relation, before, after } = change;
  const [old, fresh] = keysIn(change, names);
  const had = old !== undefined && isHandedOver(old);
  const has = fresh !== undefined && isHandedOver(fresh);
  if (change.kind !== 'update') return had || has ? change : undefined;
  if (had && has) return change;
  if (had && before) return { kind: 'delete', relation, before };
  return has && after ? { kind: 'insert', relation, after } : undefined;
}

/** Of the row before and after, each as JSON; the key before is sent only where it was another. */
function keysIn({ kind, relation, before, after }: Change, names: readonly string[]): readonly (string | undefined)[] {
  const fresh = after && keyText(relation, after, names);
  const old = before && keyText(relation, before.tuple, names);
  return kind === 'update' ? [old ?? fresh, fresh] : [old, fresh];
}

function keyText({ columns }: Relation, tuple: Tuple, names: readonly string[]): string {
  const texts = names.map((name) => [name, tuple[columns.findIndex((column) => column.name === name)]]);
  return JSON.stringify(Object.fromEntries(texts));
}

/** Which of the keys in these changes lie among the rows that were handed over. */
async function handedOver(copy: Copy, copied: Copied, changes: readonly Change[]): Promise<(key: string) => boolean> {
  const { begun: table } = copy;
  const upTo = copied.begun?.upTo ?? [];
  if (!table || upTo.length === 0 || changes.length === 0) return () => false;
  const keys = [...new Set(changes.flatMap((change) => keysIn(change, table.key)))].filter((key) => key !== undefined);
  const { rows } = await copy.reader.query(comparison(table, upTo), [`[${keys.join(',')}]`]);
  const found = new Set(keys.filter((_, index) => rows[index]?.[0] === 't'));
  return (key) => found.has(key);
}

function comparison(table: PublishedTable, upTo: readonly string[]): string {
  const key = table.key.map((name) => `r.${quoted(name)}`).join(', ');
  return `SELECT (${key}) <= (${upTo.map(literal).join(', ')}) FROM json_array_elements($1::json) WITH ORDINALITY AS k(key, n),
    LATERAL json_populate_record(NULL::${tableName(table)}, k.key) AS r ORDER BY k.n`;
}
