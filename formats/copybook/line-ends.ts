// The ends of lines: LF and CRLF, and in EBCDIC also NEL, as bytes.

const [lineFeed, carriageReturn] = [0x0a, 0x0d];
const [ebcdicLineFeed, newLine] = [0x25, 0x15];

export type Newline = 'lf' | 'crlf' | 'nel';

/** How many bytes the end of a line has that stands here; 0 for none. */
export function lineEndBytes(bytes: Uint8Array, at: number, end: number, isEbcdic: boolean): number {
  const byte = bytes[at];
  if (isEnd(byte, isEbcdic)) return 1;
  if (byte !== carriageReturn || at + 1 >= end) return 0;
  return isEnd(bytes[at + 1], isEbcdic) ? 2 : 0;
}

function isEnd(byte: number | undefined, isEbcdic: boolean): boolean {
  return isEbcdic ? byte === ebcdicLineFeed || byte === newLine : byte === lineFeed;
}

export function lineEnd(newline: Newline, isEbcdic: boolean): Uint8Array {
  const feed = isEbcdic ? ebcdicLineFeed : lineFeed;
  if (newline === 'nel') return Uint8Array.of(isEbcdic ? newLine : lineFeed);
  return newline === 'crlf' ? Uint8Array.of(carriageReturn, feed) : Uint8Array.of(feed);
}
