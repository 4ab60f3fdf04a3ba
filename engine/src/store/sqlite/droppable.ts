// Finds what retention may drop, oldest first, a part at a time.

import type { Droppable, DroppableAsk } from '../store.ts';
import { seqsOfTime } from './balance.ts';
import { HeldJourneys } from './holds.ts';
import { stateCodes } from './schema.ts';
import { inTime, journeyRange, linksOfJourney } from './selects.ts';
import type { Statements } from './statements.ts';
import { asBytes, asNumber } from './values.ts';

/** One question looks through so many rows at most, whether it may drop them or not. */
const looksMax = 20_000;

export function findDroppable(statements: Statements, ask: DroppableAsk): Droppable {
  const { beforeMs, sources = [], sparesTroubles, afterSeq, limit, bytesMax } = ask;
  const latestMs = Math.max(beforeMs, ...sources.map((source) => source.beforeMs));
  const looked = statements.row(
    `SELECT max(seq) FROM (SELECT seq FROM ended WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${looksMax})`,
    afterSeq,
    seqsOfTime(statements, undefined, latestMs)[1],
  )?.[0];
  if (typeof looked !== 'number') return { numbers: [] };
  const before = sources.length === 0 ? '?' : `CASE m.source ${sources.map(() => 'WHEN ? THEN ?').join(' ')} ELSE ? END`;
  const spared = sparesTroubles ? `AND e.state NOT IN (${stateCodes.dead}, ${stateCodes.invalid})` : '';
  const held = new HeldJourneys(statements);
  const sql = `SELECT e.seq, octet_length(m.body), ifnull(m.root, m.id) FROM ended e CROSS JOIN deliveries d ON d.seq = e.seq
    CROSS JOIN messages m ON m.seq = ifnull(d.message, d.seq)
    WHERE e.seq > ? AND e.seq <= ? AND ifnull(e.ended_at, d.created_at) < ${before} ${spared} AND e.holds_lane IS NOT 1
    AND NOT EXISTS (SELECT 1 FROM members o WHERE o.seq = e.seq) AND ${inTime('e.seq')} ORDER BY e.seq LIMIT ?`;
  const times = sources.flatMap((source) => [source.source, source.beforeMs]);
  const rows = statements.rows(sql, afterSeq, looked, ...times, beforeMs, limit);
  const numbers: number[] = [];
  let bytes = 0;
  let last = afterSeq;
  for (const [seq, bodyBytes, root] of rows) {
    if (!held.isEmpty && held.holding(asBytes(root)).length > 0) {
      last = asNumber(seq);
      continue;
    }
    bytes += asNumber(bodyBytes);
    if (numbers.length > 0 && bytes > bytesMax) return { numbers, next: last };
    numbers.push(asNumber(seq));
    last = asNumber(seq);
  }
  return { numbers, next: rows.length === limit ? last : looked };
}

/** A journey of which no message is left has no links. The first bytes of its root are the time at which it began. */
export function findDroppableKeys(
  statements: Statements,
  { beforeMs, after, limit }: { readonly beforeMs: number; readonly after: number; readonly limit: number },
): Droppable {
  const rows = statements.rows('SELECT n, root FROM keys WHERE n > ? ORDER BY n LIMIT ?', after, limit);
  const numbers: number[] = [];
  for (const [n, root] of rows) {
    const bytes = asBytes(root);
    if (timeOf(bytes) >= beforeMs) return { numbers };
    const left = statements.row(`SELECT 1 FROM ${linksOfJourney} LIMIT 1`, ...journeyRange(bytes));
    if (!left) numbers.push(asNumber(n));
  }
  const last = rows.at(-1);
  return { numbers, ...(last && rows.length === limit ? { next: asNumber(last[0]) } : {}) };
}

export function readUsedBytes(statements: Statements): number {
  const pragma = (name: string): number => asNumber(statements.row(`PRAGMA ${name}`)?.[0]);
  const blobs = ['messages', 'calls', 'replies'].map(
    (table) => `SELECT body, blob_bytes FROM ${table} WHERE body_kind > 1 AND in_time()`,
  );
  const sql = `SELECT ifnull(sum(blob_bytes), 0) FROM (SELECT DISTINCT body, blob_bytes FROM (${blobs.join(' UNION ALL ')}))`;
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size') + asNumber(statements.row(sql)?.[0]);
}

function timeOf(id: Uint8Array): number {
  return Buffer.from(id.buffer, id.byteOffset, 6).readUIntBE(0, 6);
}
