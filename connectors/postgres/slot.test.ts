// Where changes would be missed, the inbound stops and says so: slots that are gone, moved, taken, and servers that were set back.

import type { Json } from '@mortise/sdk';
import { waitUntil } from '@mortise/sdk/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Following, schema } from './fixtures/following.ts';
import { noServer, startTestServer } from './fixtures/server.ts';
import type { TestServer } from './fixtures/server.ts';

describe.skipIf(noServer)(`the inbound changes stops, and says why (${noServer ?? 'on a server'}), where`, () => {
  let server: TestServer;
  let bench: Following;

  beforeAll(async () => {
    server = await startTestServer();
    bench = new Following(server);
  });
  beforeEach(() => server.reset(schema));
  afterEach(() => bench.close());
  afterAll(() => server.remove());

  it('the slot was dropped', async () => {
    const inbound = await bench.following();
    await bench.stopped(inbound);
    await server.exec("SELECT pg_drop_replication_slot('orders')");
    await inbound.restart();
    for (const _ of [1, 2]) expect(await bench.failing(inbound)).toMatchObject({ code: 'MORTISE_POSTGRES_SLOT_MISSING' });
  });

  it('the slot is dropped after it was looked at, and before the stream has begun', async () => {
    const inbound = await bench.following();
    await bench.stopped(inbound);
    const other = await server.client();
    // Between the two it asks for the keys of the published tables.
    await other.query('BEGIN; LOCK TABLE pg_publication_rel IN ACCESS EXCLUSIVE MODE');
    await inbound.restart();
    const failing = bench.failing(inbound);
    const waits = async () => (await server.all('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0;
    await waitUntil('it waits for the keys', waits);
    await server.exec("SELECT pg_drop_replication_slot('orders')");
    await other.query('COMMIT');
    await other.end();
    expect(await failing).toMatchObject({ code: 'MORTISE_POSTGRES_SLOT_MISSING' });
  });

  it('the slot was moved on by somebody else', async () => {
    const inbound = await bench.following();
    await bench.stopped(inbound);
    await server.exec('INSERT INTO sales_order VALUES (1)');
    await server.exec("SELECT pg_replication_slot_advance('orders', pg_current_wal_lsn())");
    await inbound.restart();
    expect(await bench.failing(inbound)).toMatchObject({ code: 'MORTISE_POSTGRES_POSITION_LOST' });
  });

  it('the server has removed the log', async () => {
    const inbound = await bench.following();
    await bench.stopped(inbound);
    await server.exec("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await server.exec('SELECT pg_reload_conf()');
    await waitUntil('the log is removed', async () => {
      await server.exec('INSERT INTO sales_order SELECT coalesce(max(order_id), 0) + 1 FROM sales_order');
      await server.exec('SELECT pg_switch_wal()');
      await server.exec('CHECKPOINT');
      return (await server.all("SELECT 1 FROM pg_replication_slots WHERE wal_status = 'lost'")).length > 0;
    });
    await server.exec('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await server.exec('SELECT pg_reload_conf()');
    await inbound.restart();
    expect(await bench.failing(inbound)).toMatchObject({ code: 'MORTISE_POSTGRES_SLOT_LOST' });
  });

  it('the slot is there before the inbound has begun, or is of another kind', async () => {
    await server.exec("SELECT pg_create_logical_replication_slot('orders', 'pgoutput')");
    expect(await bench.failing(await bench.open())).toMatchObject({ code: 'MORTISE_POSTGRES_SLOT_TAKEN' });
    await server.exec("SELECT pg_create_logical_replication_slot('others', 'test_decoding')");
    expect(await bench.failing(await bench.open({ slot: 'others', copy: false }))).toMatchObject({
      code: 'MORTISE_POSTGRES_SLOT_TAKEN',
    });
  });

  it('there is no publication, and none can be made; or one would hurt the application', async () => {
    expect(await bench.failing(await bench.open({ tables: [] }))).toMatchObject({ code: 'MORTISE_POSTGRES_PUBLICATION_MISSING' });
    await server.exec('CREATE TABLE bare (note text)');
    expect(await bench.failing(await bench.open({ tables: ['bare'] }))).toMatchObject({ code: 'MORTISE_POSTGRES_IDENTITY' });
    expect(await server.all('SELECT 1 FROM pg_publication')).toEqual([]);
  });

  it('what is to be followed is another than before, or the server was set back', async () => {
    const inbound = await bench.following();
    await bench.stopped(inbound);
    const { cursor } = inbound.accepted;
    expect(await bench.failing(await bench.open({ publication: 'another' }, { cursor: cursor ?? null }))).toMatchObject({
      code: 'MORTISE_POSTGRES_CURSOR',
    });
    const ahead = { ...(cursor as Record<string, Json>), lsn: 'FFFFFFFF/FFFFFFFF' };
    expect(await bench.failing(await bench.open({}, { cursor: ahead }))).toMatchObject({ code: 'MORTISE_POSTGRES_CURSOR' });
    const within = { ...(cursor as Record<string, Json>), inside: { commit: '0/1', done: 5 } };
    const lost = await bench.open({}, { cursor: within });
    await server.exec('INSERT INTO sales_order VALUES (1)');
    await lost.until('it has failed', () => lost.pollErrors.length > 0);
    expect(lost.pollErrors[0]).toMatchObject({ code: 'MORTISE_POSTGRES_POSITION_LOST' });
  });

  it('the server does not write what is needed', async () => {
    await server.stop();
    await server.start({ wal_level: 'replica' });
    expect(await bench.failing(await bench.open())).toMatchObject({ code: 'MORTISE_POSTGRES_WAL_LEVEL' });
    await server.stop();
    await server.start();
  });
});
