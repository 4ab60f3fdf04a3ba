// What the engine's thread and the database's thread say to each other: plain data that can be posted.

/** What SQLite stores: NULL, REAL, INTEGER (read as bigint), TEXT, BLOB. */
export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Settings {
  readonly file: string;
  readonly busyTimeoutMs: number;
  readonly create: boolean;
  readonly readOnly: boolean;
}

/** One statement, with what is bound to its parameters: in order, or by name. */
export interface Command {
  readonly sql: string;
  readonly values: readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
  /** What to say where it hits no row; absent where that is fine. */
  readonly missing?: string;
}

/** Commands that take effect together or not at all; with an inbox, once. */
export interface Write {
  readonly commands: readonly Command[];
  readonly inbox?: { readonly deliveryId: string; readonly at: string; readonly dropBefore: string };
}

export interface Written {
  readonly changes: number;
  /** The delivery id was there: nothing was done. */
  readonly repeated: boolean;
}

export interface Read {
  readonly command: Command;
  /** More rows are an error. */
  readonly rowsMax: number;
}

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

export interface Failure {
  readonly kind: 'unavailable' | 'rejected' | 'inDoubt';
  readonly message: string;
  /** Another program held the lock for too long. */
  readonly locked?: boolean;
}

export type Outcome<Result> = { readonly result: Result } | { readonly failure: Failure };

/** Where a request stands, in memory that both threads see: whoever is first decides whether it is begun or withdrawn. */
export type Stage = Int32Array<SharedArrayBuffer>;
const [waiting, begun, withdrawn] = [0, 1, 2];

export function newStage(): Stage {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** The database's thread asks before it does anything; false where the request was withdrawn. */
export function begin(stage: Stage): boolean {
  return Atomics.compareExchange(stage, 0, waiting, begun) !== withdrawn;
}

/** The engine's thread gives the request up; false where it was begun: then its end is not known. */
export function withdraw(stage: Stage): boolean {
  return Atomics.compareExchange(stage, 0, waiting, withdrawn) !== begun;
}

export type StagedWrite = Write & { readonly stage: Stage };

export type Request = { readonly id: number } & ({ readonly write: StagedWrite } | { readonly read: Read });

export interface Response {
  readonly id: number;
  readonly outcome: Outcome<Written> | Outcome<Rows>;
}
