// Calls: of built-in functions by name, of function values, in tail position, in part.

import type { FunctionSyntax, Syntax } from '../syntax.ts';
import { literal } from './emitter.ts';
import type { Operand } from './emitter.ts';
import type { Generation } from './generation.ts';
import { keyOfFunction } from './keys.ts';
import { mayBeBound } from './scope.ts';

/** Functions to which an array is its items, and which do not give it back. */
const readers: ReadonlySet<string> = new Set('sum count max min average join exists boolean not decimalSum'.split(' '));

/** `first`: what stands left of `~>`. `isTail`: the call ends a function, and the caller of that makes it. */
export function emitCall(g: Generation, node: FunctionSyntax, input: string, first: string | undefined, isTail = false): Operand {
  const native = nativeName(g, node);
  if (native === 'eval') return emitEval(g, node, input, first);
  const procedure = native === undefined ? g.emit(node.procedure, input) : undefined;
  if (procedure !== undefined) requireFunction(g, node, procedure, 'T1005');
  const takesItems = native !== undefined && readers.has(native);
  const emit = (argument: Syntax): string => (takesItems ? g.emitItems(argument, input) : g.emit(argument, input));
  const values = [...(first === undefined ? [] : [first]), ...node.arguments.map(emit)];
  if (native === 'filter' || native === 'single') emitSearched(g, values, node.arguments, input);
  const list = `[${values.join(', ')}]`;
  const token = literal(nameOf(node) ?? '');
  const { emitter } = g;
  if (native !== undefined) {
    const definition = emitter.constant(g.natives.get(native));
    const called = (given: string): string => `(cx, ${definition}, ${given}, ${input}, ${node.position})`;
    const atOnce = values.length === 1 ? `rt.callNativeWith${called(values[0] as string)}` : `rt.callNative${called(list)}`;
    const js = emitter.hold(g.natives.get(native)?.isAsync ? `await rt.callAsyncNative${called(list)}` : atOnce);
    // In tail position JSONata does not collapse what a built-in function gives.
    return { js, kind: isTail ? 'value' : 'maybe' };
  }
  if (isTail) return { js: emitter.hold(`rt.tail(${procedure}, ${list}, ${node.position}, ${token})`), kind: 'value' };
  return { js: emitter.holdAwaited(`rt.call(cx, ${procedure}, ${list}, ${input}, ${node.position}, ${token})`), kind: 'maybe' };
}

/** Of what a function is to look through, the items that it may choose: fewer than all where the function asks for a key. */
function emitSearched(g: Generation, values: string[], given: readonly Syntax[], input: string): void {
  const last = given.at(-1);
  const key = values.length === 2 && last?.type === 'lambda' && !last.predicate && !last.group ? keyOfFunction(last) : undefined;
  if (!key) return;
  const wanted = g.emit(key.value, input);
  values[0] = g.emitter.hold(`rt.searched(cx, ${values[0]}, ${g.emitter.constant(key.names)}, ${wanted})`);
}

/** The built-in function that is meant, where nothing in the expression can have bound its name. */
function nativeName(g: Generation, { procedure }: FunctionSyntax): string | undefined {
  if (procedure.type !== 'variable' || procedure.predicate || procedure.group) return undefined;
  const isNative = g.natives.has(procedure.value) && !mayBeBound(g.scope, procedure.value);
  return isNative ? procedure.value : undefined;
}

function nameOf({ procedure }: FunctionSyntax): string | undefined {
  if (procedure.type === 'variable') return procedure.value;
  const [first] = procedure.type === 'path' ? procedure.steps : [];
  return first && 'value' in first && typeof first.value === 'string' ? first.value : undefined;
}

/** `name(…)` where `$name(…)` was meant. */
function requireFunction(g: Generation, node: FunctionSyntax, procedure: string, code: string): void {
  const name = node.procedure.type === 'path' ? nameOf(node) : undefined;
  if (name === undefined) return;
  const meant = g.variable(name);
  g.emitter.line(
    `if (${procedure} === undefined && ${meant}) throw rt.expressionError(${literal(code)}, { position: ${node.position}, token: ${literal(name)} });`,
  );
}

function emitEval(g: Generation, node: FunctionSyntax, input: string, first: string | undefined): Operand {
  const [text = 'undefined', focus = 'undefined'] = [
    ...(first === undefined ? [] : [first]),
    ...node.arguments.map((argument) => g.emit(argument, input)),
  ];
  const js = g.emitter.holdAwaited(`rt.evaluateText(cx, ${text}, ${focus}, ${input}, ${node.position}, ${visible(g)})`);
  return { js, kind: 'maybe' };
}

/** The variables that are visible here, by name, for an expression that is compiled while this one runs. */
function visible(g: Generation): string {
  const names = new Set<string>();
  for (let scope: typeof g.scope | undefined = g.scope; scope; scope = scope.outer) {
    for (const name of scope.variables?.keys() ?? []) names.add(name);
    for (const name of scope.tuple?.names ?? []) names.add(name);
  }
  return `{ __proto__: null, ${[...names].map((name) => `[${literal(name)}]: ${g.variable(name)}`).join(', ')} }`;
}

export function emitPartial(g: Generation, node: FunctionSyntax, input: string): Operand {
  const values = node.arguments.map((argument: Syntax) => (argument.type === 'operator' ? 'rt.hole' : g.emit(argument, input)));
  const procedure = g.emit(node.procedure, input);
  requireFunction(g, node, procedure, 'T1007');
  const js = g.emitter.hold(`rt.partial(${procedure}, [${values.join(', ')}], ${node.position}, ${literal(nameOf(node) ?? '')})`);
  return { js, kind: 'value' };
}
