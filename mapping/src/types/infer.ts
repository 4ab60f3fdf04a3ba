// Runs an expression on types in place of values: what its result may be, of what it is made, and what in it cannot be right.

import { natives } from '../functions/natives.ts';
import { partsOf } from '../generate/walk.ts';
import type { BinarySyntax, ConditionSyntax, Grouping, LambdaSyntax, Stage, Syntax } from '../syntax.ts';
import { callNamed, callType } from './calls.ts';
import type { Findings } from './findings.ts';
import { inferPath } from './paths.ts';
import { startOf } from './places.ts';
import { collapse, filtered, streamOf } from './stream.ts';
import type { Stream } from './stream.ts';
import { keptArray, streamIn, typeOf } from './walk.ts';
import type { Found, Looking, Walk } from './walk.ts';
import {
  allOrigins,
  arrayOf,
  askedOf,
  booleanType,
  integerType,
  isEmpty,
  join,
  literalType,
  madeOf,
  mayBe,
  never,
  nothing,
  numberType,
  objectOf,
  pathIn,
  surely,
  textType,
  uniteOrigins,
  unknownOf,
  unknownType,
} from './type.ts';
import type { Frame, Type } from './type.ts';

/** So many expressions are looked at, calls counted each time; beyond that everything is unknown. */
const visitsMax = 50_000;
const callsMax = 12;

/** Whether so many values are there that this index, counted from the end where it is below zero, is one of them. */
function isThere(index: number, { min }: Stream): boolean {
  return index < 0 ? -index <= min : index < min;
}

export class Inference implements Looking {
  readonly text: string;
  readonly findings: Findings;
  /** What conditions ask for: values made of it may be less than their types say where they stand. */
  readonly guards = new Set<string>();
  root: Type = unknownType;
  private readonly variables: ReadonlyMap<string, Type>;
  private visits = 0;
  private calls = 0;
  private conditional = 0;

  constructor(text: string, variables: ReadonlyMap<string, Type>, findings: Findings) {
    this.text = text;
    this.variables = variables;
    this.findings = findings;
  }

  /** The type of a whole expression on this input. */
  run(syntax: Syntax, input: Type): Type {
    this.root = input;
    const frame: Frame = { outer: undefined, names: new Map() };
    const mayBeArray = input.any || input.array !== undefined;
    // The names of an array as input run over its values in a way of their own: what they find is left unknown.
    const walk: Walk = mayBeArray && input.array ? { input: surely(unknownOf(input)), focus: input, frame } : { input, frame };
    return this.visit(syntax, walk);
  }

  /** The type of the collapsed value of an expression. */
  visit(node: Syntax, walk: Walk): Type {
    this.visits += 1;
    if (this.visits > visitsMax) return this.blurred(node);
    let type = this.core(node, walk);
    if (node.predicate && node.predicate.length > 0) type = typeOf(this.stages({ type }, node.predicate, walk));
    if (node.group && node.type !== 'path') type = this.grouped(node.group, type, walk.frame);
    return node.keepArray && node.type !== 'path' ? join(type, keptArray(type)) : type;
  }

  /** What `[…]` behind an expression leaves of what was found. */
  stages(found: Found, stages: readonly Stage[] | undefined, walk: Walk): Found {
    let current = found;
    for (const stage of stages ?? []) {
      const stream = streamIn(current);
      if (stage.type === 'index') walk.frame.names.set(stage.value, integerType);
      else if (stage.expr.type === 'number')
        current = { type: { ...stream.value, nothing: !isThere(Math.floor(Number(stage.expr.value)), stream) } };
      else {
        const all = withNothing(current, stream);
        const test = this.visit(stage.expr, { input: all.value, frame: walk.frame });
        this.guard(test);
        current = { stream: filtered(all, test) };
      }
    }
    return current;
  }

