// The lines of a copybook as the compiler sees them: characters, columns, comments and continuations.

import { characterEncodings } from '@mortise/sdk';

export type Columns = 'auto' | 'fixed' | 'wide' | 'free';

/** One line of code, without sequence number, indicator and what stands behind the right margin. */
export interface CopybookLine {
  readonly text: string;
  /** From 1 up. */
  readonly line: number;
  /** Whether it goes on where the line before ended, in the middle of a word or literal. */
  readonly continues: boolean;
}

const [space, ebcdicSpace] = [0x20, 0x40];
const tabColumns = 8;
const indicatorAt = 6;
const rightMargin = 72;
/** What a card of a copybook without line ends has. */
const cardColumns = 80;

export function copybookLines(bytes: Uint8Array, columns: Columns): CopybookLine[] {
  const lines = physicalLines(characters(bytes)).map(expandTabs);
  const chosen = columns === 'auto' ? columnsOf(lines) : columns;
  return lines.flatMap((text, index) => {
    const code = chosen === 'free' ? freeLine(text) : fixedLine(text, chosen === 'fixed' ? rightMargin : Infinity);
    return code === undefined ? [] : [{ ...code, line: index + 1 }];
  });
}

/** UTF-8, or EBCDIC where the blanks say so, else Latin-1, which every byte is. */
function characters(bytes: Uint8Array): string {
  const isEbcdic = !bytes.includes(space) && bytes.includes(ebcdicSpace);
  const coding = isEbcdic ? characterEncodings['ebcdic-037'] : characterEncodings['utf-8'];
  return (coding.decode(bytes) ?? characterEncodings.latin1.decode(bytes) ?? '').replace(/^\ufeff/, '');
}

function physicalLines(text: string): string[] {
  const lines = text.split(/\r?[\n\u0085]|\r/);
  if (lines.length > 1 || text.length <= 2 * cardColumns || text.length % cardColumns !== 0) return lines;
  return Array.from({ length: text.length / cardColumns }, (_, at) => text.slice(at * cardColumns, (at + 1) * cardColumns));
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let expanded = '';
  for (const part of line.split(/(\t)/))
    expanded += part === '\t' ? ' '.repeat(tabColumns - (expanded.length % tabColumns)) : part;
  return expanded;
}

/** Free where a level number stands in the columns of the sequence number, by itself, or a directive says so. */
function columnsOf(lines: readonly string[]): 'fixed' | 'free' {
  const isFree = lines.some((line) => {
    const [, indent = '', level = ''] = /^( *)(\d\d?) +\S/.exec(line) ?? [];
    return (level !== '' && indent.length + level.length <= indicatorAt) || /^\s*>>\s*SOURCE.*\bFREE\b/i.test(line);
  });
  return isFree ? 'free' : 'fixed';
}

function freeLine(text: string): Omit<CopybookLine, 'line'> | undefined {
  return /^\s*(?:[*$]|>>|$)/.test(text) ? undefined : { text: withoutComment(text), continues: false };
}

/**
 * The text keeps its columns, so that a literal that goes on has all its blanks. Asterisks and hyphens that stand a column too
 * far to the right are taken for what they were meant to be: no entry begins with one.
 */
function fixedLine(line: string, margin: number): Omit<CopybookLine, 'line'> | undefined {
  const indicator = line[indicatorAt] ?? ' ';
  const area = line.slice(indicatorAt + 1, margin);
  if (/[*/Dd$]/.test(indicator) || /^\s*(?:\*|$)/.test(area) || /^\s*>>/.test(line)) return undefined;
  const text = margin === rightMargin ? area.padEnd(rightMargin - indicatorAt - 1) : area;
  const late = indicator === ' ' ? /^ ?-(?=\s+["'])/.exec(text)?.[0] : undefined;
  return { text: withoutComment(text.slice(late?.length ?? 0)), continues: indicator === '-' || late !== undefined };
}

/** Cuts off a comment behind code; `*>` within a literal is none. */
function withoutComment(text: string): string {
  const at = text.search(/(?:^|\s)\*>/);
  if (at < 0) return text;
  const quotes = text.slice(0, at).match(/["']/g)?.length ?? 0;
  return quotes % 2 === 0 ? text.slice(0, at).padEnd(text.length) : text;
}
