// SQL that is made, and SQL that is read.

import { DatabaseSync } from 'node:sqlite';
import { Rejected } from '@mortise/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insert, own, parametersOf, quoted, remove, rowsOf, update, upsert } from './statements.ts';

describe('a statement that is made', () => {
  it('inserts', () => {
    expect(insert('order', { id: 1, total: null })).toEqual({
      sql: 'INSERT INTO "order" ("id", "total") VALUES (?, ?)',
      values: [1n, null],
    });
    expect(insert('order', {})).toEqual({ sql: 'INSERT INTO "order" DEFAULT VALUES', values: [] });
  });

  it('inserts or updates', () => {
    const sql = 'INSERT INTO "order" ("total", "id") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "total" = excluded."total"';
    expect(upsert('order', { id: 1, total: 2 }, ['id'])).toEqual({ sql, values: [2n, 1n] });
    expect(upsert('order', { id: 1 }, ['id']).sql).toBe('INSERT INTO "order" ("id") VALUES (?) ON CONFLICT ("id") DO NOTHING');
  });

  it('updates', () => {
    expect(update('order', { id: 1, shop: 'a', total: 2 }, ['shop', 'id'], 'ignore')).toEqual({
      sql: 'UPDATE "order" SET "total" = ? WHERE "shop" = ? AND "id" = ?',
      values: [2n, 'a', 1n],
    });
    expect(update('order', { id: 1, total: 2 }, ['id'], 'reject').missing).toBe('No row of order has the key {"id":1}.');
  });

  it('deletes', () => {
    expect(remove('order', { id: 1, total: 2 }, ['id'], 'ignore')).toEqual({
      sql: 'DELETE FROM "order" WHERE "id" = ?',
      values: [1n],
    });
  });

  it('takes the named columns only, and of them those that the body has', () => {
    const [row, columns] = [{ id: 1, total: 2, note: 'x' }, ['id', 'total', 'currency']];
    expect(insert('order', row, columns).sql).toBe('INSERT INTO "order" ("id", "total") VALUES (?, ?)');
    expect(upsert('order', row, ['id'], columns).values).toEqual([2n, 1n]);
    expect(update('order', row, ['id'], 'ignore', columns).values).toEqual([2n, 1n]);
  });

  it('needs the whole key', () => {
    for (const row of [{ total: 1 }, { id: null, total: 1 }]) {
      for (const make of [
        () => upsert('o', row, ['id']),
        () => update('o', row, ['id'], 'ignore'),
        () => remove('o', row, ['id'], 'ignore'),
      ]) {
        expect(make).toThrow(Rejected);
      }
    }
    expect(() => update('o', { id: 1 }, ['id'], 'ignore')).toThrow('nothing to update');
  });

  it('takes own properties only', () => {
    expect(insert('o', Object.create({ inherited: 1 }) as Record<string, unknown>).sql).toBe('INSERT INTO "o" DEFAULT VALUES');
    expect(insert('o', JSON.parse('{"__proto__": 1}'))).toEqual({
      sql: 'INSERT INTO "o" ("__proto__") VALUES (?)',
      values: [1n],
    });
    expect(() => own('SELECT :toString', {})).toThrow(Rejected);
  });

  it('means just the column that is named, whatever its name holds', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\u0000') && text.isWellFormed());
    fc.assert(
      fc.property(name, name, fc.string(), (table, column, value) => {
        fc.pre(!table.toLowerCase().startsWith('sqlite_'));
        const database = new DatabaseSync(':memory:');
        database.exec(`CREATE TABLE ${quoted(table)} (${quoted(column)})`);
        const { sql, values } = insert(table, { [column]: value });
        database.prepare(sql).run(...(values as string[]));
        expect(database.prepare(`SELECT * FROM ${quoted(table)}`).get()?.[column]).toBe(value);
        database.close();
      }),
    );
  });
});

describe('a statement of the user', () => {
  it.each([
    ['SELECT :a, @b, $c, :a', ['a', 'b', 'c']],
    ["SELECT ':a', \":b\", `:c`, [:d], 'it''s :e' -- :f\n, :g /* :h */", ['g']],
    ["SELECT json_extract(body, '$.x') ->> '$.y' FROM t WHERE id = :id;", ['id']],
    ['SELECT 1; -- the end', []],
    ['SELECT a$b', []],
  ])('%s has the parameters %j', (sql, names) => expect(parametersOf(sql)).toEqual(names));

  it.each([
    ['DELETE FROM a; DELETE FROM b', 'second'],
    ['SELECT ?', 'without a name'],
    ['SELECT ?1', 'without a name'],
    ['COMMIT', 'must not begin with COMMIT'],
    ['/* now */ begin immediate', 'must not begin with begin'],
    ['-- x\nRollback', 'must not begin with Rollback'],
  ])('%s is refused', (sql, why) => {
    expect(() => parametersOf(sql)).toThrow(Rejected);
    expect(() => parametersOf(sql)).toThrow(why);
  });

  it('gets its parameters by name, and no others', () => {
    expect(own('SELECT :a', { a: [1], b: 2 })).toEqual({ sql: 'SELECT :a', values: { a: '[1]' } });
    expect(() => own('SELECT :a', { b: 2, c: 3 })).toThrow('"a" is not given: there is b, c.');
    expect(() => own('SELECT :a', {})).toThrow('there is none');
  });
});

describe('the rows of a body', () => {
  it('are itself, or its elements', () => {
    expect(rowsOf({ a: 1 })).toEqual([{ a: 1 }]);
    expect(rowsOf([{ a: 1 }, { a: 2 }])).toEqual([{ a: 1 }, { a: 2 }]);
    expect(rowsOf([])).toEqual([]);
  });

  it.each([null, 'text', 5, [[1]], [null], new Uint8Array(3)])('are not to be had of %j', (body) =>
    expect(() => rowsOf(body)).toThrow(Rejected),
  );
});