  /** An object whose values are made of all values of the context together. */
  grouped({ lhs }: Grouping, context: Type, frame: Frame): Type {
    const all = context.array || context.any ? together(context) : context;
    const keys = lhs.map(([key]) => (key.type === 'string' && !key.predicate && !key.group ? String(key.value) : undefined));
    if (keys.every((key) => key !== undefined) && new Set(keys).size === keys.length) {
      const fields = lhs.map(([, value], index): [string, Type] => {
        const type = this.visit(value, { input: all, frame });
        return [keys[index] ?? '', { ...type, at: startOf(value, this.text) }];
      });
      return objectOf(new Map(fields));
    }
    const one = streamOf(context).value;
    const some = context.array || context.any ? join(one, mayBe(together(context))) : context;
    const parts = lhs.flatMap(([key, value]) => [
      this.visit(key, { input: one, frame }),
      this.visit(value, { input: some, frame }),
    ]);
    const values = parts.filter((_, index) => index % 2 === 1).reduce(join, never);
    return { ...objectOf(new Map(), { ...mayBe(values), soft: true }), origins: uniteOrigins(parts.map(allOrigins)) };
  }

  guard(test: Type): void {
    for (const origin of allOrigins(test)) this.guards.add(pathIn(origin));
  }

  /** Reads a variable: bound here, by the host, or a built-in function. */
  variable(name: string, { frame, input, focus }: Walk): Type {
    if (name === '') return focus ?? input;
    if (name === '$') return this.root;
    for (let scope: Frame | undefined = frame; scope; scope = scope.outer) {
      const type = scope.names.get(name);
      if (type) return type;
    }
    const given = this.variables.get(name);
    if (given) return given;
    if (natives.has(name)) return { ...never, callable: { kind: 'built-in', name } };
    return { ...unknownType, origins: [`$${name}`] };
  }

  /** Calls a function that the expression wrote. */
  callLambda({ lambda, frame, input }: { lambda: LambdaSyntax; frame: Frame; input: Type }, values: readonly Type[]): Type {
    if (this.calls >= callsMax) return unknownOf(...values);
    this.calls += 1;
    const known = lambda.signature ? values.map((value) => unknownOf(value)) : values;
    const names = new Map(lambda.arguments.map(({ value }, index) => [value, known[index] ?? nothing]));
    const result = this.visit(lambda.body, { input, frame: { outer: frame, names } });
    this.calls -= 1;
    return result;
  }

  private core(node: Syntax, walk: Walk): Type {
    switch (node.type) {
      case 'path':
        return inferPath(this, node, walk);
      case 'name':
        return inferPath(this, { type: 'path', steps: [node], position: node.position }, walk);
      case 'string':
      case 'number':
      case 'value':
        return literalType(node.value);
      case 'variable':
        return this.variable(node.value, walk);
      case 'unary':
        if (node.value === '[') return this.array(node.expressions, walk);
        if (node.value === '{')
          return { ...this.grouped(node, walk.focus ?? walk.input, walk.frame), at: startOf(node, this.text) };
        return madeOf({ ...numberType, nothing: true }, this.visit(node.expression, walk));
      case 'binary':
        return this.binary(node, walk);
      case 'condition':
        return this.condition(node, walk);
      case 'block':
        return this.block(node.expressions, walk);
      case 'bind':
        return this.bind(node.lhs.value, this.visit(node.rhs, walk), walk.frame);
      case 'lambda':
        return this.lambda(node, walk);
      case 'function':
        return callNamed(this, node, walk, []);
      case 'apply': {
        const first = this.visit(node.lhs, walk);
        if (node.rhs.type === 'function') return callNamed(this, node.rhs, walk, [first], node.lhs);
        return callType(this, this.visit(node.rhs, walk), [first]);
      }
      default:
        return this.other(node, walk);
    }
  }

  /** What is not looked through: unknown, and made of all that is read in it. */
  private other(node: Syntax, walk: Walk): Type {
    if (node.type === 'parent') return this.variable(node.slot.label, walk);
    if (node.type === 'wildcard' || node.type === 'descendant') {
      const mark = node.type === 'wildcard' ? '*' : '**';
      return { ...unknownType, origins: allOrigins(walk.input).map((origin) => (origin === '$' ? mark : `${origin}.${mark}`)) };
    }
    if (node.type === 'regex' || node.type === 'operator') return unknownType;
    const unknown = { input: unknownOf(walk.input), frame: walk.frame };
    return unknownOf(...partsOf(node).map((part) => this.visit(part, unknown)));
  }

