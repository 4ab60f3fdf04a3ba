// Says what is wrong with a file that is not valid YAML: each fault once, with the line as it should be written.

import type { LineCounter, YAMLParseError } from 'yaml';
import type { ProblemList } from '../problems.ts';
import { parseYaml } from './parse.ts';
import { readLine } from './line.ts';
import type { WrittenLine } from './line.ts';
import { explain } from './traps.ts';
import type { Explanation } from './traps.ts';

/** More than this many faults in one file are no news any more. */
const roundsMax = 20;

/** Behind these nothing is worth reading. */
const endsReading: ReadonlySet<string> = new Set(['MULTIPLE_DOCS', 'RESOURCE_EXHAUSTION']);

/**
 * YAML's own messages about what follows a fault are noise. So the first one is told, its line is put right, and the rest
 * is read again, as long as that gives a fault further down.
 */
export function reportSyntax(file: string, text: string, problems: ProblemList): void {
  const lines = text.split('\n');
  let lastLine = 0;
  for (let round = 0; round < roundsMax; round++) {
    const { document, lines: counter } = parseYaml(lines.join('\n'));
    const [error] = document.errors.sort((a, b) => a.pos[0] - b.pos[0]);
    if (!error) return;
    const { code, place, message, remedy } = explainAt(file, error, counter, lines);
    if (place.line <= lastLine) return;
    problems.error(code, place, message, remedy);
    if (endsReading.has(error.code)) return;
    lastLine = place.line;
    lines[place.line - 1] = repaired(readLine(lines, place.line), round);
  }
}

function explainAt(file: string, error: YAMLParseError, counter: LineCounter, lines: readonly string[]): Explanation {
  const { line, col } = counter.linePos(error.pos[0]);
  return explain(error, { file, line, column: col }, readLine(lines, line), lines);
}

/** The line with nothing left in it that YAML could take amiss; its key, if any, is one that no other line has. */
function repaired({ indent, key }: WrittenLine, round: number): string {
  const spaces = indent.replaceAll('\t', '  ');
  return key === undefined ? `${spaces}# ` : `${spaces}repaired-${round}: ok`;
}
