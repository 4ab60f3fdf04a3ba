// Logs of keys find every row by its hash: in memory, while a run is being moved, when it is sealed, and after a restart.

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyFilter } from './filter.ts';
import { hashKey } from './key-hash.ts';
import { KeyLog } from './key-log.ts';
import { runKeysMax } from './key-run.ts';
import { migrate } from './schema.ts';
import { Statements } from './statements.ts';

const options = { log: 0, table: 'once', expires: true };
const secret = 12345;

function openStatements(): Statements {
  const database = new DatabaseSync(':memory:');
  migrate(database, ':memory:');
  return new Statements(database);
}

/** Adds keys `from` to `to` and their rows, with a step now and then. */
function add(log: KeyLog, statements: Statements, from: number, to: number, untilMs: (i: number) => number = () => 1e9): void {
  statements.run('BEGIN');
  for (let i = from; i < to; i++) {
    const hash = hashKey(secret, `key ${i}`);
    const n = log.add(hash, untilMs(i));
    statements.run('INSERT INTO once VALUES (?, ?, ?, ?, ?, ?)', n, hash, '', `key ${i}`, '[]', untilMs(i));
    if (i % 100 === 99) log.step(0);
  }
  statements.run('COMMIT');
}

function find(log: KeyLog, statements: Statements, key: string): number | undefined {
  const read = (n: number) => (statements.row('SELECT key FROM once WHERE n = ?', n)?.[0] === key ? n : undefined);
  return log.find(hashKey(secret, key), read);
}

/** Numbers of keys here and there, and the first that is none. */
function expectAll(log: KeyLog, statements: Statements, count: number): void {
  for (let i = 0; i < count; i += 997) expect(find(log, statements, `key ${i}`)).toBe(i + 1);
  for (let i = 0; i < 50; i++) expect(find(log, statements, `key ${count + i}`)).toBeUndefined();
}

function unknown(filter: KeyFilter, from: number, to: number): readonly number[] {
  const missing: number[] = [];
  for (let i = from; i < to; i++) if (!filter.mayHave(hashKey(secret, `key ${i}`))) missing.push(i);
  return missing;
}

