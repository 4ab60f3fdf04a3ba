// What is done once, on open: tells suspects from what only waited, counts crashes, and learns what the engine must know.

import type { DatabaseSync } from 'node:sqlite';
import type { Recovered } from '../store.ts';
import type { Value } from './values.ts';
import { asNumber, asText, rowsOf } from './values.ts';

/** What the store's thread tells when it has opened. */
export interface Opened {
  readonly recovered: Recovered;
  /** The first sequence number that was never given. */
  readonly seq: number;
}

/** Makes suspects durable after an unclean end, and notes that the store is in use. */
export function recover(database: DatabaseSync, reserve: number): Opened {
  const clean = fact(database, 'clean') === 1;
  const seq = fact(database, 'seq');
  database.exec('BEGIN IMMEDIATE');
  database.exec(clean ? afterCleanEnd : afterCrash);
  database.exec(`UPDATE facts SET value = 0 WHERE name = 'clean'; UPDATE facts SET value = ${seq + reserve} WHERE name = 'seq'`);
  database.exec('COMMIT');
  return { recovered: { clean, ...learn(database) }, seq };
}

/** Notes the clean end: marks are void, and the sequence goes on without a gap. */
export function noteCleanEnd(database: DatabaseSync, seq: number): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(`UPDATE facts SET value = 1 WHERE name = 'clean'; UPDATE counters SET mark = NULL WHERE mark IS NOT NULL`);
  database.exec(`UPDATE facts SET value = ${seq} WHERE name = 'seq'`);
  database.exec('COMMIT');
}

/** One that ran alone when the store was closed did not bring the process down. */
const afterCleanEnd = 'UPDATE deliveries SET marked = NULL WHERE suspect = 1 AND marked = 1';

const afterCrash = `
  UPDATE deliveries SET suspect = 1
    WHERE seq IN (
      SELECT d.seq FROM counters c JOIN deliveries d ON d.destination = c.destination
      WHERE d.state = 0 AND d.seq <= c.mark
    );
  UPDATE deliveries SET crashes = ifnull(crashes, 0) + 1, marked = NULL WHERE suspect = 1 AND marked = 1;
`;

function learn(database: DatabaseSync): Omit<Recovered, 'clean'> {
  const ask = (sql: string): readonly (readonly Value[])[] => rowsOf(database.prepare(sql, { returnArrays: true }));
  const waiting = ask(`SELECT n.name, count(*) FROM deliveries d JOIN names n ON n.id = d.destination WHERE d.state = 0 GROUP BY d.destination`);
  const lanes = ask(
    `SELECT n.name, d.lane, d.seq FROM deliveries d JOIN names n ON n.id = d.destination WHERE d.holds_lane = 1 AND d.lane IS NOT NULL ORDER BY d.seq`,
  );
  const suspects = ask(
    `SELECT d.seq, n.name, ifnull(d.crashes, 0) FROM deliveries d JOIN names n ON n.id = d.destination WHERE d.suspect = 1 ORDER BY d.seq`,
  );
  return {
    waiting: new Map(waiting.map(([name, count]) => [asText(name), asNumber(count)])),
    heldLanes: lanes.map(([destination, lane, seq]) => ({ destination: asText(destination), lane: asText(lane), seq: asNumber(seq) })),
    suspects: suspects.map(([seq, destination, crashes]) => ({
      seq: asNumber(seq),
      destination: asText(destination),
      crashes: asNumber(crashes),
    })),
  };
}

function fact(database: DatabaseSync, name: string): number {
  return Number(database.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.['value']);
}
