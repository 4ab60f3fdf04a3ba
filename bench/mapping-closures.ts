// The other way to compile: functions within functions in place of generated code, for what the simplest mappings are made of.
//
// It exists to be measured beside the product (`mapping.ts`), with the same parser, runtime, fast ways and budget. What it does not know it
// refuses, and the measurement leaves that mapping out.

import { parse } from '../mapping/src/parse.ts';
import { natives } from '../mapping/src/functions/natives.ts';
import { Context, defaultBudget } from '../mapping/src/runtime/context.ts';
import { runtime as rt } from '../mapping/src/runtime/runtime.ts';
import type { BinarySyntax, FunctionSyntax, Grouping, PathSyntax, Syntax } from '../mapping/src/syntax.ts';

/** Variables of blocks stand in the slots of one evaluation. */
type Closure = (cx: Context, input: unknown, slots: unknown[]) => unknown;

/** Where variables stand. */
type Names = ReadonlyMap<string, number>;

class Unknown extends Error {}

/** An expression as a function of its input; undefined where it is made of more than is known here. */
export function compileClosures(text: string): ((input: unknown) => unknown) | undefined {
  try {
    const run = closureOf(parse(text), new Map());
    return (input) => run(new Context(input, {}, 0, defaultBudget, () => undefined), input, []);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

function closureOf(node: Syntax, names: Names): Closure {
  if (node.predicate || node.keepArray || node.tuple || (node.group && node.type !== 'path')) throw new Unknown();
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value': {
      const { value } = node;
      return () => value;
    }
    case 'path':
      return pathOf(node, names);
    case 'variable':
      return variableOf(node.value, names);
    case 'condition': {
      const [test, then] = [closureOf(node.condition, names), closureOf(node.then, names)];
      const otherwise: Closure = node.else ? closureOf(node.else, names) : () => undefined;
      return (cx, input, slots) => (rt.isTrue(cx, test(cx, input, slots)) ? then : otherwise)(cx, input, slots);
    }
    case 'binary':
      return binaryOf(node, names);
    case 'unary':
      if (node.value === '{') return objectOf(node, names);
      if (node.value === '[') return arrayOf(node.expressions, names);
      throw new Unknown();
    case 'function':
      return callOf(node, names);
    case 'block':
      return blockOf(node.expressions, names);
    default:
      throw new Unknown();
  }
}

function variableOf(name: string, names: Names): Closure {
  if (name === '') return (_cx, input) => input;
  if (name === '$') return (cx) => cx.root;
  const slot = names.get(name);
  if (slot === undefined) throw new Unknown();
  return (_cx, _input, slots) => slots[slot];
}

function blockOf(expressions: readonly Syntax[], names: Names): Closure {
  const known = new Map(names);
  const steps = expressions.map((one): Closure => {
    if (one.type !== 'bind') return closureOf(one, known);
    const bound = closureOf(one.rhs, known);
    const slot = known.size;
    known.set(one.lhs.value, slot);
    return (cx, input, slots) => (slots[slot] = bound(cx, input, slots));
  });
  return (cx, input, slots) => {
    let last: unknown;
    for (const step of steps) last = step(cx, input, slots);
    return last;
  };
}

function binaryOf({ value, lhs, rhs, position }: BinarySyntax, names: Names): Closure {
  const [left, right] = [closureOf(lhs, names), closureOf(rhs, names)];
  switch (value) {
    case '+':
      return (cx, input, slots) => rt.add(left(cx, input, slots), right(cx, input, slots), position);
    case '*':
      return (cx, input, slots) => rt.multiply(left(cx, input, slots), right(cx, input, slots), position);
    case '/':
      return (cx, input, slots) => rt.divide(left(cx, input, slots), right(cx, input, slots), position);
    case '>':
      return (cx, input, slots) => rt.greater(left(cx, input, slots), right(cx, input, slots), position);
    case '=':
      return (cx, input, slots) => rt.equals(cx, left(cx, input, slots), right(cx, input, slots));
    case 'in':
      return (cx, input, slots) => rt.isIn(cx, left(cx, input, slots), right(cx, input, slots));
    case '&':
      return (cx, input, slots) => rt.concatenate(cx, left(cx, input, slots), right(cx, input, slots));
    case 'and':
      return (cx, input, slots) => rt.isTrue(cx, left(cx, input, slots)) && rt.isTrue(cx, right(cx, input, slots));
    default:
      throw new Unknown();
  }
}