describe('a log of keys', () => {
  it('finds every key at every stage', { timeout: 120_000 }, () => {
    const statements = openStatements();
    const log = new KeyLog(statements, options);
    const stages = [1000, runKeysMax + 100, runKeysMax + 9000, 2 * runKeysMax + 20_000, 7 * runKeysMax + 30];
    stages.forEach((to, i) => {
      add(log, statements, stages[i - 1] ?? 0, to);
      expectAll(log, statements, to);
      expectAll(new KeyLog(statements, options), statements, to);
    });
    const sealed = statements.rows('SELECT run, filter IS NOT NULL FROM sealed_runs ORDER BY run');
    expect(sealed).toEqual([1, 2, 3, 4, 5, 6].map((run) => [run, run === 4 || run === 6 ? 1 : 0]));
  });

  it('gives filters that know every key, and few others', { timeout: 120_000 }, () => {
    const statements = openStatements();
    const count = 6 * runKeysMax + 1000;
    add(new KeyLog(statements, options), statements, 0, count);
    const filter = new KeyFilter(new KeyLog(statements, options).filters());
    expect(unknown(filter, 0, count)).toEqual([]);
    const alarms = Array.from({ length: 10_000 }, (_, i) => filter.mayHave(hashKey(secret, `other ${i}`))).filter(Boolean);
    expect(alarms.length).toBeLessThan(100);
  });

  it('gives the newest of the same key first', () => {
    const statements = openStatements();
    const log = new KeyLog(statements, options);
    const hash = hashKey(secret, 'same');
    const numbers = Array.from({ length: 5 }, () => log.add(hash, 1));
    const asked: number[] = [];
    log.find(hash, (n) => void asked.push(n));
    expect(asked).toEqual(numbers.toReversed());
  });

  it('goes back to an earlier count', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.array(fc.nat(5)), fc.array(fc.nat(5)), (kept, undone, after) => {
        const log = new KeyLog(openStatements(), options);
        for (const hash of kept) log.add(hash, 1);
        const { count } = log;
        for (const hash of undone) log.add(hash, 1);
        log.restore(count);
        const all = [...kept, ...after];
        for (const hash of after) log.add(hash, 1);
        for (let hash = 0; hash <= 5; hash++) {
          const found: number[] = [];
          log.find(hash, (n) => void found.push(n));
          expect(found.toReversed()).toEqual(all.flatMap((other, i) => (other === hash ? [i + 1] : [])));
        }
      }),
    );
  });

  it('leaves out rows that are gone, and goes on behind them', () => {
    const statements = openStatements();
    add(new KeyLog(statements, options), statements, 0, 20);
    statements.run('DELETE FROM once WHERE n IN (1, 2, 7)');
    const log = new KeyLog(statements, options);
    expect(['key 0', 'key 6', 'key 7'].map((key) => find(log, statements, key))).toEqual([undefined, undefined, 8]);
    expect(log.add(1, 1)).toBe(21);
  });

  it('removes runs of which every key has expired, a few rows at a time', { timeout: 120_000 }, () => {
    const statements = openStatements();
    const log = new KeyLog(statements, options);
    add(log, statements, 0, 3 * runKeysMax, (i) => (i < runKeysMax + 1000 ? 1000 : 1e9));
    const count = (table: string) => Number(statements.row(`SELECT count(*) FROM ${table}`)?.[0]);
    const [rows, index, sealed] = [count('once'), count('runs'), count('sealed_runs')];
    expect(sealed).toBe(2);
    log.step(999);
    expect([count('once'), count('runs')]).toEqual([rows, index]);
    for (let i = 0; count('sealed_runs') === sealed; i++) {
      log.step(1000);
      expect(i).toBeLessThan(1000);
    }
    expect(rows - count('once')).toBeGreaterThanOrEqual(runKeysMax);
    expect(index - count('runs')).toBe(rows - count('once'));
    expect(find(log, statements, 'key 5')).toBeUndefined();
    const filter = new KeyFilter(new KeyLog(statements, options).filters());
    expect(unknown(filter, runKeysMax + 1000, 3 * runKeysMax)).toEqual([]);
    expect(find(log, statements, `key ${runKeysMax + 2000}`)).toBe(runKeysMax + 2001);
  });

  it('gives up the index of runs whose rows were removed by others, but not the last', { timeout: 120_000 }, () => {
    const statements = openStatements();
    const keys = { log: 2, table: 'once', expires: false };
    const log = new KeyLog(statements, keys);
    add(log, statements, 0, 4 * runKeysMax);
    const runs = () => statements.rows('SELECT run FROM sealed_runs ORDER BY run').flat();
    expect(runs()).toEqual([1, 2, 3]);
    statements.run('DELETE FROM once WHERE n <= ? AND n <> 5', 3 * runKeysMax);
    const removeAll = (other: KeyLog) => {
      for (let i = 0; i < 300; i++) other.removeEmptied();
    };
    removeAll(log);
    expect(runs()).toEqual([1, 3]);
    expect(find(log, statements, 'key 4')).toBe(5);
    statements.run('DELETE FROM once WHERE n = 5');
    removeAll(new KeyLog(statements, keys));
    expect(runs()).toEqual([3]);
    expect(statements.rows('SELECT DISTINCT run FROM runs').flat()).toEqual([3]);
    const again = new KeyLog(statements, keys);
    expect(find(again, statements, `key ${3 * runKeysMax + 7}`)).toBe(3 * runKeysMax + 8);
    expect(again.add(1, 1)).toBe(4 * runKeysMax + 1);
  });
});

describe('a filter', () => {
  it('knows every key that was added, and tells whether it may have been there before', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 200 }), (keys) => {
        const filter = new KeyFilter();
        const seen = new Set<string>();
        for (const key of keys) {
          const known = filter.add(hashKey(secret, key), 1, 0);
          expect(known || !seen.has(key)).toBe(true);
          seen.add(key);
        }
        for (const key of keys) expect(filter.mayHave(hashKey(secret, key))).toBe(true);
      }),
    );
  });

  it('grows, rarely takes a new key for a known one, and lets go of what has expired', () => {
    const filter = new KeyFilter();
    let alarms = 0;
    for (let i = 0; i < 100_000; i++) if (filter.add(hashKey(secret, String(i)), i, 0)) alarms++;
    expect(alarms).toBeLessThan(500);
    for (let i = 100_000; i < 400_000; i++) filter.add(hashKey(secret, String(i)), 1e9, 1e6);
    const known = Array.from({ length: 1000 }, (_, i) => filter.mayHave(hashKey(secret, String(i)))).filter(Boolean);
    expect(known.length).toBeLessThan(20);
  });
});

describe('hashes of keys', () => {
  it('depend on the secret, on each part, and on where one part ends', () => {
    const hashes = [
      hashKey(1, 'a', 'b'),
      hashKey(2, 'a', 'b'),
      hashKey(1, 'b', 'a'),
      hashKey(1, 'ab', ''),
      hashKey(1, 'ab'),
      hashKey(1, 'a', 'b', ''),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toBe(hash | 0);
  });
});
