// JSONata expressions behind a small interface: compile once, evaluate often.

import jsonata from 'jsonata';

export * from './literal-calls.ts';

/** An expression that does not compile, or fails while it is evaluated. Codes are JSONata's own, as `S0201` or `T2001`. */
export class ExpressionError extends Error {
  readonly code: string;
  /** Characters from the start of the expression, where known. */
  readonly position: number | undefined;

  constructor(code: string, message: string, position: number | undefined) {
    super(message);
    this.name = 'ExpressionError';
    this.code = code;
    this.position = position;
  }
}

/** Variables of an expression, without the `$`. Functions among them may be called by the expression. */
export type Bindings = Readonly<Record<string, unknown>>;

export interface CompiledExpression {
  readonly text: string;
  /** The same input and bindings give the same result: no `$random`, no `$eval`; `$now` and `$millis` are the host's. */
  readonly deterministic: boolean;
  /** The free variables it mentions, without the `$`, and without the built-in functions. */
  readonly variables: readonly string[];
  /**
   * A result, or a promise of one where something in it is asynchronous; undefined for nothing. `nowMs` (milliseconds since
   * 1970) is what `$now` and `$millis` tell. Throws or rejects with `ExpressionError`.
   */
  evaluate(input: unknown, bindings: Bindings, nowMs: number): unknown;
}

interface SyntaxNode {
  readonly type?: string;
  readonly value?: unknown;
  readonly [part: string]: unknown;
}

const undetermined = new Set(['random', 'eval', 'shuffle']);

/** Compiles `text`. Throws `ExpressionError` with the position where it does not parse. */
export function compileExpression(text: string): CompiledExpression {
  const expression = parse(text);
  const names = variableNames(expression.ast() as unknown as SyntaxNode);
  return {
    text,
    deterministic: !names.some((name) => undetermined.has(name)),
    variables: names.filter((name) => !Object.hasOwn(builtIns, name)),
    evaluate: async (input, bindings, nowMs) => {
      try {
        return await expression.evaluate(input, { ...bindings, now: nowAs(nowMs), millis: () => nowMs });
      } catch (error) {
        throw toExpressionError(error);
      }
    },
  };
}

function parse(text: string): jsonata.Expression {
  try {
    return jsonata(text);
  } catch (error) {
    throw toExpressionError(error);
  }
}

const formatted = jsonata('$fromMillis($at, $picture, $zone)');

/** `$now` at a fixed time, with the picture and zone it takes in JSONata. */
function nowAs(nowMs: number): (picture?: string, zone?: string) => unknown {
  return (picture, zone) =>
    picture === undefined && zone === undefined
      ? new Date(nowMs).toISOString()
      : formatted.evaluate(undefined, { at: nowMs, picture, zone });
}

function toExpressionError(error: unknown): ExpressionError {
  const { code, message, position } = error as { code?: unknown; message?: unknown; position?: unknown };
  return new ExpressionError(
    typeof code === 'string' ? code : 'D0000',
    typeof message === 'string' ? message : String(error),
    typeof position === 'number' ? position : undefined,
  );
}

/** Names read but never bound in the expression itself: by assignment, as a parameter, or by `@` and `#`. */
function variableNames(ast: SyntaxNode): readonly string[] {
  const read = new Set<string>();
  const bound = new Set<string>();
  visit(ast, (node) => {
    if (node.type === 'variable' && typeof node.value === 'string' && node.value !== '' && node.value !== '$')
      read.add(node.value);
    if (node.type === 'bind') collect(node['lhs'], bound);
    if (node.type === 'lambda') for (const parameter of asList(node['arguments'])) collect(parameter, bound);
    for (const mark of ['focus', 'index']) if (typeof node[mark] === 'string') bound.add(node[mark]);
  });
  return [...read].filter((name) => !bound.has(name));
}

function visit(node: unknown, look: (node: SyntaxNode) => void, seen = new Set<unknown>()): void {
  if (typeof node !== 'object' || node === null || seen.has(node)) return;
  seen.add(node);
  if (!Array.isArray(node)) look(node as SyntaxNode);
  for (const part of Object.values(node)) visit(part, look, seen);
}

function collect(node: unknown, names: Set<string>): void {
  const value = (node as SyntaxNode | undefined)?.value;
  if (typeof value === 'string') names.add(value);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The names of the built-in functions, without the `$`. */
export const builtInFunctions = (): readonly string[] => Object.keys(builtIns);

const builtIns: Readonly<Record<string, true>> = Object.fromEntries(
  (
    'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains ' +
    'replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not ' +
    'map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct ' +
    'base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval toMillis fromMillis clone now millis'
  )
    .split(' ')
    .map((name) => [name, true] as const),
);
