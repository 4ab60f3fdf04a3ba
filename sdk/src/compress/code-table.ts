// Prefix codes of DEFLATE (RFC 1951, 3.2): the table by which the next bits tell a symbol and its length.

/** By the next `bits` bits of the input: symbol and code length, `symbol << 4 | length`; 0 where no code begins so. */
export interface CodeTable {
  readonly bits: number;
  readonly entries: Uint16Array;
}

const codeBitsMax = 15;

/**
 * The table of a canonical code, by each symbol's code length; 0 for symbols that have none. Undefined where the lengths are of
 * no code: too many, or too few unless there is only one (as for a block with one distance).
 */
export function codeTable(lengths: Uint8Array): CodeTable | undefined {
  const counts = new Uint16Array(codeBitsMax + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const bits = Math.max(
    1,
    counts.findLastIndex((count) => count > 0),
  );
  const next = firstCodes(counts);
  const used = counts.reduce((sum, count, length) => sum + count * 2 ** (codeBitsMax - length), 0);
  const isSingle = counts.reduce((sum, count) => sum + count, 0) <= 1;
  if (used > 2 ** codeBitsMax || (used < 2 ** codeBitsMax && !isSingle)) return undefined;
  const entries = new Uint16Array(2 ** bits);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = reversed(next[length] ?? 0, length);
    next[length] = (next[length] ?? 0) + 1;
    for (let index = code; index < entries.length; index += 2 ** length) entries[index] = (symbol << 4) | length;
  }
  return { bits, entries };
}

function firstCodes(counts: Uint16Array): Uint16Array {
  const next = new Uint16Array(codeBitsMax + 2);
  let code = 0;
  for (let length = 1; length <= codeBitsMax; length++) {
    code = (code + (counts[length - 1] ?? 0)) << 1;
    next[length] = code;
  }
  return next;
}

/** Codes stand in the data with their first bit first. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
