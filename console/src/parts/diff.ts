// Compares two texts line by line: the longest common subsequence, and only what stands around the differences.

export interface DiffLine {
  readonly kind: 'same' | 'add' | 'del' | 'gap';
  readonly text: string;
}

/** Lines shown before and behind a difference. */
const around = 2;
/** Beyond this many lines on a side everything counts as replaced: the table would be too large. */
const linesMax = 2000;

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  if (a.length > linesMax || b.length > linesMax) return [...a.map(as('del')), ...b.map(as('add'))];
  return folded(backtrack(a, b, lengths(a, b)));
}

function as(kind: DiffLine['kind']): (text: string) => DiffLine {
  return (text) => ({ kind, text });
}

function lengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [table[i], table[i + 1]];
    if (!row || !below) continue;
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return table;
}

function backtrack(a: readonly string[], b: readonly string[], table: readonly Uint16Array[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: 'del', text: a[i++] ?? '' });
    } else {
      lines.push({ kind: 'add', text: b[j++] ?? '' });
    }
  }
  return lines;
}

function folded(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = lines.map((_line, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, index) => {
    if (near[index]) return [line];
    return index === 0 || near[index - 1] ? [{ kind: 'gap' as const, text: '…' }] : [];
  });
}
