// Which numbers of a sequence were skipped: a list of ranges that cannot grow without end.

export interface Skipped {
  /** First and last of each range, ascending. */
  readonly skipped?: readonly (readonly [number, number])[];
  /** Of numbers below this it is not known any more whether they were skipped: they count as such, so that none is lost. */
  readonly unknownBelow?: number;
}

/** More ranges than this of one key are not remembered. */
const rangesMax = 200;

export function isSkipped({ skipped = [], unknownBelow = 0 }: Skipped, number: number): boolean {
  return number < unknownBelow || skipped.some(([first, last]) => number >= first && number <= last);
}

/** Adds a range behind all others. */
export function withSkipped<T extends Skipped>(row: T, first: number, last: number): T {
  const ranges = [...(row.skipped ?? []), [first, last] as const];
  const forgotten = ranges.length > rangesMax ? ranges.shift() : undefined;
  return { ...row, skipped: ranges, ...(forgotten ? { unknownBelow: forgotten[1] + 1 } : {}) };
}

/** One of them has come after all. */
export function withoutSkipped(row: Skipped, number: number): Skipped {
  const { skipped = [] } = row;
  const ranges = skipped.flatMap(([first, last]): (readonly [number, number])[] => {
    if (number < first || number > last) return [[first, last]];
    const [before, after] = [[first, number - 1] as const, [number + 1, last] as const];
    return [before, after].filter(([from, to]) => from <= to);
  });
  return { ...row, skipped: ranges };
}
