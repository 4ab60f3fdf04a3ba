// One evaluation: its input, what the host bound, the time, and how much it may still use.

import { expressionError } from '../errors.ts';

/** How much one evaluation may use; each ends in a defined error when it is used up. */
export interface Budget {
  /** Iterations, calls, and a share of every item copied and every character read or written. Ends in D1012. */
  readonly steps: number;
  /** Calls within calls (ends in D1011), and values within values (ends in D1014). */
  readonly depth: number;
  /** Values in one sequence, array or range. Ends in D2015. */
  readonly items: number;
  /** UTF-16 units of one text. Ends in D4000. */
  readonly characters: number;
}

/**
 * Enough for every mapping that was met, and little enough that none stalls an engine: ten million steps take less than a
 * second. The stack of a thread holds about ten thousand calls of an expression.
 */
export const defaultBudget: Budget = { steps: 10_000_000, depth: 1000, items: 1_000_000, characters: 64 * 1024 * 1024 };

/** The items of an array by the scalar that a chain of names gives for them; undefined while the array was seen only once. */
export interface KeyIndex {
  items: ReadonlyMap<unknown, readonly unknown[]> | undefined;
}

/** By the names that are read, by the array. */
export type Indexes = Map<readonly string[], WeakMap<readonly unknown[], KeyIndex>>;

/** An expression that waits lets others run after so many steps: some milliseconds. */
const pauseSteps = 20_000;

/** Compiles and evaluates a text while an expression runs. */
export type Evaluate = (cx: Context, text: unknown, focus: unknown) => unknown;

/** What is left of a budget; shared by everything that one evaluation starts. */
interface Meter {
  stepsLeft: number;
  /** How many were left at the last pause. */
  pauseAt: number;
  depth: number;
}

export class Context {
  /** What `$$` is. */
  readonly root: unknown;
  /** Milliseconds since 1970: what `$now` and `$millis` tell. */
  readonly nowMs: number;
  readonly itemsMax: number;
  readonly charactersMax: number;
  /** So deep values may lie within values. */
  readonly nestingMax: number;
  /** Whether functions may give promises, which are waited for. */
  readonly isAsync: boolean;
  /** Where the items of an array are found by a key: see `indexes.ts`. */
  indexes: Indexes | undefined;
  private readonly bindings: Readonly<Record<string, unknown>>;
  private readonly budget: Budget;
  private readonly meter: Meter;
  private readonly evaluator: Evaluate;

  constructor(
    root: unknown,
    bindings: Readonly<Record<string, unknown>>,
    nowMs: number,
    budget: Budget,
    evaluator: Evaluate,
    isAsync = false,
    meter: Meter = { stepsLeft: budget.steps, pauseAt: budget.steps, depth: 0 },
  ) {
    this.root = root;
    this.bindings = bindings;
    this.nowMs = nowMs;
    this.itemsMax = budget.items;
    this.charactersMax = budget.characters;
    this.nestingMax = budget.depth;
    this.budget = budget;
    this.meter = meter;
    this.isAsync = isAsync;
    this.evaluator = evaluator;
  }

  /** Counts so many steps. Throws D1012 when none are left. */
  spend(steps: number): void {
    this.meter.stepsLeft -= steps;
    if (!(this.meter.stepsLeft >= 0)) throw expressionError('D1012', { value: this.budget.steps });
  }

  /** Counts the copying of so many items: less than what is computed, but not nothing. */
  spendItems(items: number): void {
    if (items > 3) this.spend(items >> 2);
  }

  /** Counts the reading or writing of so many characters. */
  spendCharacters(characters: number): void {
    if (characters > 15) this.spend(characters >> 4);
  }

  /** Throws D2015 where one array would hold more items than it may. */
  requireItems(items: number): void {
    if (items > this.itemsMax) throw expressionError('D2015', { value: this.itemsMax });
  }

  /** Throws D4000 where one text would be longer than it may. */
  requireCharacters(characters: number): void {
    if (characters > this.charactersMax) throw expressionError('D4000', { value: this.charactersMax });
  }

  /** Whether it is time to let others run: so many steps since the last pause. */
  isPauseDue(): boolean {
    if (this.meter.pauseAt - this.meter.stepsLeft < pauseSteps) return false;
    this.meter.pauseAt = this.meter.stepsLeft;
    return true;
  }

  enter(): void {
    this.spend(1);
    this.meter.depth += 1;
    if (this.meter.depth > this.budget.depth) throw expressionError('D1011', { value: this.budget.depth });
  }

  leave(): void {
    this.meter.depth -= 1;
  }

  /** What the host bound to this name. */
  bound(name: string): unknown {
    return Object.hasOwn(this.bindings, name) ? this.bindings[name] : undefined;
  }

  /** Compiles and evaluates a text, as `$eval` does. */
  evaluate(text: unknown, focus: unknown): unknown {
    return this.evaluator(this, text, focus);
  }

  /** The same evaluation with more variables: those of the place where a text is evaluated. */
  with(variables: Readonly<Record<string, unknown>>): Context {
    return new Context(
      this.root,
      { ...this.bindings, ...variables },
      this.nowMs,
      this.budget,
      this.evaluator,
      this.isAsync,
      this.meter,
    );
  }
}
