// What inference found, as problems of a project: each with its place, a sentence and a remedy.

import { nearest } from '@mortise/sdk';
import type { MortiseError, Path } from '@mortise/sdk';
import type { Misfit, TypeFinding } from '../../step/expression.ts';
import type { Problem, SourceFile } from '../definitions.ts';
import type { Place } from '../problems.ts';
import { typeError } from './errors.ts';

type Code = keyof typeof typeError.table;

/** Gives the place of a character of an expression. */
export type PlaceOf = (offset: number) => Place;

export class TypeProblems {
  readonly found: Problem[] = [];
  private readonly source: SourceFile;

  constructor(source: SourceFile) {
    this.source = source;
  }

  /** `where`: what a sentence begins with where the place alone does not say it. */
  finding(finding: TypeFinding, placeOf: PlaceOf, where = ''): void {
    const place = placeOf(finding.position);
    const { message, remedy } = findingText(finding);
    const isNever = finding.kind === 'never-true';
    this.add(
      isNever ? 'MORTISE_TYPE_NEVER_TRUE' : 'MORTISE_TYPE_UNKNOWN_FIELD',
      isNever ? 'warning' : 'error',
      place,
      where + message,
      remedy,
    );
  }

  /** `taker`: what it is to fit, as "order@1" or "channel orders (order@1)". */
  misfit(misfit: Misfit, taker: string, placeOf: PlaceOf): void {
    const { path, found, expected, always, unknown, position = 0 } = misfit;
    const what = path === '$' ? 'The body' : `"${path}"`;
    const place = placeOf(position);
    const code = always ? 'MORTISE_TYPE_MISFIT' : 'MORTISE_TYPE_MAY_NOT_FIT';
    const severity = always ? 'error' : 'warning';
    if (unknown) {
      const message = always ? `${taker} has no field ${what}.` : `${taker} has no field ${what}, which may be there.`;
      return this.add(code, severity, place, message, remedyFor(unknown.name, unknown.known));
    }
    const message = `${what} ${always ? 'is' : 'may be'} ${found}; ${taker} expects ${expected}.`;
    this.add(code, severity, place, message);
  }

  /** What a format says of its own options, as that a copybook cannot be read. */
  failure({ code, message, remedy }: MortiseError, path: Path): void {
    const at = { file: this.source.file, ...this.source.locate(path, 'value') };
    this.found.push({ code, severity: 'error', ...at, message, remedy });
  }

  at(path: Path): PlaceOf {
    return () => ({ path, offset: 0 });
  }

  private add(
    code: Code,
    severity: Problem['severity'],
    place: Place,
    message: string,
    remedy: string = typeError.table[code].remedy,
  ): void {
    const at = 'file' in place ? place : { file: this.source.file, ...this.source.locate(place.path, 'value', place.offset) };
    const { file, line, column } = at;
    this.found.push({ code, severity, file, line, column, message, remedy });
  }
}

/** What was found, as a sentence, and what to do about it. */
export function findingText(finding: TypeFinding): { readonly message: string; readonly remedy: string } {
  if (finding.kind === 'never-true') {
    const { operator, left, right } = finding;
    const message = `This never holds: left of "${operator}" stands ${left}, right of it ${right}.`;
    return { message, remedy: typeError.table.MORTISE_TYPE_NEVER_TRUE.remedy };
  }
  const { name, within, known, found } = finding;
  const where = within === '$' ? 'The input' : `"${within}"`;
  const message = known ? `${where} has no field "${name}".` : `${where} is ${found}, and has no field "${name}".`;
  return { message, remedy: remedyFor(name, known) };
}

function remedyFor(name: string, known: readonly string[] | undefined): string {
  const near = known && nearest(name, known);
  if (near) return `Did you mean "${near}"?`;
  return known && known.length > 0 ? `Known are: ${known.join(', ')}.` : 'Remove it, or change the model.';
}
