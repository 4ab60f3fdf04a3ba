// What is done once, on open: tells suspects from what only waited, counts crashes, and learns what the engine must know.

import type { DatabaseSync } from 'node:sqlite';
import type { Recovered, StoredPause } from '../store.ts';
import { Statements } from './statements.ts';
import { asNumber, asText } from './values.ts';
import type { Row } from './values.ts';

/** What the file tells when it is opened. */
export interface Opened {
  readonly recovered: Recovered;
  /** The first sequence number that was never given. */
  readonly seq: number;
}

/** Makes suspects durable after an unclean end, and notes that the store is in use. */
export function recover(database: DatabaseSync, reserve: number): Opened {
  const statements = new Statements(database);
  const clean = fact(statements, 'clean') === 1;
  const seq = fact(statements, 'seq');
  database.exec('BEGIN IMMEDIATE');
  // After a clean end only what had its own mark and did not end in time may have begun; nobody died of it.
  if (clean) statements.run('UPDATE open SET suspect = 1, plain = NULL WHERE marked = 1 AND state = 0');
  else findSuspects(statements);
  statements.run('UPDATE open SET marked = NULL WHERE marked = 1');
  setFact(statements, 'clean', 0);
  setFact(statements, 'seq', seq + reserve);
  database.exec('COMMIT');
  return { recovered: { clean, ...learn(statements) }, seq };
}

/** Notes the clean end: marks are void, and the sequence goes on without a gap. */
export function noteCleanEnd(database: DatabaseSync, seq: number): void {
  const statements = new Statements(database);
  database.exec('BEGIN IMMEDIATE');
  statements.run('UPDATE counters SET mark = NULL WHERE mark IS NOT NULL');
  setFact(statements, 'clean', 1);
  setFact(statements, 'seq', seq);
  database.exec('COMMIT');
}

function findSuspects(statements: Statements): void {
  for (const [destination = null, mark = null] of statements.rows(
    'SELECT destination, mark FROM counters WHERE mark IS NOT NULL',
  )) {
    statements.run('UPDATE open SET suspect = 1 WHERE destination = ? AND seq <= ? AND state = 0', destination, mark);
  }
  // One that has its own mark was under way, whatever the destination's mark says.
  statements.run('UPDATE open SET suspect = 1, crashes = ifnull(crashes, 0) + 1, plain = NULL WHERE marked = 1 AND state = 0');
}

function learn(statements: Statements): Omit<Recovered, 'clean'> {
  const waiting = statements.rows(
    'SELECT n.name, count(*) FROM open o CROSS JOIN names n ON n.id = o.destination WHERE o.state = 0 GROUP BY o.destination',
  );
  const lanes = ['open', 'ended'].flatMap((table) =>
    statements.rows(`SELECT n.name, d.lane, d.seq FROM ${table} t CROSS JOIN deliveries d ON d.seq = t.seq
      CROSS JOIN names n ON n.id = d.destination WHERE t.holds_lane = 1 AND d.lane IS NOT NULL`),
  );
  const suspects = statements.rows(
    `SELECT o.seq, n.name, ifnull(o.crashes, 0) FROM open o CROSS JOIN names n ON n.id = o.destination WHERE o.suspect = 1 ORDER BY o.seq`,
  );
  return {
    waiting: new Map(waiting.map(([name, count]) => [asText(name), asNumber(count)])),
    heldLanes: lanes
      .map(([destination, lane, seq]) => ({ destination: asText(destination), lane: asText(lane), seq: asNumber(seq) }))
      .sort((a, b) => a.seq - b.seq),
    suspects: suspects.map(([seq, destination, crashes]) => ({
      seq: asNumber(seq),
      destination: asText(destination),
      crashes: asNumber(crashes),
    })),
    pauses: statements.rows('SELECT kind, name, since, reason, drains_to FROM pauses ORDER BY since, kind, name').map(pauseOf),
  };
}

function pauseOf([kind, name, since, reason, drainsTo]: Row): StoredPause {
  return {
    // Only this code writes the column, from the type.
    kind: asText(kind) as StoredPause['kind'],
    name: asText(name),
    sinceMs: asNumber(since),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof drainsTo === 'number' ? { drainsTo } : {}),
  };
}

/** A number that stands by itself in the file. */
export function readFact(database: DatabaseSync, name: string): number {
  return fact(new Statements(database), name);
}

function fact(statements: Statements, name: string): number {
  return asNumber(statements.row('SELECT value FROM facts WHERE name = ?', name)?.[0]);
}

function setFact(statements: Statements, name: string, value: number): void {
  statements.run('UPDATE facts SET value = ? WHERE name = ?', value, name);
}
