// How two texts differ, line by line, for people to read.

/** Longer differences are shown as what goes and what comes, without looking for what they share. */
const cellsMax = 4_000_000;
const contextLines = 2;

/** Lines with "-", "+" or a space before them; at most `linesMax`. Nothing where both are the same. */
export function lineDiff(before: string, after: string, linesMax: number): readonly string[] {
  const [old, fresh] = [before, after].map((text) => text.replaceAll('\r\n', '\n').split('\n')) as [string[], string[]];
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const [from, to] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  if (from.length + to.length === 0) return [];
  const context = old.slice(Math.max(0, start - contextLines), start).map((line) => `  ${line}`);
  const lines = [...context, ...condensed(from.length * to.length > cellsMax ? replaced(from, to) : compared(from, to))];
  return lines.length > linesMax ? [...lines.slice(0, linesMax), `  … ${lines.length - linesMax} more lines`] : lines;
}

function replaced(from: readonly string[], to: readonly string[]): readonly string[] {
  return [...from.map((line) => `- ${line}`), ...to.map((line) => `+ ${line}`)];
}

/** By the longest common subsequence. */
function compared(from: readonly string[], to: readonly string[]): readonly string[] {
  const width = to.length + 1;
  const lengths = new Uint32Array((from.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--)
      lengths[i * width + j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) [i, j] = [i + 1, lines.push(`  ${from[i]}`) && j + 1];
    else if (j >= to.length || (i < from.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`- ${from[i++]}`);
    else lines.push(`+ ${to[j++]}`);
  }
  return lines;
}

/** Without what is the same, but for the lines around a change. */
function condensed(lines: readonly string[]): readonly string[] {
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some((line) => !line.startsWith('  '));
  return lines.flatMap((line, index) => (isNear(index) ? [line] : isNear(index - 1) ? ['  …'] : []));
}
