// Collects what is wrong with a flow, each with its place in the file.

import type { FieldProblem, Path } from '@mortise/sdk';
import type { Problem, SourceFile } from './definitions.ts';
import { flowError } from './errors.ts';

type Code = keyof typeof flowError.table;

/** Where in a text: a character of what `path` leads to, or of another file. */
export type Place =
  | { readonly path: Path; readonly offset: number }
  | { readonly file: string; readonly line: number; readonly column: number };

export interface ProblemList {
  readonly found: readonly Problem[];
  add(code: Code, path: Path, message: string, remedy?: string, at?: 'key' | 'value'): void;
  addField(problem: FieldProblem): void;
  /** At a character of a text in the flow's file, or at a place of another file. */
  addAt(code: Code, place: Place, message: string, remedy?: string): void;
}

/** A list of problems of one file. */
export function problemsOf(source: SourceFile): ProblemList {
  const found: Problem[] = [];
  const add: ProblemList['add'] = (code, path, message, remedy = flowError.table[code].remedy, at = 'value') => {
    found.push({ code, severity: 'error', file: source.file, ...source.locate(path, at), message, remedy });
  };
  return {
    found,
    add,
    addField: (problem) => add('MORTISE_FLOW_OPTION', problem.path, factOf(problem), problem.remedy, problem.at),
    addAt(code, place, message, remedy = flowError.table[code].remedy) {
      const at = 'file' in place ? place : { file: source.file, ...source.locate(place.path, 'value', place.offset) };
      found.push({ code, severity: 'error', ...at, message, remedy });
    },
  };
}

/** A field's problem in a sentence: what was found, what was expected. */
export function factOf({ fact, found, expected, path }: FieldProblem): string {
  if (fact === 'unknown') return `Unknown option "${String(found)}".`;
  if (fact === 'missing') return `"${String(found)}" is missing${path.length > 0 ? ` in ${path.join('.')}` : ''}.`;
  const shown = typeof found === 'string' ? `"${found.slice(0, 80)}"` : (JSON.stringify(found)?.slice(0, 80) ?? typeof found);
  return `Found ${shown}; expected ${expected}.`;
}
