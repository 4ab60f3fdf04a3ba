// Paths: chains of names as straight code, other steps as loops, steps with bindings by the runtime.

import type { PathSyntax, SortSyntax, Stage, Syntax } from '../syntax.ts';
import { literal } from './emitter.ts';
import type { Operand } from './emitter.ts';
import type { Generation } from './generation.ts';
import { emitGroup, emitInTuple, emitTupleGroup } from './objects.ts';
import { keyOf, keyOfStep } from './keys.ts';
import { bindsOf, tupleNames } from './walk.ts';

/** Names that every object inherits something for: read the careful way. */
const inherited: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'constructor']);

/** `isUnmarked`: several values need not be marked as a sequence. */
export function emitPath(g: Generation, node: PathSyntax, input: string, isUnmarked = false): Operand {
  const tupleFrom = node.steps.findIndex(({ tuple }) => tuple);
  if (tupleFrom >= 0) return emitTuplePath(g, node, input, tupleFrom);
  let current = emitSteps(g, node.steps, input, node.steps.length, isUnmarked ? 'items' : 'path');
  if (node.keepSingletonArray)
    current = { js: g.emitter.hold(`rt.${current.kind === 'fresh' ? 'finishKept' : 'kept'}(${current.js})`), kind: 'value' };
  return node.group ? emitGroup(g, current.js, node.group) : current;
}

/** What the last of some steps ends: the path, the path of a reader that takes items, or nothing. */
type End = 'path' | 'items' | undefined;

/** The first `count` steps. */
function emitSteps(g: Generation, steps: readonly Syntax[], input: string, count: number, end: End): Operand {
  let current: Operand = { js: input, kind: 'value' };
  for (let at = 0; at < count; at += 1) {
    const step = steps[at] as Syntax;
    const isLast = end !== undefined && at === count - 1;
    const names = plainNames(steps, at, count);
    if (at === 0 && step.consarray) current = { js: g.emit(step, g.emitter.hold(`rt.asSequence(${input})`)), kind: 'value' };
    else if (at === 0 && step.type === 'variable') current = emitVariableStep(g, step, input, isLast);
    else if (names.length > 0) {
      current = emitChain(g, names, current.js, end !== undefined && at + names.length === count);
      at += names.length - 1;
    } else if (step.type === 'sort') current = emitSort(g, step, current.js);
    else current = emitLoop(g, step, current.js, at === 0, isLast ? end : undefined);
  }
  return current;
}

/** The names that follow each other from here, without anything between. */
function plainNames(steps: readonly Syntax[], from: number, to: number): readonly string[] {
  const names: string[] = [];
  for (let at = from; at < to; at += 1) {
    const step = steps[at] as Syntax;
    if (step.type !== 'name' || step.stages || step.predicate || step.group) break;
    names.push(step.value);
  }
  return names;
}

/** `a.b.c`: as long as each value is a plain object, its own fields are read; any other way goes on in the runtime. */
function emitChain(g: Generation, names: readonly string[], from: string, isLast: boolean): Operand {
  const { emitter } = g;
  const result = emitter.variable(from);
  const list = emitter.constant(names);
  const rest = (at: number): string => `${result} = rt.${isLast ? 'chain' : 'chainOn'}(${result}, ${list}, ${at}, cx);`;
  for (const [at, name] of names.entries()) {
    if (inherited.has(name)) {
      emitter.line(`${rest(at)}${'}'.repeat(at)}`);
      return { js: result, kind: 'value' };
    }
    emitter.line(`if (${result}?.__proto__ !== plain) { ${rest(at)} } else { ${result} = ${result}[${literal(name)}];`);
  }
  emitter.line('}'.repeat(names.length));
  if (isLast) emitter.line(`if (${result}?.length === 1) ${result} = rt.reread(${result}, cx);`);
  return { js: result, kind: 'value' };
}

