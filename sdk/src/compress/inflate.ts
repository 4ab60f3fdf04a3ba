// Inflates DEFLATE data (RFC 1951) as it comes: stops and goes on at any byte, and gives all that stands before a fault.

import { codeTable } from './code-table.ts';
import type { CodeTable } from './code-table.ts';

/** What is wrong with the data, and where: the offset from the beginning of the stream. */
export class InflateFault extends Error {
  readonly offsetBytes: number;

  constructor(what: string, offsetBytes: number) {
    super(what);
    this.offsetBytes = offsetBytes;
  }
}

const windowBytes = 32 * 1024;
/** Output is handed on when so much has gathered, so that a small input cannot make much of it at once. */
const blockBytes = 64 * 1024;
const matchBytesMax = 258;
const endOfBlock = 256;
/** What functions give where the input does not reach; then nothing of it is consumed. */
const short = -1;

const [lengthBases, lengthExtras] = [
  [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258],
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
];
const distanceBases = Array.from({ length: 30 }, (_, code) =>
  code < 2 ? code + 1 : 1 + (2 + (code % 2)) * 2 ** distanceExtra(code),
);
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The fixed codes (3.2.6). */
const fixedLiterals = codeTable(
  Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 || symbol > 279 ? 8 : symbol < 256 ? 9 : 7)),
) as CodeTable;
const fixedDistances = codeTable(new Uint8Array(32).fill(5)) as CodeTable;

/**
 * Call `push` for every chunk and `end` after the last, until `done`; read each to its end before the next call. The pieces they
 * give are copies, and the same however the input is cut. Both throw an `InflateFault`.
 */
export class Inflater {
  #input = new Uint8Array();
  #at = 0;
  /** How many bytes came before `#input`. */
  #inputOffset = 0;
  /** Bits that were taken from the input and not consumed yet, the next one lowest. */
  #bits = 0;
  #bitCount = 0;
  #stage: 'block' | 'stored' | 'symbols' | 'done' = 'block';
  #isLast = false;
  #storedBytes = 0;
  #literals = fixedLiterals;
  #distances = fixedDistances;
  /** The window of what was written, and behind it what was not handed on yet, from `#given` to `#written`. */
  readonly #output = new Uint8Array(windowBytes + blockBytes + matchBytesMax);
  #given = 0;
  #written = 0;
  #givenBytes = 0;

  /** Whether the stream has come to its end. */
  get done(): boolean {
    return this.#stage === 'done';
  }

  /** The bytes of the last chunk behind the end of the stream. */
  get rest(): Uint8Array {
    return this.#input.slice(this.#at);
  }

  /** How many bytes were read of the stream, up to the byte under way. */
  get readBytes(): number {
    return this.#inputOffset + this.#at - (this.#bitCount >> 3);
  }

