// One evaluation: its input, what the host bound, the time, and how much it may still use.

import { expressionError } from '../errors.ts';

/** How much one evaluation may use; each ends in a defined error when it is used up. */
export interface Budget {
  /** Iterations, calls, and a share of every item copied and every character read or written. Ends in D1012. */
  readonly steps: number;
  /** So many more for each value in what the host gave: the input and the bindings. Four characters of a text weigh as a value. */
  readonly stepsPerValue: number;
  /** Calls within calls (ends in D1011), and values within values (ends in D1014). */
  readonly depth: number;
  /** Values in one sequence, array or range. Ends in D2015. */
  readonly items: number;
  /** UTF-16 units of one text. Ends in D4000. */
  readonly characters: number;
}

/**
 * Steps are weighed so that they end on small inputs within a tenth of a second, whatever the expression (`bench/mapping-safety.ts`).
 * Mappings of daily work take one or two steps for a value of their input; on a few hundred values they may go through all pairs. The
 * stack of a thread holds about ten thousand calls of an expression.
 */
export const defaultBudget: Budget = {
  steps: 200_000,
  stepsPerValue: 20,
  depth: 1000,
  items: 1_000_000,
  characters: 64 * 1024 * 1024,
};

/** The items of an array by the scalar that a chain of names gives for them; undefined while the array was seen only once. */
export interface KeyIndex {
  items: ReadonlyMap<unknown, readonly unknown[]> | undefined;
}

/** By the names that are read, by the array. */
export type Indexes = Map<readonly string[], WeakMap<readonly unknown[], KeyIndex>>;

/** A call takes so much longer than another step. */
export const callSteps = 4;

/** An expression that waits lets others run after so many steps: some milliseconds. */
const pauseSteps = 20_000;

/** Compiles and evaluates a text while an expression runs. */
export type Evaluate = (cx: Context, text: unknown, focus: unknown) => unknown;

/** What is left of a budget; shared by everything that one evaluation starts. */
interface Meter {
  stepsLeft: number;
  /** What the host gave; undefined once its size was added to the steps. */
  given: readonly unknown[] | undefined;
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
    meter: Meter = { stepsLeft: budget.steps, pauseAt: budget.steps, depth: 0, given: [root, bindings] },
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
    if (!(this.meter.stepsLeft >= 0)) this.extend();
  }

  /** Adds the steps that the size of what the host gave allows: only who needs them pays for the count. */
  private extend(): void {
    const { meter, budget } = this;
    if (meter.given && budget.stepsPerValue > 0) {
      const more = budget.stepsPerValue * weightOf(meter.given);
      meter.stepsLeft += more;
      meter.pauseAt += more;
    }
    meter.given = undefined;
    if (!(meter.stepsLeft >= 0)) throw expressionError('D1012', {});
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
    this.spend(callSteps);
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

/** So many values are looked at: more than any message has, and what the host gave may hold itself. */
const countedMax = 5_000_000;

/** How many values these are, with what is within them. */
function weightOf(values: readonly unknown[]): number {
  let weight = 0;
  const open: unknown[] = [...values];
  for (let counted = 0; open.length > 0 && counted < countedMax; counted += 1) {
    const value = open.pop();
    weight += typeof value === 'string' ? 1 + (value.length >> 2) : 1;
    if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) open.push(one);
  }
  return weight;
}
