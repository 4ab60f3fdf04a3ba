// Values through a real server: what is read by a query and by the stream of changes is the same, and is written back exactly.

import fc from 'fast-check';
import { openInboundForTest, openOutboundForTest } from '@mortise/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import connector from './connector.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';
import { fromText } from './values.ts';

const types = {
  small: 'smallint',
  whole: 'integer',
  big: 'bigint',
  exact: 'numeric',
  single: 'real',
  double: 'double precision',
  flag: 'boolean',
  words: 'text',
  fixed: 'char(5)',
  at: 'timestamptz',
  local: 'timestamp',
  day: 'date',
  clock: 'time',
  zoned: 'timetz',
  span: 'interval',
  bytes: 'bytea',
  tree: 'jsonb',
  source: 'json',
  id: 'uuid',
  address: 'inet',
  bits: 'bit varying(16)',
  mood: 'mood',
  place: 'place',
  between: 'numrange',
  numbers: 'numeric[]',
  texts: 'text[]',
  grid: 'int[][]',
  times: 'timestamptz[]',
  trees: 'jsonb[]',
  moods: 'mood[]',
};
const columns = Object.entries(types).map(([name, type]) => `${name} ${type}`);
const prelude = `CREATE TYPE mood AS ENUM ('fine', 'so so'); CREATE TYPE place AS (street text, number numeric)`;

const digits = (count: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(count) - 1n }).map(String);
const decimal = fc
  .tuple(fc.constantFrom('', '-'), digits(30), digits(12))
  .map(([sign, whole, part]) => `${sign}${whole}.${part}`);
const numeric = fc.oneof(decimal, fc.constantFrom('NaN', 'Infinity', '-Infinity', '0.00', '1e-20', '1e100'));
const float = fc
  .oneof(fc.double(), fc.constantFrom(0, -0, 5e-324, 1.7976931348623157e308))
  .map((value) => (Object.is(value, -0) ? '-0' : String(value)));
const text = fc.string({ unit: 'binary' }).filter((one) => !one.includes('\0') && one.isWellFormed());
const instant = fc.oneof(
  fc
    .integer({ min: -60_000_000_000, max: 250_000_000_000 })
    .chain((s) =>
      fc
        .integer({ min: 0, max: 999_999 })
        .map((us) => `${new Date(s * 1000).toISOString().slice(0, -5).replace(/^[+]0/, '')}.${String(us).padStart(6, '0')}`),
    ),
  fc.constantFrom('infinity', '-infinity', '0044-03-15 12:00:00 BC', '294000-01-01 00:00:00.5'),
);
const json = fc.oneof(
  fc.jsonValue(),
  decimal.map((one) => JSON.rawJSON(one.replace(/^(-?)0+(?=\d)/, '$1'))),
);
const nullable = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 6 });

