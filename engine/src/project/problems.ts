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

/** How a value was written. */
export interface Writing {
  readonly style: 'plain' | 'quoted' | 'block' | 'mapping' | 'list';
  /** As it stands in the file: of a plain value its text, which may not be what it was read as. */
  readonly text: string;
  readonly start: Place;
  /** Behind its last character. */
  readonly end: Place;
  /** The comment behind it, on the same line, with its "#". */
  readonly comment?: { readonly place: Place; readonly text: string };
}

/** A file of the project as it was written; with an environment over it, parts of it stand in another file. */
export interface WrittenFile extends SourceFile {
  place(path: Path, at?: 'key' | 'value'): Place;
  /** Undefined where `path` leads to nothing. */
  writing(path: Path): Writing | undefined;
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
  private readonly explanations = new Set<Problem | undefined>();
  private readonly explained: { readonly start: Place; readonly end: Place }[] = [];

  /** Without a remedy of its own it has that of its code. */
  error(code: ProjectCode, place: Place, message: string, remedy: string = table[code].remedy): void {
    this.found.push({ code, severity: 'error', ...at(place), message, remedy });
  }

  /** An error that explains all others within these places. */
  explain(
    code: ProjectCode,
    { start, end }: Pick<Writing, 'start' | 'end'>,
    message: string,
    remedy: string = table[code].remedy,
  ): void {
    this.error(code, start, message, remedy);
    this.explanations.add(this.found.at(-1));
    this.explained.push({ start, end });
  }

  warn(code: ProjectCode, place: Place, message: string, remedy: string = table[code].remedy): void {
    this.found.push({ code, severity: 'warning', ...at(place), message, remedy });
  }

  faults(file: WrittenFile, faults: readonly Fault[]): void {
    for (const { code, path, at: part, message, remedy } of faults) this.error(code, file.place(path, part), message, remedy);
  }

  fields(file: WrittenFile, problems: readonly FieldProblem[]): void {
    this.faults(file, problems.map(faultOf));
  }

  hasErrors(): boolean {
    return this.found.some(({ severity }) => severity === 'error');
  }

  /** By file, then line, then column; what is said twice is said once, and what is explained is left out. */
  sorted(): readonly Problem[] {
    const told = this.found.filter(
      (problem) => this.explanations.has(problem) || !this.explained.some((range) => isWithin(problem, range)),
    );
    const once = new Map(told.map((problem) => [JSON.stringify(problem), problem]));
    return [...once.values()].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
  }
}

/** A fault; without a remedy of its own it has that of its code. */
export function fault(
  code: ProjectCode,
  path: Path,
  message: string,
  remedy: string = table[code].remedy,
  at: 'key' | 'value' = 'value',
): Fault {
  return { code, path, at, message, remedy };
}

export function faultOf(problem: FieldProblem): Fault {
  return { code: fieldCodes[problem.fact], path: problem.path, at: problem.at, message: factOf(problem), remedy: problem.remedy };
}

/** The beginning of a file, for what is wrong with all of it. */
export function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isWithin(place: Place, { start, end }: { readonly start: Place; readonly end: Place }): boolean {
  return place.file === start.file && !isBefore(place, start) && isBefore(place, end);
}

function isBefore(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

function at({ file, line, column }: Place): Place {
  return { file, line, column };
}
