// What a step is: one pattern, declared once, compiled for a flow, run as a generator that asks for effects.

import type { StateEffect } from './state.ts';
import type { Expression, Field, Fields, FlowTools, Message, Path, StepFormat, ValuesOf } from './types.ts';

/**
 * What a step asks the runner for. A step does no I/O itself: it yields an effect and gets the answer back, or an error
 * is thrown into it.
 */
export type Effect =
  /** Waits for a promise of the step's own (an expression or a script that is asynchronous). Answer: its value. */
  | { readonly kind: 'await'; readonly promise: Promise<unknown> }
  /** Sends to a system and waits for the reply. Answer: the reply's body. */
  | {
      readonly kind: 'call';
      readonly step: string;
      readonly target: FlowTarget;
      readonly message: Message;
      readonly timeoutMs?: number;
    }
  /** Adds an output; it leaves when the attempt is committed. */
  | { readonly kind: 'output'; readonly target: FlowTarget; readonly message: Message }
  /** Holds the message for a while, or until a time; it then goes on behind the step of that id. */
  | ({ readonly kind: 'hold'; readonly step: string; readonly message: Message } & (
      | { readonly forMs: number }
      | { readonly untilMs: number }
    ))
  /** Reserves a dedupe key. Answer: true if the key is new, or is this journey's own. */
  | { readonly kind: 'reserve'; readonly step: string; readonly key: string; readonly message: Message; readonly forMs: number }
  /** Answers the requester. */
  | { readonly kind: 'reply'; readonly body: unknown; readonly status: number; readonly contentType?: string }
  /** Adds business keys to the journey. */
  | { readonly kind: 'track'; readonly keys: Readonly<Record<string, string>> }
  /** Says that a message ended here, because it was filtered out. */
  | { readonly kind: 'filtered' }
  /** Answer: how many parts of this split were committed by an earlier attempt. */
  | { readonly kind: 'position'; readonly step: string }
  /** Everything so far may be committed: `position` parts of the split are through. */
  | { readonly kind: 'checkpoint'; readonly step: string; readonly position: number }
  /** Answer: a mark to which `rollback` returns, forgetting the outputs since. */
  | { readonly kind: 'savepoint' }
  | { readonly kind: 'rollback'; readonly savepoint: unknown }
  /** The savepoint is not needed any more. */
  | { readonly kind: 'release'; readonly savepoint: unknown }
  | StateEffect;

/** A run of steps: yields effects, ends when the message is through. */
export type Run<Result = void> = Generator<Effect, Result, unknown>;

/** What follows: runs the rest of the flow with a message. Called once for each message that goes on; not at all if none does. */
export type Next = (message: Message) => Run;

export interface CompiledStep {
  run(message: Message, next: Next): Run;
  /** Where steps lie within this one: goes on behind the step of that id, if it is one of them. */
  resume?(entry: string, message: Message, next: Next): Run | undefined;
  /** The id under which messages are held behind it. */
  readonly entry?: string;
}

/** A list of steps that lie in the flow or within another step. */
export interface CompiledSteps {
  run(message: Message, next: Next): Run;
  resume(entry: string, message: Message, next: Next): Run | undefined;
  /** The same steps, which tell what goes on behind each step of this list, by its place in it. */
  traced(watch: (index: number, message: Message) => void): CompiledSteps;
}

/** Where an output goes. Opaque to steps: the flow resolved it from what was written. */
export interface FlowTarget {
  readonly label: string;
}

/** An expression, ready to be evaluated. */
export interface StepExpression {
  readonly text: string;
  /** A value, or a promise. Throws a MortiseError with the position in the expression. */
  evaluate(message: Message, extra?: Readonly<Record<string, unknown>>): unknown;
}

/** What a step's `compile` may ask of the flow; every problem it finds is told, none is thrown. */
export interface StepCompiler {
  expression(written: Expression, path: Path): StepExpression;
  /** Text that may hold templates. */
  template(written: string, path: Path): StepExpression;
  targets(written: unknown, path: Path): readonly FlowTarget[];
  /** A target that can reply, for `call`. */
  callee(written: unknown, path: Path): FlowTarget;
  steps(written: unknown, path: Path): CompiledSteps;
  /** Checks a value against a model; the check throws MORTISE_STEP_INVALID. */
  model(reference: string, path: Path): (value: unknown) => void;
  script(written: unknown, path: Path): FlowTools['script'];
  /** The records of a body, by a format. */
  records(written: unknown, path: Path): FlowTools['records'];
  /** A format, for whole bodies. */
  format(written: unknown, path: Path): StepFormat;
  /** Reads the options that belong to the step itself, where what is written holds others too; those are left in `rest`. */
  read<F extends Fields>(
    fields: F,
    written: unknown,
    path: Path,
  ): { readonly own: ValuesOf<F>; readonly rest: Readonly<Record<string, unknown>> };
  /** Claims an id for a step that keeps state; a problem if it is taken. `holds`: messages may be held under it. */
  claimId(id: string, path: Path, holds?: boolean): void;
  /** The flow answers requesters. */
  replies(): void;
  /** The flow undoes what it did, by what is run at `entry`. From here on no step may hold messages: it would not be undone. */
  compensates(entry: string, path: Path): void;
  problem(path: Path, message: string, remedy: string): void;
  /** The flow has a step whose outcome is not a function of the message alone: outputs are committed before they are sent. */
  notDeterministic(): void;
}

/** The declaration of a step. `form` is what a user writes behind its name: check, schema and reference derive from it. */
export interface StepDefinition {
  readonly name: string;
  /** The patterns of the book it stands for. */
  readonly pattern: string;
  readonly doc: string;
  readonly form: Field;
  /** `written` has passed `form`. */
  compile(written: never, compiler: StepCompiler, path: Path): CompiledStep;
}

/** Keeps the type of what a step's form reads to. */
export function defineStep<Written>(
  definition: Omit<StepDefinition, 'compile'> & { compile(written: Written, compiler: StepCompiler, path: Path): CompiledStep },
): StepDefinition {
  return definition as StepDefinition;
}

/** Evaluates within a step, waiting only where the expression is asynchronous. */
export function* evaluate(expression: StepExpression, message: Message, extra?: Readonly<Record<string, unknown>>): Run<unknown> {
  const value = expression.evaluate(message, extra);
  return value instanceof Promise ? yield { kind: 'await', promise: value } : value;
}
