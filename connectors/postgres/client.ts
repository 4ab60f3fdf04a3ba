// Connects to the server: transactions on a pool, sessions that stay, and the service of the library that stream.ts reads from.

import { readFileSync } from 'node:fs';
import { Rejected, Unavailable } from '@mortise/sdk';
import type { ConnectionValuesOf, Ping } from '@mortise/sdk';
import pg from 'pg';
import { LogicalReplicationService } from 'pg-logical-replication';
import type connector from './connector.ts';
import { failureOf } from './failures.ts';

export type Connection = ConnectionValuesOf<typeof connector>;

/** Values come and go as the server writes them, so that no digit is lost on the way. */
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** How many rows the statement touched. */
  readonly count: number;
}

export interface Session {
  /** Throws `Rejected` where there are more rows than `rowsMax`, without holding them. */
  query(sql: string, values?: readonly (string | null)[], rowsMax?: number): Promise<Rows>;
}

export interface TransactionOptions {
  readonly signal: AbortSignal;
  /** How long one statement may take. */
  readonly timeoutMs: number;
  readonly readOnly?: boolean;
  /** Every statement sees the same state. */
  readonly repeatable?: boolean;
}

/** A connection of its own, for what belongs to a session: LISTEN, exported snapshots, commands of replication. */
export interface OwnSession extends Session {
  onNotification(take: (payload: string) => void): void;
  /** Why the connection is gone; undefined while it stands. */
  readonly lost: Error | undefined;
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Connections that nobody uses are given back after so long. */
const idleMs = 30_000;

/** How values are written, whatever the server's, the database's or the user's defaults are. */
const sessionSettings = {
  DateStyle: 'ISO',
  IntervalStyle: 'iso_8601',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
};

/** Everything that pg would otherwise take from the environment or from files of the user is named here. */
function clientConfig({
  host,
  port,
  database,
  user,
  password,
  tls,
  ca,
  applicationName,
  connectTimeout,
}: Connection): pg.ClientConfig {
  return {
    host,
    port,
    database,
    user,
    // A function is never shown, and keeps pg from looking into PGPASSWORD and ~/.pgpass.
    password: () => password ?? '',
    ssl:
      tls === 'off'
        ? false
        : { rejectUnauthorized: tls === 'verify', ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }) },
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    options: Object.entries(sessionSettings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser: () => (text: string) => text },
  };
}

export const ping: Ping<typeof connector> = async (connection, signal) => {
  const database = new Database({ ...connection, connections: 1 });
  try {
    const options = { signal, timeoutMs: connection.connectTimeout, readOnly: true };
    const { rows } = await database.transact(async (session) => session.query('SHOW server_version'), options);
    return `PostgreSQL ${rows[0]?.[0]}`;
  } finally {
    await database.close();
  }
};

/** A pool of connections. Transactions may be made concurrently; they throw `Unavailable`, `Busy`, `Rejected` and `InDoubt`. */
export class Database {
  readonly #connection: Connection;
  #pool: pg.Pool | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Commits what `work` did; where it throws, nothing was done. When time is up, the server is told to end the statement. */
  async transact<T>(work: (session: Session) => Promise<T>, options: TransactionOptions): Promise<T> {
    const { signal, readOnly = false } = options;
    if (signal.aborted) throw new Unavailable('Time was up before the database was asked.');
    const client = await this.#checkOut(signal);
    const stage = { committing: false };
    try {
      const result = await untilAborted(signal, inTransaction(client, work, options, stage));
      client.release();
      return result;
    } catch (error) {
      await this.#checkIn(client, signal);
      throw failureOf(error, { readOnly, committing: stage.committing });
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.end();
  }

  async #checkOut(signal: AbortSignal): Promise<pg.PoolClient> {
    try {
      const checkedOut = this.#open().connect();
      const client = await untilAborted(signal, checkedOut, (late) => late.release());
      return client;
    } catch (error) {
      throw failureOf(error, { readOnly: false, committing: false });
    }
  }

  /** What is not idle by now cannot be used again; the server is told, so that it does not go on for nobody. */
  async #checkIn(client: pg.PoolClient, signal: AbortSignal): Promise<void> {
    if (!signal.aborted && client.getTransactionStatus() !== null) {
      const usable = await untilAborted(signal, client.query('ROLLBACK')).then(
        () => true,
        () => false,
      );
      return client.release(!usable);
    }
    client.release(true);
    if (signal.aborted) await cancelBackend(this.#connection, backendOf(client));
  }