  private blurred(node: Syntax): Type {
    void node;
    return unknownOf(this.root);
  }

  private array(values: readonly Syntax[], walk: Walk): Type {
    let [value, min, max] = [never, 0, 0];
    for (const one of values) {
      const type = this.visit(one, walk);
      const isArray = one.type === 'unary' && one.value === '[';
      const stream = isArray ? { value: type, min: 1, max: 1 } : streamOf(type);
      [value, min, max] = [join(value, stream.value), min + stream.min, max + stream.max];
    }
    const several = values.length > 1 ? { ...value, soft: true } : value;
    return { ...arrayOf(several, min, max), at: undefined };
  }

  private binary(node: BinarySyntax, walk: Walk): Type {
    const left = this.visit(node.lhs, walk);
    const right = this.visit(node.rhs, walk);
    const operator = node.value;
    const mayBeNone = left.nothing || right.nothing || left.any || right.any;
    const integer = Boolean(left.number?.integer && right.number?.integer) && operator !== '/' && !left.any && !right.any;
    const made = (type: Type): Type => madeOf(type, left, right);
    if ('+-*/%'.includes(operator)) return made({ ...(integer ? integerType : numberType), nothing: mayBeNone });
    if (operator === '&') return made(textType);
    if (operator === '..') return made(collapse({ value: integerType, min: 0, max: Infinity }));
    if (operator === 'and' || operator === 'or') {
      this.guard(left);
      return made(booleanType);
    }
    this.findings.compared(node, left, right, this.text);
    return made('<=>='.includes(operator) && operator !== '=' ? { ...booleanType, nothing: mayBeNone } : booleanType);
  }

  private condition(node: ConditionSyntax, walk: Walk): Type {
    const test = this.visit(node.condition, walk);
    this.guard(test);
    this.conditional += 1;
    const whole = this.visit(node.then, walk);
    const then = asksFor(node.condition, node.then) ? surely(whole) : whole;
    const otherwise = node.else ? this.visit(node.else, walk) : nothing;
    this.conditional -= 1;
    const isCertain = isEmpty(then) || isEmpty(otherwise);
    const joined = askedOf(join(then, otherwise), test);
    return isCertain ? joined : { ...joined, soft: true };
  }

  private block(expressions: readonly Syntax[], { input, focus, frame }: Walk): Type {
    const inner: Walk = { input, focus, frame: { outer: frame, names: new Map() } };
    return expressions.map((one) => this.visit(one, inner)).at(-1) ?? nothing;
  }

  private bind(name: string, type: Type, { names }: Frame): Type {
    const known = names.get(name);
    const bound = this.conditional > 0 && !known ? { ...mayBe(type), soft: true } : type;
    names.set(name, known ? join(known, bound) : bound);
    return type;
  }

  private lambda(node: LambdaSyntax, walk: Walk): Type {
    if (node.thunk) return this.visit(node.body, walk);
    return { ...never, callable: { kind: 'lambda', lambda: node, frame: walk.frame, input: walk.focus ?? walk.input } };
  }
}

/** `x ? x : …` and `$exists(x) ? x : …`: where the first is taken it is there. */
function asksFor(condition: Syntax, then: Syntax): boolean {
  const isExists =
    condition.type === 'function' && condition.procedure.type === 'variable' && condition.procedure.value === 'exists';
  const asked = isExists ? condition.arguments[0] : condition;
  return asked === then || (asked !== undefined && shapeOf(asked) === shapeOf(then));
}

function shapeOf(node: Syntax): string {
  return JSON.stringify(node, (name, value: unknown) => (name === 'position' ? undefined : value));
}

/** A predicate is asked for nothing too, where that is all there is; and may let it pass. */
function withNothing(found: Found, stream: Stream): Stream {
  const mayBeNone = 'type' in found && (found.type.nothing || found.type.any);
  return mayBeNone ? { value: mayBe(stream.value), min: stream.min, max: Math.max(1, stream.max) } : stream;
}

/** All values in one array; a single one as it is. */
function together(type: Type): Type {
  return collapse(streamOf(type));
}
