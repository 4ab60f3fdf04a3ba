// Cuts bytes into messages and batch headers and trailers as they come, in memory bounded by the longest message allowed.

/** What begins with a header or trailer segment, or stands before the first one. */
export interface CutMessage {
  /** With everything up to the next one: line ends, blank lines. Valid until the next is asked for. */
  readonly bytes: Uint8Array;
  /** The segment that it begins with; "" where that is none of them. */
  readonly header: string;
  /** Where its first segment begins in all bytes, and in `bytes`. */
  readonly offsetBytes: number;
  readonly leadBytes: number;
  readonly line: number;
  /** `bytes` is only its beginning. */
  readonly isTooLong: boolean;
}

const [lineFeed, carriageReturn, blockStart, blockEnd, blank] = [0x0a, 0x0d, 0x0b, 0x1c, 0x20];
const byteOrderMark = 0xef;
/** By the three bytes of their names, as one number. */
const headers: ReadonlyMap<number, string> = new Map(
  ['MSH', 'FHS', 'BHS', 'BTS', 'FTS'].map((name) => [Buffer.from(name).readUIntBE(0, 3), name]),
);
/** So many bytes tell what a line begins with: what may stand before a segment, its name and the delimiter behind that. */
const headBytes = 16;
const leadBytesMax = 6;

export class MessageCutter {
  readonly #bytesMax: number;
  readonly #lineFeedEnds: boolean;
  /** What has come of the message under way, from `#start` on. */
  #bytes: Uint8Array = new Uint8Array();
  #end = 0;
  #start = 0;
  #lineStart = 0;
  #scan = 0;
  /** Where `#bytes` begins in all bytes. */
  #offset = 0;
  #line = 1;
  #lastReturn = -1;
  /** What is known of the message under way; undefined while only blank lines have come. */
  #header: string | undefined;
  #headerAt = 0;
  #leadBytes = 0;
  #headerLine = 1;
  /** The beginning of a message that is too long: what comes of it is dropped. */
  #tooLong: Uint8Array | undefined;
  /** Whether it is known what the line under way begins with. */
  #isJudged = false;

  constructor(bytesMax: number, lineFeedEnds: boolean) {
    this.#bytesMax = bytesMax;
    this.#lineFeedEnds = lineFeedEnds;
  }