function objectOf({ lhs }: Grouping, names: Names): Closure {
  const pairs = lhs.map(([key, value]) => {
    if (key.type !== 'string' || key.value === '__proto__') throw new Unknown();
    return { key: String(key.value), value: closureOf(value, names) };
  });
  return (cx, input, slots) => {
    const context = rt.together(cx, input);
    const result: Record<string, unknown> = {};
    for (const { key, value } of pairs) {
      const found = value(cx, context, slots);
      if (found !== undefined) result[key] = found;
    }
    return result;
  };
}

function arrayOf(expressions: readonly Syntax[], names: Names): Closure {
  const items = expressions.map((one) => closureOf(one, names));
  return (cx, input, slots) => {
    const result: unknown[] = [];
    for (const item of items) {
      const one = item(cx, input, slots);
      if (one !== undefined) rt.pushItems(cx, result, one);
    }
    return result;
  };
}

function callOf({ procedure, arguments: given, position }: FunctionSyntax, names: Names): Closure {
  const native = procedure.type === 'variable' ? natives.get(procedure.value) : undefined;
  if (!native || native.name === 'eval') throw new Unknown();
  const values = given.map((one) => closureOf(one, names));
  const [only] = values;
  if (only && values.length === 1)
    return (cx, input, slots) => rt.normalize(rt.callNative(cx, native, [only(cx, input, slots)], input, position));
  return (cx, input, slots) =>
    rt.normalize(
      rt.callNative(
        cx,
        native,
        values.map((value) => value(cx, input, slots)),
        input,
        position,
      ),
    );
}

function pathOf({ steps, keepSingletonArray, group }: PathSyntax, names: Names): Closure {
  if (keepSingletonArray || group || steps.some(({ tuple, consarray }) => tuple || consarray)) throw new Unknown();
  const chain = steps.findIndex((step) => step.type !== 'name' || step.stages !== undefined || step.predicate !== undefined);
  const before = chainOf(steps.slice(0, chain < 0 ? steps.length : chain), chain < 0);
  if (chain < 0) return before;
  const [step, ...rest] = steps.slice(chain);
  if (!step || rest.length > 0 || step.type === 'sort' || step.type === 'variable' || step.stages) throw new Unknown();
  const each = closureOf(step, names);
  return (cx, input, slots) => {
    const found = before(cx, input, slots);
    const items = found === undefined ? [] : rt.itemsOf(found);
    cx.spend(items.length);
    const results: unknown[] = [];
    for (const item of items) {
      const one = each(cx, item, slots);
      if (one !== undefined) results.push(one);
    }
    return rt.normalize(rt.lastStep(cx, results));
  };
}

/** Names behind each other: as in the generated code, plain objects are read at once and anything else by the runtime. */
function chainOf(steps: readonly Syntax[], isLast: boolean): Closure {
  const list = steps.map((step) => ('value' in step ? String(step.value) : ''));
  const rest = isLast ? rt.chain : rt.chainOn;
  const [first, second] = list;
  if (list.some((name) => name in Object.prototype)) throw new Unknown();
  if (first !== undefined && list.length === 1) return (cx, input) => (isPlain(input) ? input[first] : rest(input, list, 0, cx));
  if (first !== undefined && second !== undefined && list.length === 2)
    return (cx, input) => {
      if (!isPlain(input)) return rest(input, list, 0, cx);
      const inner = input[first];
      return isPlain(inner) ? inner[second] : rest(inner, list, 1, cx);
    };
  return (cx, input) => {
    let current = input;
    for (const [at, name] of list.entries()) {
      if (!isPlain(current)) return rest(current, list, at, cx);
      current = current[name];
    }
    return current;
  };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (value as { readonly __proto__?: unknown } | null | undefined)?.__proto__ === rt.plain;
}
