// Says what is wrong with a file that is not valid YAML: each fault once, with the line as it should be written.

import type { Document, LineCounter, YAMLParseError } from 'yaml';
import type { Place, ProblemList } from '../problems.ts';
import { parseYaml } from './parse.ts';
import { readLine } from './line.ts';
import type { WrittenLine } from './line.ts';
import { explain } from './traps.ts';

/** More than this many faults in one file are no news any more. */
const roundsMax = 20;

/**
 * YAML's own messages about what follows a fault are noise. So the first one is told, its line is put right, and the rest
 * is read again, as long as that gives a fault further down.
 */
export function reportSyntax(file: string, text: string, problems: ProblemList): void {
  const lines = text.split('\n');
  let lastLine = 0;
  for (let round = 0; round < roundsMax; round++) {
    const parsed = parseYaml(lines.join('\n'));
    reportDuplicates(file, parsed, lastLine, problems);
    const error = firstFault(parsed.document);
    if (!error) return;
    const place = placeOf(file, parsed.lines, error.pos[0]);
    const line = readLine(lines, place.line);
    const explained = explain(error, place, line, lines);
    if (explained.place.line <= lastLine && round > 0) return;
    problems.error(explained.code, explained.place, explained.message, explained.remedy);
    lastLine = Math.max(explained.place.line, place.line);
    lines[explained.place.line - 1] = repaired(readLine(lines, explained.place.line));
  }
}

function firstFault(document: Document): YAMLParseError | undefined {
  const faults = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  return faults.sort((a, b) => a.pos[0] - b.pos[0])[0];
}

function reportDuplicates(file: string, { document, lines }: { document: Document; lines: LineCounter }, after: number, problems: ProblemList): void {
  const duplicates = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  for (const { pos } of duplicates) {
    const place = placeOf(file, lines, pos[0]);
    if (place.line > after) problems.error('MORTISE_PROJECT_YAML_DUPLICATE_KEY', place, 'This key is there already, in the same mapping.');
  }
}

function placeOf(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

/** The line with nothing left in it that YAML could take amiss. */
function repaired({ indent, key }: WrittenLine): string {
  return key === undefined ? `${indent.replaceAll('\t', '  ')}# ` : `${indent.replaceAll('\t', '  ')}${key}: ok`;
}
