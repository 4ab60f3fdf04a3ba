// The nearest known name to one that is not known, for "did you mean".

/** The candidate that is closest by edit distance, if it is close enough to be a slip; undefined otherwise. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (Damerau, optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(cell(rows, row, a, b, i, j));
    rows.push(row);
  }
  return rows[a.length]?.[b.length] as number;
}

function cell(rows: number[][], row: number[], a: string, b: string, i: number, j: number): number {
  const above = rows[i - 1] as number[];
  const substitution = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const best = Math.min(substitution, (above[j] as number) + 1, (row[j - 1] as number) + 1);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(best, (rows[i - 2]?.[j - 2] as number) + 1) : best;
}