  /** The messages that end in this chunk. What is held beyond them is copied, so that the chunk may be reused. */
  *push(chunk: Uint8Array): Generator<CutMessage> {
    const isHeld = this.#end > this.#start;
    if (isHeld) this.#append(chunk);
    else this.#take(chunk);
    yield* this.#cut(false);
    if (!isHeld && this.#end > this.#start) this.#keep();
  }

  *end(): Generator<CutMessage> {
    yield* this.#cut(true);
    const last = this.#complete(this.#end);
    if (last) yield last;
  }

  *#cut(isFinal: boolean): Generator<CutMessage> {
    const bytes = this.#end === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#end);
    let feed = -1;
    let back = -1;
    for (;;) {
      if (back < this.#scan) back = indexOf(bytes, carriageReturn, this.#scan);
      if (feed < this.#scan) feed = this.#lineFeedEnds ? indexOf(bytes, lineFeed, this.#scan) : this.#end;
      const at = Math.min(feed, back);
      const isEnd = at >= this.#end;
      if (!this.#isJudged && (!isEnd || isFinal || at - this.#lineStart >= headBytes)) {
        const before = this.#judge(at);
        if (before) yield before;
      }
      if (isEnd) break;
      this.#endLine(at);
    }
    this.#scan = this.#end;
    this.#limit();
  }

  /** Looks at what the line under way begins with. Gives the message before it, where it begins another. */
  #judge(to: number): CutMessage | undefined {
    this.#isJudged = true;
    if (this.#header !== undefined && isOrdinary(this.#bytes[this.#lineStart] ?? 0)) return undefined;
    const head = this.#headAt(this.#lineStart, to);
    if (!head || (head.name === '' && this.#header !== undefined)) return undefined;
    const before = this.#complete(this.#lineStart);
    if (before) this.#start = this.#lineStart;
    this.#header = head.name;
    this.#headerAt = head.at;
    this.#leadBytes = head.at - this.#start;
    this.#headerLine = this.#line;
    return before;
  }

  /** What the line begins with; undefined where it is blank. */
  #headAt(from: number, to: number): { readonly name: string; readonly at: number } | undefined {
    const bytes = this.#bytes;
    let at = from;
    while (at < to && at < from + leadBytesMax && isLead(bytes, at)) at += bytes[at] === byteOrderMark ? 3 : 1;
    if (at >= to) return undefined;
    const code = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const name = at + 3 > to ? undefined : headers.get(code);
    const isName = name !== undefined && (at + 3 >= to || !isLetterOrDigit(bytes[at + 3] ?? blank));
    return isName ? { name, at } : { name: '', at };
  }

  #endLine(at: number): void {
    const isReturn = this.#bytes[at] === carriageReturn;
    if (isReturn || this.#lastReturn !== this.#offset + at - 1) this.#line += 1;
    if (isReturn) this.#lastReturn = this.#offset + at;
    this.#scan = at + 1;
    this.#lineStart = at + 1;
    this.#isJudged = false;
  }

  #complete(to: number): CutMessage | undefined {
    if (this.#header === undefined) return undefined;
    const bytes = this.#tooLong ?? this.#bytes.subarray(this.#start, to);
    const isTooLong = bytes.length > this.#bytesMax || this.#tooLong !== undefined;
    this.#tooLong = undefined;
    return {
      bytes: bytes.subarray(0, this.#bytesMax),
      header: this.#header,
      offsetBytes: this.#offset + this.#headerAt,
      leadBytes: this.#leadBytes,
      line: this.#headerLine,
      isTooLong,
    };
  }

  /** Of a message that is longer than allowed only the beginning is held, and of the line under way what tells it. */
  #limit(): void {
    const known = this.#isJudged ? this.#end : this.#lineStart;
    if (known - this.#start > this.#bytesMax && this.#header !== undefined)
      this.#tooLong ??= new Uint8Array(this.#bytes.subarray(this.#start, this.#start + this.#bytesMax));
    if (this.#tooLong || (this.#header === undefined && known - this.#start > this.#bytesMax)) this.#start = known;
  }

  #take(chunk: Uint8Array): void {
    this.#offset += this.#end;
    this.#lineStart -= this.#end;
    this.#headerAt -= this.#end;
    this.#bytes = chunk;
    this.#start = 0;
    this.#scan = 0;
    this.#end = chunk.length;
  }

  /** Copies what is left of a chunk. */
  #keep(): void {
    const rest = this.#bytes.subarray(this.#start, this.#end);
    this.#bytes = new Uint8Array(Math.max(256, 2 * rest.length));
    this.#bytes.set(rest);
    this.#rebase(rest.length);
  }

  #append(chunk: Uint8Array): void {
    const held = this.#end - this.#start;
    if (this.#end + chunk.length > this.#bytes.length) {
      const roomier = held + chunk.length > this.#bytes.length ? new Uint8Array(2 * (held + chunk.length)) : this.#bytes;
      roomier.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = roomier;
      this.#rebase(held);
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #rebase(length: number): void {
    const shift = this.#start;
    this.#offset += shift;
    this.#lineStart -= shift;
    this.#headerAt -= shift;
    this.#scan -= shift;
    this.#start = 0;
    this.#end = length;
  }
}

/** Where the byte stands next; the end where it does not. */
function indexOf(bytes: Uint8Array, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}

/** What may stand before a segment: the beginning and end of an MLLP block, and a byte order mark. */
function isLead(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  if (byte === blockStart || byte === blockEnd) return true;
  return byte === byteOrderMark && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** Most lines begin neither a message nor a batch, and their first byte tells. */
function isOrdinary(byte: number): boolean {
  return byte > blockEnd && byte < byteOrderMark && byte !== 0x4d && byte !== 0x46 && byte !== 0x42;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
