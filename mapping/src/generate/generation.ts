// What the parts of the generator ask of it.

import type { Native } from '../runtime/calls.ts';
import type { Syntax } from '../syntax.ts';
import type { Emitter, Operand } from './emitter.ts';
import type { Scope } from './scope.ts';

export interface Generation {
  readonly emitter: Emitter;
  readonly natives: ReadonlyMap<string, Native>;
  readonly scope: Scope;
  /** Writes an expression; gives the code of its collapsed value. `input` is the code of the context. */
  emit(node: Syntax, input: string): string;
  /** The same for a reader to whom an array is its items: several values need not be marked as a sequence. */
  emitItems(node: Syntax, input: string): string;
  emitOperand(node: Syntax, input: string): Operand;
  /** Collapses what may be a sequence. */
  settle(operand: Operand, isKept: boolean): Operand;
  /** Declares variables in the nearest frame. */
  declare(names: Iterable<string>): void;
  /** Writes within another scope. */
  within<T>(scope: Scope, write: () => T): T;
  /** Reads a variable into a name. */
  variable(name: string): string;
}
