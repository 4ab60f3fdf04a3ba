// The sqlite connector through the conformance kit, on real database files.

import { connectorKit } from '@mortise/sdk/testing';
import type { InboundStage, OutboundStage, PingStage } from '@mortise/sdk/testing';
import { ping } from './client.ts';
import connector from './connector.ts';
import { testDatabase } from './fixtures/database.ts';
import type { TestDatabase } from './fixtures/database.ts';
import { inbounds } from './inbound.ts';
import { outbounds } from './outbound.ts';

const noConnection = 'a file has no connection that could be cut, and no answer that could stay away';
const noCredentials = 'a file has no credentials';

const skip = {
  busy: 'SQLite names no time: a lock makes it Unavailable',
  stallAnswer: noConnection,
  cutWhileSending: noConnection,
  cutBeforeAnswer: noConnection,
  badCredentials: noCredentials,
};

const asks = 'it asks, and has no effects';
const order = (n: number) => ({ order_id: `order ${n}`, total: n });
const seed = (total: number) => {
  const rows = Array.from({ length: 30 }, (_, index) => `('order ${index + 1}', ${total})`);
  return `INSERT INTO sales_order (order_id, total) VALUES ${rows.join(', ')}`;
};

connectorKit({
  connector,
  folder: import.meta.dirname,
  inbounds,
  outbounds,
  ping,
  scenarios: {
    inbounds: {
      rows: {
        setUp: rowsStage,
        skip: {
          commitFirst: 'rows are not acknowledged: the cursor rides in the commit',
          repeated: 'a row is read once, unless its watermark grows: then it is new',
          half: 'what is not committed is not there',
          badCredentials: noCredentials,
        },
      },
    },
    outbounds: {
      insert: {
        setUp: () => stage((database) => ({ options: { table: 'sales_order' }, effects: () => database.count() })),
        skip,
      },
      upsert: {
        setUp: () =>
          stage((database) => ({ options: { table: 'sales_order', key: ['order_id'] }, effects: () => database.count() })),
        skip,
      },
      update: {
        setUp: () =>
          stage((database) => {
            database.exec(seed(0));
            return {
              options: { table: 'sales_order', key: ['order_id'] },
              effects: () => database.all('SELECT 1 FROM sales_order WHERE total > 0').length,
            };
          }),
        skip,
      },
      delete: {
        setUp: () =>
          stage((database) => {
            database.exec(seed(1));
            const refusing = { body: { total: 1 } };
            return {
              options: { table: 'sales_order', key: ['order_id'] },
              effects: () => 30 - database.count(),
              refuse: () => refusing,
            };
          }),
        skip,
      },
      execute: {
        setUp: () =>
          stage((database) => ({
            options: { statement: 'INSERT INTO sales_order (order_id, total) VALUES (:order_id, :total)' },
            effects: () => database.count(),
          })),
        skip,
      },
      query: {
        setUp: () =>
          stage(() => ({
            options: { statement: 'SELECT :order_id AS order_id' },
            effects: () => 0,
            refuse: () => ({ body: {} }),
          })),
        skip: {
          ...skip,
          sends: asks,
          twice: asks,
          down: asks,
          concurrent: asks,
          stallBeforeSend: 'whoever reads waits for no lock',
        },
      },
    },
    ping: { setUp: pingStage, skip: { badCredentials: noCredentials } },
  },
});

function stage(
  particular: (database: TestDatabase) => Pick<OutboundStage, 'options' | 'effects'> & Partial<OutboundStage>,
): OutboundStage {
  const database = testDatabase();
  return {
    connection: { file: database.file },
    body: order,
    refuse: () => ({ body: { order_id: 'order 1', total: -1 } }),
    down: database.down,
    up: database.up,
    stallBeforeSend: () => database.lock(),
    restore: database.unlock,
    freed: database.freed,
    close: database.remove,
    ...particular(database),
  };
}

function rowsStage(): InboundStage {
  const database = testDatabase();
  return {
    connection: { file: database.file },
    options: { table: 'sales_order', watermark: 'updated_at', key: ['order_id'], batch: 2 },
    deliver: (n) => database.exec(`INSERT INTO sales_order (order_id, total, updated_at) VALUES ('order ${n}', ${n}, 7)`),
    body: (n) => ({ ...order(n), lines: null, updated_at: 7 }),
    down: database.down,
    up: database.up,
    freed: database.freed,
    close: database.remove,
  };
}

function pingStage(): PingStage {
  const database = testDatabase();
  return { connection: { file: database.file }, down: database.down, close: database.remove };
}