/** A path that begins with a variable: its value is one item, also where it is an array. */
function emitVariableStep(g: Generation, step: Syntax, input: string, isLast: boolean): Operand {
  const { stages, ...bare } = step;
  let found: Operand = g.emitOperand(bare as Syntax, input);
  for (const { expr } of stages ?? []) found = emitFilter(g, found.js, expr);
  if (isLast)
    return { js: g.emitter.hold(`rt.lastStep(cx, ${found.js} === undefined ? [] : [${asSequence(found)}])`), kind: 'maybe' };
  return { js: g.emitter.hold(`rt.opened(${found.js})`), kind: 'value' };
}

function asSequence({ js, kind }: Operand): string {
  return kind === 'fresh' ? `rt.sequence(${js})` : js;
}

function emitSort(g: Generation, step: SortSyntax, current: string): Operand {
  const terms = step.terms.map(
    ({ descending, expression }) => `{ isDescending: ${descending}, key: ${emitInTuple(g, expression, new Set())} }`,
  );
  const sorted = `rt.sortStep(cx, ${current} === undefined ? [] : ${current}, [${terms.join(', ')}], ${step.position})`;
  return emitStages(g, { js: g.emitter.holdAwaited(sorted), kind: 'maybe' }, step.stages);
}

/** Any other step: its expression for each item. */
function emitLoop(g: Generation, step: Syntax, current: string, isFirst: boolean, end: End): Operand {
  const { emitter } = g;
  const items = emitter.hold(isFirst ? `rt.itemsOf(${current})` : `${current} === undefined ? [] : rt.itemsOf(${current})`);
  const found = emitter.hold('[]');
  const [at, item] = [emitter.name(), emitter.name()];
  emitter.line(`cx.spend(${items}.length);`);
  emitter.line(`for (let ${at} = 0; ${at} < ${items}.length; ${at} += 1) {`);
  emitter.line(`const ${item} = ${items}[${at}];`);
  const { stages, ...bare } = step;
  const one = emitStages(g, g.emitOperand(bare as Syntax, item), stages);
  if (end) emitter.line(`if (${one.js} !== undefined) ${found}.push(${asSequence(one)});`);
  else if (one.kind === 'fresh') emitter.line(`rt.pushItems(cx, ${found}, ${one.js});`);
  else emitter.line(`if (${one.js} !== undefined) rt.pushFlat(cx, ${found}, ${one.js});`);
  emitter.line('}');
  if (end === 'items') {
    const collapsed = isNoArray(step) ? `${found}.length > 1 ? ${found} : ${found}[0]` : `rt.collapsed(cx, ${found})`;
    return { js: emitter.hold(collapsed), kind: 'value' };
  }
  return end ? { js: emitter.hold(`rt.lastStep(cx, ${found})`), kind: 'maybe' } : { js: found, kind: 'fresh' };
}

/** Arithmetic and objects: what they give need not be looked through for lists. */
function isNoArray(step: Syntax): boolean {
  if (step.stages || step.predicate || step.group) return false;
  return (step.type === 'binary' && '+-*/%'.includes(step.value)) || (step.type === 'unary' && step.value === '{');
}

function emitStages(g: Generation, start: Operand, stages: readonly Stage[] | undefined): Operand {
  let current = start;
  for (const { expr } of stages ?? []) current = emitFilter(g, current.js, expr);
  return current;
}

/** What a predicate selects of a value's items. */
export function emitFilter(g: Generation, from: string, predicate: Syntax): Operand {
  const { emitter } = g;
  if (predicate.type === 'number') return { js: emitter.hold(`rt.itemAt(${from}, ${literal(predicate.value)})`), kind: 'maybe' };
  const all = emitter.hold(`rt.itemsOf(${from})`);
  const items = emitCandidates(g, all, predicate);
  const found = emitter.hold('[]');
  const [at, item, times] = [emitter.name(), emitter.name(), emitter.name()];
  emitter.line(`cx.spend(${items}.length);`);
  emitter.line(`for (let ${at} = 0; ${at} < ${items}.length; ${at} += 1) {`);
  emitter.line(`const ${item} = ${items}[${at}];`);
  const { js, isBoolean } = g.emitOperand(predicate, item);
  if (isBoolean) emitter.line(`if (${js}) ${found}.push(${item});`);
  else
    emitter.line(
      `for (let ${times} = rt.selected(cx, ${js}, ${at}, ${items}.length); ${times} > 0; ${times} -= 1) ${found}.push(${item});`,
    );
  emitter.line('}');
  return { js: found, kind: 'fresh' };
}

