// What becomes of an attempt: compiled and evaluated with a small budget, at once and waiting.

import { compileAsyncExpression, compileExpression, ExpressionError } from '../index.ts';

/** `secret` is what no expression may read: it stands where only what is inherited leads. */
class Instance {
  readonly own = 1;
  static readonly secret = 'secret';
  method(): string {
    return 'secret';
  }
  get getter(): string {
    return 'secret';
  }
}

export const budget = { steps: 50_000, stepsPerValue: 0, depth: 500, items: 1_000_000, characters: 64 * 1024 * 1024 };
const input = { a: { b: 1 }, list: [{ x: 1 }, { x: 2 }], text: 'text' };
const hostFunction = Object.assign((value: unknown) => value, { secret: 'secret' });

export interface Outcome {
  readonly text: string;
  /** JSON of the result, or the code of the error; anything else that was thrown begins with "host". */
  readonly now: string;
  readonly waiting: string;
}

/** `onBegin` is told the number of each attempt before it begins. */
export async function outcomesOf(
  texts: readonly string[],
  onBegin: (at: number) => void = () => undefined,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [at, text] of texts.entries()) {
    onBegin(at);
    const bindings = { function: hostFunction, object: { own: 1 }, instance: new Instance() };
    const now = await outcomeOf(() => compileExpression(text, budget).evaluate(structuredClone(input), bindings, 0));
    const waiting = await outcomeOf(() => compileAsyncExpression(text, budget).evaluate(structuredClone(input), bindings, 0));
    outcomes.push({ text: text.slice(0, 200), now, waiting });
  }
  return outcomes;
}

async function outcomeOf(evaluate: () => unknown): Promise<string> {
  try {
    const result = await evaluate();
    return typeof result === 'function' ? 'a function' : String(JSON.stringify(result)).slice(0, 1000);
  } catch (error) {
    return error instanceof ExpressionError ? error.code : `host: ${String(error).slice(0, 300)}`;
  }
}