  #open(): pg.Pool {
    if (this.#pool) return this.#pool;
    const pool = new pg.Pool({ ...clientConfig(this.#connection), max: this.#connection.connections, idleTimeoutMillis: idleMs });
    // An idle connection that is cut is thrown away by the pool; the next use opens another.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    this.#pool = pool;
    return pool;
  }
}

/** Opens a connection of its own, which ends with the signal; `replication` for commands of replication, which take no parameters. */
export async function openSession(connection: Connection, signal: AbortSignal, replication = false): Promise<OwnSession> {
  signal.throwIfAborted();
  const client = new pg.Client({ ...clientConfig(connection), ...(replication ? { replication: 'database' } : {}) });
  const gone = Promise.withResolvers<void>();
  const state: { lost: Error | undefined } = { lost: undefined };
  client.on('error', (error) => (state.lost ??= error));
  client.on('end', () => {
    state.lost ??= new Error('The connection was ended.');
    gone.resolve();
  });
  const close = async () => {
    client.connection.stream.destroy();
    await gone.promise;
  };
  const abort = () => void client.connection.stream.destroy();
  signal.addEventListener('abort', abort);
  void gone.promise.then(() => signal.removeEventListener('abort', abort));
  try {
    await untilAborted(signal, client.connect());
  } catch (error) {
    client.connection.stream.destroy();
    throw failureOf(error, { readOnly: true, committing: false });
  }
  return {
    query: async (sql, values) => {
      try {
        return await ask(client, sql, values);
      } catch (error) {
        throw failureOf(error, { readOnly: true, committing: false });
      }
    },
    onNotification: (take) => void client.on('notification', ({ payload }) => take(payload ?? '')),
    get lost() {
      return state.lost;
    },
    ended: gone.promise,
    close,
  };
}

/** The stream of changes as the library gives it: it reads no further while a listener of `data` has not resolved. */
export function replicationService(connection: Connection): LogicalReplicationService {
  return new LogicalReplicationService(clientConfig(connection), {
    // It would acknowledge what it has read, not what is committed.
    acknowledge: { auto: false, timeoutSeconds: 0 },
    flowControl: { enabled: true },
  });
}

async function inTransaction<T>(
  client: pg.ClientBase,
  work: (session: Session) => Promise<T>,
  { timeoutMs, readOnly = false, repeatable = false }: TransactionOptions,
  stage: { committing: boolean },
): Promise<T> {
  const isolation = repeatable ? 'REPEATABLE READ' : 'READ COMMITTED';
  await client.query(
    `BEGIN ISOLATION LEVEL ${isolation} ${readOnly ? 'READ ONLY' : 'READ WRITE'}; SET LOCAL statement_timeout = ${timeoutMs}`,
  );
  const result = await work({ query: (sql, values, rowsMax) => ask(client, sql, values, rowsMax) });
  stage.committing = !readOnly;
  await client.query('COMMIT');
  return result;
}

async function ask(
  client: pg.ClientBase,
  text: string,
  values: readonly (string | null)[] = [],
  rowsMax = Number.POSITIVE_INFINITY,
): Promise<Rows> {
  const config = { text, rowMode: 'array', ...(values.length > 0 ? { values: [...values] } : {}) };
  const query = new pg.Query<(string | null)[]>(config);
  const rows: (string | null)[][] = [];
  let seen = 0;
  const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult>();
  query.on('row', (row) => {
    if (++seen <= rowsMax) rows.push(row);
  });
  query.on('end', resolve);
  query.on('error', reject);
  client.query(query);
  const { fields, rowCount } = await promise;
  if (seen > rowsMax) throw new Rejected(`There are more than ${rowsMax} rows.`);
  return { columns: fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })), rows, count: rowCount ?? 0 };
}

/** The end of `work`, or an error as soon as the signal is aborted; `late` gets what came after that. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>, late?: (result: T) => void): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(new Unavailable('Time was up.'));
    work.then(late, () => undefined);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The number of the server's process behind a connection, which pg's types do not know. */
function backendOf(client: pg.ClientBase): number | undefined {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : undefined;
}

/** Asks the server to end what it does for a connection that is given up. It may be gone already, and the server too. */
async function cancelBackend(connection: Connection, backend: number | undefined): Promise<void> {
  if (backend === undefined) return;
  const client = new pg.Client({ ...clientConfig(connection), connectionTimeoutMillis: cancelMs, query_timeout: cancelMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`SELECT pg_cancel_backend(${backend})`);
  } catch {
    // Without the request the statement ends at its timeout.
  } finally {
    client.connection.stream.destroy();
  }
}

/** How long the server may take to be told; whoever gave up is not kept waiting for much longer. */
const cancelMs = 1000;
