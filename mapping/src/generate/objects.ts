// Objects and grouping: with literal keys straight code, else by the runtime.

import { hostCalled } from '../runtime/values.ts';
import type { Grouping, Syntax } from '../syntax.ts';
import { literal } from './emitter.ts';
import type { Operand } from './emitter.ts';
import type { Generation } from './generation.ts';

/** `input` is not collapsed: its items are grouped. */
export function emitGroup(g: Generation, input: string, group: Grouping): Operand {
  const keys = group.lhs.map(([key]) => literalKey(key));
  const isPlain = keys.every((key) => key !== undefined) && new Set(keys).size === keys.length;
  return isPlain ? emitPlain(g, input, group, keys as readonly string[]) : emitGrouped(g, input, group);
}

function literalKey(key: Syntax): string | undefined {
  const isLiteral = key.type === 'string' && !key.predicate && !key.group && !key.value?.toString().startsWith('_jsonata_');
  return isLiteral ? String(key.value) : undefined;
}

/** Every key stands for all items: the values are computed once, for all items together. Tuples take the other way. */
function emitPlain(g: Generation, input: string, group: Grouping, keys: readonly string[]): Operand {
  const { emitter } = g;
  const context = emitter.hold(`rt.together(cx, ${input})`);
  const values = group.lhs.map(([, value]) => g.emit(value, context));
  const result = emitter.variable();
  const parts = keys.map((key, at) => ({
    key: literal(key),
    value: values[at] as string,
    isOdd: key === '__proto__' || hostCalled.has(key),
  }));
  for (const [at, key] of keys.entries()) if (hostCalled.has(key)) emitter.line(`rt.requireNoFunction(${values[at]});`);
  const all = parts.map(({ key, value, isOdd }) => `${isOdd ? `[${key}]` : key}: ${value}`).join(', ');
  const present = values.filter((value) => /^(v\d+|input|undefined)$/.test(value)).map((value) => `${value} !== undefined`);
  emitter.line(`if (${present.join(' && ') || 'true'}) ${result} = { ${all} };`);
  emitter.line(`else {\n${result} = {};`);
  for (const { key, value, isOdd } of parts) {
    const set = isOdd ? `rt.setOwn(${result}, ${key}, ${value})` : `${result}[${key}] = ${value}`;
    emitter.line(`if (${value} !== undefined) ${set};`);
  }
  emitter.line('}');
  return { js: result, kind: 'value' };
}

function emitGrouped(g: Generation, input: string, group: Grouping): Operand {
  const pairs = group.lhs.map(
    ([key, value]) => `{ key: ${emitInTuple(g, key, new Set())}, value: ${emitInTuple(g, value, new Set())} }`,
  );
  return { js: g.emitter.holdAwaited(`rt.group(cx, ${input}, [${pairs.join(', ')}], ${group.position})`), kind: 'value' };
}

/** Grouping of tuples: their bindings are variables in keys and values. */
export function emitTupleGroup(g: Generation, tuples: string, group: Grouping, names: ReadonlySet<string>): Operand {
  const pairs = group.lhs.map(([key, value]) => `{ key: ${emitInTuple(g, key, names)}, value: ${emitInTuple(g, value, names)} }`);
  return { js: g.emitter.holdAwaited(`rt.group(cx, ${tuples}, [${pairs.join(', ')}], ${group.position})`), kind: 'value' };
}

/** A function of a context and a tuple, in whose code the bindings of the tuple are variables. */
export function emitInTuple(g: Generation, node: Syntax, names: ReadonlySet<string>): string {
  const [context, tuple] = [g.emitter.name(), g.emitter.name()];
  const scope = names.size === 0 ? g.scope : { outer: g.scope, tuple: { js: tuple, names } };
  return g.within(scope, () => g.emitter.closure([context, tuple], () => g.emit(node, context)));
}