/** What the application writes, as the server's own text. */
const row = fc.record({
  big: nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  whole: nullable(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  exact: nullable(numeric),
  double: nullable(float),
  flag: nullable(fc.boolean()),
  words: nullable(text),
  at: nullable(instant),
  local: nullable(instant),
  span: nullable(
    fc
      .tuple(
        fc.integer({ min: -9999, max: 9999 }),
        fc.integer({ min: -9999, max: 9999 }),
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
      )
      .map(([months, days, us]) => `${months} months ${days} days ${us} microseconds`),
  ),
  bytes: nullable(fc.uint8Array().map((one) => `\\x${Buffer.from(one).toString('hex')}`)),
  tree: nullable(json.map((one) => JSON.stringify(one)).filter((one) => !one.includes('\\u0000') && !/\\ud[89a-f]/i.test(one))),
  numbers: nullable(fc.array(nullable(numeric)).map((list) => `{${list.map((one) => one ?? 'NULL').join(',')}}`)),
  texts: nullable(
    fc
      .array(nullable(text))
      .map((list) => `{${list.map((one) => (one === null ? 'NULL' : `"${one.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`),
  ),
});

describe.skipIf(noServer)(`values (${noServer ?? 'through a server'})`, () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    await server.reset(
      `${prelude}; CREATE TABLE given (no serial PRIMARY KEY, ${columns.join(', ')}); CREATE TABLE taken (LIKE given)`,
    );
  });
  afterAll(() => server.remove());

  /** Reads all of `given` in both ways, and writes it to `taken`. */
  const passOn = async () => {
    const test = { connector, connection: server.connection, secrets: server.secrets };
    const asked = await openOutboundForTest({ ...test, outbounds, name: 'call' });
    const rows = (await asked.send({}, { statement: 'SELECT * FROM given ORDER BY no' })).reply?.body as readonly object[];
    const writer = await openOutboundForTest({ ...test, outbounds, name: 'insert' });
    await writer.send(JSON.parse(JSON.stringify(rows)), { table: 'taken' });
    await Promise.all([asked.close(), writer.close()]);
    return rows;
  };
  const names = Object.keys(types);
  /** jsonb holds numbers that JavaScript has not: those go as text, and are text in the other table. */
  const same = names.filter((name) => !['tree', 'source', 'trees'].includes(name));

  it('of every type come as JSON, and go back as what they were', async () => {
    await server.exec(`INSERT INTO given (${names.join(', ')}) VALUES (
      -32768, 2147483647, 9223372036854775807, 12345678901234567890.12345678901234567890, 1.1, 0.1, true, E'\\uFEFFa\\n"''', 'ab',
      '2026-01-01 12:00:00.123456+02', '2026-01-01 12:00:00.000001', '2026-02-28', '23:59:59.999999', '12:00+05:30',
      '1 year 2 months 3 days 04:05:06.789', '\\xdeadbeef00', '{"a": [1, null, {"b": "c"}], "n": 1.50}', '{"x": 1,  "x": 2}',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.0/8', '1011', 'so so', ROW('Main "St"', 1.50), '[1.5,)',
      '{1.10,NaN,NULL}', '{a,"b,c","d\\"e","",NULL,"NULL"}', '{{1,2},{3,4}}', '{"2026-01-01 00:00:00.000001+00"}',
      ARRAY['{"a": 1}', '[2]']::jsonb[], '{fine,"so so"}')`);
    const [body] = await passOn();
    expect(body).toMatchObject({
      small: -32768,
      whole: 2147483647,
      big: '9223372036854775807',
      exact: '12345678901234567890.12345678901234567890',
      single: 1.1,
      double: 0.1,
      flag: true,
      words: '\uFEFFa\n"\'',
      fixed: 'ab   ',
      at: '2026-01-01T10:00:00.123456Z',
      local: '2026-01-01T12:00:00.000001',
      day: '2026-02-28',
      clock: '23:59:59.999999',
      zoned: '12:00:00+05:30',
      span: 'P1Y2M3DT4H5M6.789S',
      bytes: '\\xdeadbeef00',
      tree: { a: [1, null, { b: 'c' }], n: 1.5 },
      source: { x: 2 },
      id: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      mood: 'so so',
      place: '("Main ""St""",1.50)',
      between: '[1.5,)',
      numbers: ['1.10', 'NaN', null],
      texts: ['a', 'b,c', 'd"e', '', null, 'NULL'],
      grid: [
        [1, 2],
        [3, 4],
      ],
      times: ['2026-01-01T00:00:00.000001Z'],
      trees: [{ a: 1 }, [2]],
      moods: '{fine,"so so"}',
    });
    const differing = await server.all(
      `SELECT g.*, t.* FROM given g JOIN taken t USING (no) WHERE (${same.map((n) => `g.${n}`).join(', ')}) IS DISTINCT FROM (${same.map((n) => `t.${n}`).join(', ')})`,
    );
    expect(differing).toEqual([]);
    expect(
      await server.all('SELECT 1 FROM given g JOIN taken t USING (no) WHERE g.tree = t.tree AND g.trees = t.trees'),
    ).toHaveLength(1);
  });

  it('of any kind survive the way through query, changes and insert', async () => {
    await server.exec('CREATE PUBLICATION givens FOR TABLE given');
    const { connection, secrets } = server;
    const options = { slot: 'givens', publication: 'givens', copy: false };
    const follower = await openInboundForTest({ connector, inbounds, name: 'changes', connection, secrets, options });
    await follower.until('it follows', () => 'lsn' in Object(follower.accepted.cursor));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        await server.exec('DELETE FROM taken; DELETE FROM given');
        const before = follower.accepted.messages.length;
        for (const one of rows) {
          const fields = Object.keys(one);
          await server.all(
            `INSERT INTO given (${fields.join(', ')}) VALUES (${fields.map((_, n) => `$${n + 1}`).join(', ')})`,
            Object.values(one),
          );
        }
        const asked = await passOn();
        expect(
          await server.all(
            `SELECT g.no FROM given g JOIN taken t USING (no) WHERE (${same.map((n) => `g.${n}::text`).join(', ')}) IS DISTINCT FROM (${same.map((n) => `t.${n}::text`).join(', ')})`,
          ),
        ).toEqual([]);
        const inserted = () =>
          follower.accepted.messages
            .slice(before)
            .map(({ body }) => body as { operation: string; after: unknown })
            .filter(({ operation }) => operation === 'insert')
            .map(({ after }) => after);
        await follower.until('all are here', () => inserted().length >= asked.length);
        expect(inserted()).toEqual(asked);
      }),
      { numRuns: 20 },
    );
    await follower.close();
  });
});

describe('text of the server', () => {
  it('of an array is a list, whatever its elements hold', () => {
    const list: fc.Memo<unknown> = fc.memo((depth) =>
      depth <= 1 ? fc.array(nullable(text), { minLength: 1 }) : fc.array(list(depth - 1), { minLength: 1, maxLength: 4 }),
    );
    const written = (value: unknown): string => {
      if (Array.isArray(value)) return `{${value.map(written).join(',')}}`;
      return value === null ? 'NULL' : `"${(value as string).replace(/["\\]/g, '\\$&')}"`;
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }).chain(list), (value) => {
        expect(fromText(written(value), 1009)).toEqual(value);
      }),
    );
  });

  it('that no list can show stays text, as does what nests too deep', () => {
    expect(fromText('[0:1]={1,2}', 1007)).toBe('[0:1]={1,2}');
    expect(fromText('{'.repeat(9) + '}'.repeat(9), 1007)).toBe('{'.repeat(9) + '}'.repeat(9));
    expect(fromText('['.repeat(600) + ']'.repeat(600), 3802)).toBe('['.repeat(600) + ']'.repeat(600));
    expect(fromText('{"n": 12345678901234567890}', 114)).toEqual({ n: '12345678901234567890' });
    expect([fromText('NaN', 701), fromText('-0', 701), fromText('-Infinity', 700), fromText(null, 23)]).toEqual([
      'NaN',
      '-0',
      '-Infinity',
      null,
    ]);
  });
});
