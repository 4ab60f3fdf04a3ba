// The reference of error codes, out of all tables.

import type { ErrorEntry } from '@mortise/sdk';
import { page } from './markdown.ts';

const actors: Readonly<Record<ErrorEntry['actor'], string>> = {
  author: 'whoever wrote the flow, the mapping or the system file',
  operator: 'whoever runs the engine',
  'other system': 'the other side',
  mortise: 'us: this is a fault of Mortise',
};

const introduction =
  'Every failure has a stable code, says what was found and what was expected, and names who has to act. ' +
  'The parts of a code are `MORTISE`, the area, the fact.';

export function errorPage(table: Readonly<Record<string, ErrorEntry>>): string {
  const codes = Object.keys(table).sort();
  const areas = [...new Set(codes.map(areaOf))];
  const parts = areas.flatMap((area) => [
    `## ${area}`,
    ...codes.filter((code) => areaOf(code) === area).map((code) => entryPart(code, table[code])),
  ]);
  return page('Error codes', introduction, ...parts);
}

function areaOf(code: string): string {
  return code.split('_')[1] ?? code;
}

function entryPart(code: string, entry: ErrorEntry | undefined): string {
  if (!entry) return '';
  return `### ${code}\n\n${entry.cause}\n\n- Who acts: ${actors[entry.actor]}.\n- What to do: ${entry.remedy}`;
}
