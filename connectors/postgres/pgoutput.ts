// Reads what the server's output plugin `pgoutput` writes: values stay the server's text, so that none is changed on the way.

import type { Lsn } from './lsn.ts';

export interface Relation {
  readonly schema: string;
  readonly table: string;
  /** REPLICA IDENTITY: the primary key, an index, the whole row, or nothing. */
  readonly identity: 'default' | 'index' | 'full' | 'nothing';
  readonly columns: readonly { readonly name: string; readonly type: number; readonly key: boolean }[];
}

/** The values of a row in the order of the columns; undefined where the server did not send it, since it did not change. */
export type Tuple = readonly (string | null | undefined)[];

export interface Begin {
  readonly kind: 'begin';
  /** Where its record of COMMIT begins: what tells transactions apart. */
  readonly commit: Lsn;
  readonly xid: number;
  /** Microseconds since 1970. */
  readonly committedAtUs: bigint;
}

export interface Change {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly relation: Relation;
  /** The whole row, or the key alone, as REPLICA IDENTITY says; undefined where it was not sent. */
  readonly before?: { readonly whole: boolean; readonly tuple: Tuple };
  readonly after?: Tuple;
}

export interface Truncate {
  readonly kind: 'truncate';
  readonly relations: readonly Relation[];
}

export interface Commit {
  readonly kind: 'commit';
  readonly commit: Lsn;
  /** Where its record of COMMIT ends: what is acknowledged. */
  readonly end: Lsn;
}

/** `other` has no meaning for us: types, origins, messages. */
export type LogEntry = Begin | Change | Truncate | Commit | { readonly kind: 'other' };

const identities = { d: 'default', i: 'index', f: 'full', n: 'nothing' } as const;
/** Microseconds from 1970 to 2000, where the server's clock begins. */
const epochUs = 946_684_800_000_000n;

/** Of one stream: relations are described when they are first used, and when they change. */
export class Decoder {
  readonly #relations = new Map<number, Relation>();

  /** Throws where it is not what the protocol says (PostgreSQL documentation, "Logical Replication Message Formats"). */
  decode(bytes: Buffer): LogEntry {
    const reader = new Reader(bytes);
    const tag = reader.letter();
    switch (tag) {
      case 'B':
        return { kind: 'begin', commit: reader.uint64(), committedAtUs: reader.uint64() + epochUs, xid: reader.uint32() };
      case 'C':
        reader.uint8();
        return { kind: 'commit', commit: reader.uint64(), end: reader.uint64() };
      case 'R':
        this.#relations.set(reader.uint32(), relation(reader));
        return { kind: 'other' };
      case 'I':
        return { kind: 'insert', ...this.#change(reader) };
      case 'U':
        return { kind: 'update', ...this.#change(reader) };
      case 'D':
        return { kind: 'delete', ...this.#change(reader) };
      case 'T':
        return this.#truncate(reader);
      default:
        if ('YOM'.includes(tag)) return { kind: 'other' };
        throw new Error(`The stream holds a message "${tag}", which the protocol does not know.`);
    }
  }

  #change(reader: Reader): Omit<Change, 'kind'> {
    const relationOf = this.#relation(reader.uint32());
    let change: Omit<Change, 'kind'> = { relation: relationOf };
    while (!reader.atEnd) {
      const part = reader.letter();
      const tuple = readTuple(reader);
      change = part === 'N' ? { ...change, after: tuple } : { ...change, before: { whole: part === 'O', tuple } };
    }
    return change;
  }

  #truncate(reader: Reader): Truncate {
    const count = reader.uint32();
    reader.uint8();
    return { kind: 'truncate', relations: Array.from({ length: count }, () => this.#relation(reader.uint32())) };
  }

  #relation(id: number): Relation {
    const known = this.#relations.get(id);
    if (!known) throw new Error(`The stream names a table by the number ${id}, and has not described it.`);
    return known;
  }
}

function relation(reader: Reader): Relation {
  const [schema, table] = [reader.text(), reader.text()];
  const letter = reader.letter();
  if (!isIdentity(letter)) throw new Error(`The stream names a replica identity "${letter}", which the protocol does not know.`);
  const columns = Array.from({ length: reader.uint16() }, () => {
    const key = (reader.uint8() & 1) === 1;
    const [name, type] = [reader.text(), reader.uint32()];
    reader.uint32();
    return { name, type, key };
  });
  return { schema: schema === '' ? 'pg_catalog' : schema, table, identity: identities[letter], columns };
}

function readTuple(reader: Reader): Tuple {
  return Array.from({ length: reader.uint16() }, () => {
    const kind = reader.letter();
    if (kind === 'n') return null;
    if (kind === 'u') return undefined;
    if (kind === 't') return reader.string(reader.uint32());
    throw new Error(`The stream holds a value of kind "${kind}", which was not asked for.`);
  });
}

function isIdentity(letter: string): letter is keyof typeof identities {
  return Object.hasOwn(identities, letter);
}

/** Reads on; throws a RangeError behind the end. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#skip(1));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#skip(2));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#skip(4));
  }

  uint64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#skip(8));
  }

  letter(): string {
    return String.fromCharCode(this.uint8());
  }

  /** Up to the next zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw new RangeError('A name has no end.');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  string(bytes: number): string {
    const start = this.#skip(bytes);
    if (this.#at > this.#bytes.length) throw new RangeError('A value is longer than its message.');
    return this.#bytes.toString('utf8', start, this.#at);
  }

  #skip(bytes: number): number {
    const start = this.#at;
    this.#at += bytes;
    return start;
  }
}
