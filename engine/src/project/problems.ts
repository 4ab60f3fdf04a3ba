// Collects what is wrong with a project, each with its place.

import type { FieldProblem, Path } from '@mortise/sdk';
import type { Problem, SourceFile } from '../flow/definitions.ts';
import { factOf } from '../flow/problems.ts';
import { projectError } from './errors.ts';
import { yamlError } from './yaml/errors.ts';

const table = { ...projectError.table, ...yamlError.table };

export type ProjectCode = keyof typeof table;

/** Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A file of the project as it was written; with an environment over it, parts of it stand in another file. */
export interface WrittenFile extends SourceFile {
  place(path: Path, at?: 'key' | 'value'): Place;
}

/** One thing that is wrong with a part of a file, before its place is looked up. */
export interface Fault {
  readonly code: ProjectCode;
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly remedy: string;
}

const fieldCodes = {
  unknown: 'MORTISE_PROJECT_UNKNOWN_OPTION',
  missing: 'MORTISE_PROJECT_MISSING_OPTION',
  wrong: 'MORTISE_PROJECT_WRONG_VALUE',
} as const satisfies Record<FieldProblem['fact'], ProjectCode>;

export class ProblemList {
  readonly found: Problem[] = [];

  /** Without a remedy of its own it has that of its code. */
  error(code: ProjectCode, place: Place, message: string, remedy: string = table[code].remedy): void {
    this.found.push({ code, severity: 'error', ...at(place), message, remedy });
  }

  warn(code: ProjectCode, place: Place, message: string, remedy: string = table[code].remedy): void {
    this.found.push({ code, severity: 'warning', ...at(place), message, remedy });
  }

  faults(file: WrittenFile, faults: readonly Fault[], prefix: Path = []): void {
    for (const { code, path, at: part, message, remedy } of faults) this.error(code, file.place([...prefix, ...path], part), message, remedy);
  }

  fields(file: WrittenFile, problems: readonly FieldProblem[]): void {
    this.faults(file, problems.map(faultOf));
  }
}

/** A fault without a remedy of its own. */
export function fault(code: ProjectCode, path: Path, message: string, remedy: string = table[code].remedy, at: 'key' | 'value' = 'value'): Fault {
  return { code, path, at, message, remedy };
}

export function faultOf(problem: FieldProblem): Fault {
  return { code: fieldCodes[problem.fact], path: problem.path, at: problem.at, message: factOf(problem), remedy: problem.remedy };
}

/** The beginning of a file, for what is wrong with all of it. */
export function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

/** By file, then line, then column; what is said twice is said once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...once.values()].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function at({ file, line, column }: Place): Place {
  return { file, line, column };
}
