// Paths on types: each step for each value, flattened, and collapsed at the end.

import type { PathSyntax, Syntax } from '../syntax.ts';
import { collapse, lastStep, readField, streamOf, times } from './stream.ts';
import type { Stream } from './stream.ts';
import { integerType, join, mayBe, never, surely, unknownOf } from './type.ts';
import type { Frame, Type } from './type.ts';
import { keptArray, streamIn, typeOf } from './walk.ts';
import type { Found, Looking, Walk } from './walk.ts';

export function inferPath(inference: Looking, node: PathSyntax, walk: Walk): Type {
  const binds = node.steps.some(({ tuple }) => tuple);
  const frame: Frame = binds ? { outer: walk.frame, names: new Map() } : walk.frame;
  let stream: Stream = streamOf(binds ? unknownInput(walk) : walk.input);
  let result: Type = never;
  for (const [at, step] of node.steps.entries()) {
    const isLast = at === node.steps.length - 1;
    const from = at === 0 ? firstStream(stream, step, walk) : stream;
    const found = oneStep(
      inference,
      step,
      from,
      { input: from.value, focus: at === 0 ? walk.focus : undefined, frame },
      at === 0,
    );
    if (isLast) result = ending(step, from, found, at === 0);
    stream = nextStream(step, from, binds && !isLast ? blurred(found) : found, frame);
  }
  if (binds) result = loose(node, result);
  if (node.keepSingletonArray) result = keptArray(result);
  return node.group ? inference.grouped(node.group, result, frame) : result;
}

/** With bindings on the way, what is read on it is not looked at closely. */
function unknownInput({ input, focus }: Walk): Type {
  return unknownOf(focus ?? input);
}

function blurred(found: Found): Found {
  return { type: unknownOf(typeOf(found)) };
}

/** An object that is made at the end of such a path is known by its fields; anything else is left unknown. */
function loose({ steps }: PathSyntax, result: Type): Type {
  const last = steps.at(-1);
  const isObject = last?.type === 'unary' && last.value === '{' && result.object && !last.stages;
  return isObject ? join(result, collapse({ ...streamOf(result), min: 0, max: Infinity })) : unknownOf(result);
}

/** An expression that begins a path runs once where there is no context. */
function firstStream(stream: Stream, step: Syntax, { input }: Walk): Stream {
  if (step.type === 'variable' || step.consarray) return { value: stream.value, min: 1, max: 1 };
  if (step.type === 'name' || !input.nothing) return stream;
  return { value: mayBe(stream.value), min: input.array ? stream.min : 1, max: Math.max(1, stream.max) };
}

function oneStep(inference: Looking, step: Syntax, from: Stream, walk: Walk, isFirst: boolean): Found {
  if (step.type === 'sort') {
    for (const { expression } of step.terms) inference.visit(expression, walk);
    return inference.stages({ stream: from }, step.stages, walk);
  }
  const { stages, ...bare } = step;
  if (step.consarray && !isFirst) return { type: unknownOf(inference.visit(bare as Syntax, walk)) };
  const type = step.type === 'name' ? readName(inference, step, from.value) : inference.visit(bare as Syntax, walk);
  const found = inference.stages({ type }, stages, walk);
  if (step.ancestor) walk.frame.names.set(step.ancestor.label, surely(unknownOf(from.value)));
  return found;
}

function readName(inference: Looking, step: Syntax & { readonly type: 'name' }, value: Type): Type {
  const field = readField(value, step.value);
  inference.findings.read(step, value, field, inference.text);
  return field;
}

function ending(step: Syntax, from: Stream, found: Found, isFirst: boolean): Type {
  if (step.type === 'sort') return typeOf(found);
  if (step.consarray && isFirst) return typeOf(found);
  if (step.focus !== undefined || step.index !== undefined) return collapse({ value: from.value, min: 0, max: Infinity });
  return 'stream' in found ? collapse(times(from, found.stream)) : lastStep(from, found.type);
}

function nextStream(step: Syntax, from: Stream, found: Found, frame: Frame): Stream {
  const each = streamIn(found);
  if (step.index !== undefined) frame.names.set(step.index, integerType);
  if (step.focus !== undefined) {
    frame.names.set(step.focus, each.value);
    return { value: from.value, min: 0, max: Infinity };
  }
  return step.type === 'sort' ? each : times(from, each);
}