  /** How many bytes were given. */
  get givenBytes(): number {
    return this.#givenBytes;
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    const left = this.#input.subarray(this.#at);
    this.#inputOffset += this.#at;
    this.#input = left.length > 0 ? Buffer.concat([left, chunk]) : new Uint8Array(chunk);
    this.#at = 0;
    for (let goesOn = true; goesOn && !this.done; ) {
      try {
        goesOn = this.#advance();
      } catch (fault) {
        // What stands before a fault is good.
        yield* this.#giveRest();
        throw fault;
      }
      if (this.#written - this.#given >= blockBytes) yield this.#give();
    }
    if (this.done) yield* this.#giveRest();
  }

  /** What is left; throws where the stream did not come to its end. */
  *end(): Generator<Uint8Array> {
    yield* this.#giveRest();
    if (!this.done) throw new InflateFault('the compressed data end too early', this.#inputOffset + this.#input.length);
  }

  *#giveRest(): Generator<Uint8Array> {
    if (this.#written > this.#given) yield this.#give();
  }

  #give(): Uint8Array {
    const piece = this.#output.slice(this.#given, this.#written);
    if (this.#written > windowBytes) {
      this.#output.copyWithin(0, this.#written - windowBytes, this.#written);
      this.#written = windowBytes;
    }
    this.#given = this.#written;
    this.#givenBytes += piece.length;
    return piece;
  }

  /** Goes on as far as input and room for output reach; false where more input is needed. */
  #advance(): boolean {
    if (this.#stage === 'stored') return this.#copyStored();
    if (this.#stage === 'symbols') return this.#readSymbols();
    const before = [this.#at, this.#bits, this.#bitCount] as const;
    if (this.#readHeader()) return true;
    [this.#at, this.#bits, this.#bitCount] = before;
    return false;
  }

  /** False where it is not all there; then what was consumed has to be put back. */
  #readHeader(): boolean {
    const header = this.#take(3);
    if (header === short) return false;
    this.#isLast = (header & 1) === 1;
    const type = header >> 1;
    if (type === 3) throw this.#fault('a block is of an unknown type');
    if (type === 0) return this.#readStoredHeader();
    if (type === 2 && !this.#readTables()) return false;
    if (type === 1) [this.#literals, this.#distances] = [fixedLiterals, fixedDistances];
    this.#stage = 'symbols';
    return true;
  }

  #readStoredHeader(): boolean {
    this.#take(this.#bitCount % 8);
    const [length, complement] = [this.#take(16), this.#take(16)];
    if (length === short || complement === short) return false;
    if ((length ^ complement) !== 0xffff) throw this.#fault('the length of a stored block contradicts itself');
    this.#putBack();
    this.#storedBytes = length;
    this.#stage = 'stored';
    return true;
  }

  #copyStored(): boolean {
    const room = this.#output.length - this.#written;
    const count = Math.min(this.#storedBytes, this.#input.length - this.#at, room);
    this.#output.set(this.#input.subarray(this.#at, this.#at + count), this.#written);
    this.#written += count;
    this.#at += count;
    this.#storedBytes -= count;
    if (this.#storedBytes === 0) this.#endBlock();
    return this.#storedBytes === 0 || this.#at < this.#input.length;
  }

  /** The codes of a dynamic block (3.2.7). */
  #readTables(): boolean {
    const header = this.#take(14);
    if (header === short) return false;
    const [literals, distances, codes] = [257 + (header & 31), 1 + ((header >> 5) & 31), 4 + (header >> 10)];
    const lengths = new Uint8Array(lengthOrder.length);
    for (const symbol of lengthOrder.slice(0, codes)) {
      const length = this.#take(3);
      if (length === short) return false;
      lengths[symbol] = length;
    }
    const all = this.#readLengths(this.#table(lengths), literals + distances);
    if (!all) return false;
    if (literals > 286 || distances > 30 || all[endOfBlock] === 0) throw this.#fault('a block has codes that mean nothing');
    this.#literals = this.#table(all.subarray(0, literals));
    this.#distances = this.#table(all.subarray(literals));
    return true;
  }

  #readLengths(table: CodeTable, count: number): Uint8Array | undefined {
    const lengths = new Uint8Array(count);
    for (let index = 0; index < count; ) {
      const symbol = this.#decode(table);
      if (symbol === short) return undefined;
      if (symbol < 16) lengths[index++] = symbol;
      else {
        const more = this.#take(symbol === 16 ? 2 : symbol === 17 ? 3 : 7);
        if (more === short) return undefined;
        const repeats = more + (symbol === 18 ? 11 : 3);
        if ((symbol === 16 && index === 0) || index + repeats > count)
          throw this.#fault('a block repeats a code length that is not there');
        lengths.fill(symbol === 16 ? (lengths[index - 1] ?? 0) : 0, index, index + repeats);
        index += repeats;
      }
    }
    return lengths;
  }

  #table(lengths: Uint8Array): CodeTable {
    const table = codeTable(lengths);
    if (!table) throw this.#fault('the code lengths of a block are of no code');
    return table;
  }

  #readSymbols(): boolean {
    while (this.#written - this.#given < blockBytes) {
      const [at, bits, bitCount] = [this.#at, this.#bits, this.#bitCount];
      const symbol = this.#decode(this.#literals);
      if (symbol === endOfBlock) {
        this.#endBlock();
        return true;
      }
      if (symbol >= 0 && symbol < endOfBlock) this.#output[this.#written++] = symbol;
      else if (symbol === short || !this.#copyMatch(symbol)) {
        [this.#at, this.#bits, this.#bitCount] = [at, bits, bitCount];
        return false;
      }
    }
    return true;
  }

  #copyMatch(symbol: number): boolean {
    const index = symbol - endOfBlock - 1;
    const extraLength = this.#take(lengthExtras?.[index] ?? 0);
    const code = extraLength === short ? short : this.#decode(this.#distances);
    const extraDistance = code === short ? short : this.#take(distanceExtra(code));
    if (extraDistance === short) return false;
    const length = (lengthBases?.[index] ?? 0) + extraLength;
    const distance = (distanceBases[code] ?? Infinity) + extraDistance;
    if (length < 3 || distance > this.#written) throw this.#fault('a match reaches to before the beginning');
    const output = this.#output;
    let to = this.#written;
    for (let from = to - distance; to < this.#written + length; ) output[to++] = output[from++] as number;
    this.#written = to;
    return true;
  }

  #endBlock(): void {
    this.#stage = this.#isLast ? 'done' : 'block';
    if (this.#isLast) this.#putBack();
  }

  /** Gives whole bytes back to the input; the bits that fill up a byte are dropped. */
  #putBack(): void {
    this.#at -= this.#bitCount >> 3;
    [this.#bits, this.#bitCount] = [0, 0];
  }

  /** The next symbol; may have taken bits from the input that it did not consume. */
  #decode({ bits, entries }: CodeTable): number {
    while (this.#bitCount < bits && this.#at < this.#input.length) this.#load();
    const entry = entries[this.#bits & (entries.length - 1)] as number;
    const length = entry & 15;
    if (length > this.#bitCount || (entry === 0 && this.#bitCount < bits)) return short;
    if (entry === 0) throw this.#fault('a code is of no symbol');
    this.#bits >>>= length;
    this.#bitCount -= length;
    return entry >> 4;
  }

  #take(count: number): number {
    while (this.#bitCount < count) {
      if (this.#at === this.#input.length) return short;
      this.#load();
    }
    const value = this.#bits & (2 ** count - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  /** At most 22 bits are there before: the sum stays within 32. */
  #load(): void {
    this.#bits |= (this.#input[this.#at++] as number) << this.#bitCount;
    this.#bitCount += 8;
  }

  #fault(what: string): InflateFault {
    return new InflateFault(what, this.readBytes);
  }
}

function distanceExtra(code: number): number {
  return code < 2 ? 0 : (code >> 1) - 1;
}
