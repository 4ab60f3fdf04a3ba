// What cannot be right in an expression: fields that are never there, comparisons that never hold.

import type { BinarySyntax, NameSyntax, Syntax } from '../syntax.ts';
import { describe } from './describe.ts';
import { startOf } from './places.ts';
import { isEmpty, surely } from './type.ts';
import type { Type } from './type.ts';

export type TypeFinding =
  | {
      readonly kind: 'unknown-path';
      /** Characters from the start of the expression. */
      readonly position: number;
      readonly name: string;
      /** The path in which it is looked for; `$` is the input. */
      readonly within: string;
      /** The names that are there; undefined where it is looked for in something that has no fields. */
      readonly known: readonly string[] | undefined;
      readonly found: string;
    }
  | {
      readonly kind: 'never-true';
      readonly position: number;
      readonly operator: string;
      readonly left: string;
      readonly right: string;
    };

/** A part of a function may be looked at for several calls: what is told holds for all of them. */
export class Findings {
  private readonly told = new Map<Syntax, TypeFinding | undefined>();

  read(step: NameSyntax, value: Type, field: Type, text: string): void {
    const finding = isEmpty(field) && !field.any ? unknownPath(step, value, text) : undefined;
    this.note(step, finding);
  }

  compared(node: BinarySyntax, left: Type, right: Type, text: string): void {
    const holds = mayHold(node.value, left, right);
    const position = holds ? 0 : startOf(node, text);
    this.note(
      node,
      holds ? undefined : { kind: 'never-true', position, operator: node.value, left: describe(left), right: describe(right) },
    );
  }

  all(): readonly TypeFinding[] {
    return [...this.told.values()].filter((finding) => finding !== undefined).sort((a, b) => a.position - b.position);
  }

  private note(node: Syntax, finding: TypeFinding | undefined): void {
    if (!this.told.has(node) || finding === undefined) this.told.set(node, finding);
  }
}

function unknownPath(step: NameSyntax, value: Type, text: string): TypeFinding | undefined {
  // Of null and of nothing there is nothing to read, and no wrong name.
  if (isEmpty({ ...value, null: false })) return undefined;
  if (value.callable) return undefined;
  const known = namesIn(value);
  if (known?.includes(step.value)) return undefined;
  const within = value.origins.filter((origin) => !origin.startsWith('?')).join(', ') || 'the value';
  return { kind: 'unknown-path', position: startOf(step, text), name: step.value, within, known, found: describe(surely(value)) };
}

function namesIn({ object, array }: Type): readonly string[] | undefined {
  const inner = array ? namesIn(array.values) : undefined;
  if (!object) return inner;
  return [...object.fields]
    .filter(([, type]) => !isEmpty(type))
    .map(([name]) => name)
    .concat(inner ?? []);
}

function mayHold(operator: string, left: Type, right: Type): boolean {
  if (left.any || right.any || isEmpty(left) || isEmpty(right)) return true;
  if (left.callable || right.callable) return true;
  if (operator === '=') return overlap(left, right);
  if (operator === 'in') return right.array ? mayBeAmong(left, right) : overlap(left, right);
  if (operator === '!=') return true;
  return Boolean((left.number && right.number) || (left.text && right.text));
}

function mayBeAmong(left: Type, right: Type): boolean {
  const { array, ...single } = right;
  if (!array) return true;
  return array.values.any || overlap(left, array.values) || overlap(left, single);
}

/** Whether one value can be both. */
function overlap(left: Type, right: Type): boolean {
  if (left.any || right.any) return true;
  return Boolean(
    (left.null && right.null) ||
      (left.boolean && right.boolean?.some((value) => left.boolean?.includes(value))) ||
      (left.number && right.number && share(left.number.values, right.number.values)) ||
      (left.text && right.text && share(left.text.values, right.text.values)) ||
      (left.object && right.object) ||
      (left.array && right.array),
  );
}

function share<T>(left: readonly T[] | undefined, right: readonly T[] | undefined): boolean {
  return !left || !right || left.some((value) => right.includes(value));
}