/** The items that a predicate may select: fewer than all where it begins with a key that is equal to a known value. */
function emitCandidates(g: Generation, items: string, predicate: Syntax): string {
  const key = keyOf(predicate);
  if (!key) return items;
  // Read from outside the items: it names variables only.
  const wanted = g.emit(key.value, 'undefined');
  return g.emitter.hold(`rt.candidates(cx, ${items}, ${g.emitter.constant(key.names)}, ${wanted})`);
}

/** What a predicate selects of the result of an expression that may give tuples. */
export function emitTupleFilter(g: Generation, from: string, predicate: Syntax, owner: Syntax): Operand {
  if (predicate.type === 'number') return emitFilter(g, from, predicate);
  const test = emitInTuple(g, predicate, tupleNames(owner));
  return { js: g.emitter.holdAwaited(`rt.filterTuples(cx, ${from}, ${test})`), kind: 'maybe' };
}

/** A path whose steps bind: from the first of them on, values travel with their bindings. */
function emitTuplePath(g: Generation, node: PathSyntax, input: string, from: number): Operand {
  const { emitter } = g;
  const names = tupleNames(node);
  const before = from === 0 ? input : g.settle(emitSteps(g, node.steps, input, from, undefined), false).js;
  const [first] = node.steps;
  const start = from > 0 ? `(${before} === undefined ? [] : ${before})` : first?.type === 'variable' ? `[${input}]` : before;
  const steps = node.steps.slice(from).map((step) => emitTupleStep(g, step, names));
  const tuples = emitter.holdAwaited(`rt.tuplePath(cx, ${start}, [${steps.join(',\n')}])`);
  if (node.group) return emitTupleGroup(g, tuples, node.group, names);
  if (node.tuple) return { js: tuples, kind: 'value' };
  const values = emitter.hold(`rt.valuesOf(${tuples})`);
  return node.keepSingletonArray
    ? { js: emitter.hold(`rt.normalizeKept(${values})`), kind: 'value' }
    : { js: values, kind: 'maybe' };
}

function emitTupleStep(g: Generation, step: Syntax, names: ReadonlySet<string>): string {
  const stages = (step.stages ?? []).map((stage) => emitTupleStage(g, stage, names));
  const key = keyOfStep(step);
  const about = [
    `stages: [${stages.join(', ')}]`,
    ...(key ? [`key: { names: ${g.emitter.constant(key.names)}, of: ${emitFramed(g, key.value, names)} }`] : []),
    ...(step.focus === undefined ? [] : [`focus: ${literal(step.focus)}`]),
    ...(step.index === undefined ? [] : [`index: ${literal(step.index)}`]),
    ...(step.ancestor ? [`ancestor: ${literal(step.ancestor.label)}`] : []),
  ];
  if (step.type === 'sort') {
    const terms = step.terms.map(
      ({ descending, expression }) => `{ isDescending: ${descending}, key: ${emitFramed(g, expression, names)} }`,
    );
    return `{ sort: { terms: [${terms.join(', ')}], position: ${step.position} }, ${about.join(', ')} }`;
  }
  const { stages: _stages, ...bare } = step;
  return `{ run: ${emitFramed(g, bare as Syntax, names)}, ${about.join(', ')} }`;
}

function emitTupleStage(g: Generation, stage: Stage, names: ReadonlySet<string>): string {
  if (stage.type === 'index') return `{ index: ${literal(stage.value)} }`;
  if (stage.expr.type === 'number') return `{ at: ${literal(stage.expr.value)} }`;
  return `{ test: ${emitFramed(g, stage.expr, names)} }`;
}

/** Each tuple has a frame of its own. */
function emitFramed(g: Generation, node: Syntax, names: ReadonlySet<string>): string {
  const [context, tuple] = [g.emitter.name(), g.emitter.name()];
  const scope = { outer: g.scope, tuple: { js: tuple, names }, variables: new Map() };
  return g.within(scope, () =>
    g.emitter.closure([context, tuple], () => {
      g.declare(bindsOf([node]));
      return g.emit(node, context);
    }),
  );
}
