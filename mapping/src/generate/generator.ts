// From a syntax tree to JavaScript: one method for each kind of expression.

import type { Native } from '../runtime/calls.ts';
import type {
  ApplySyntax,
  ArraySyntax,
  BinarySyntax,
  BindSyntax,
  BlockSyntax,
  ConditionSyntax,
  LambdaSyntax,
  Syntax,
  TransformSyntax,
} from '../syntax.ts';
import { Pattern } from '../regex/pattern.ts';
import { Signature } from '../runtime/signature.ts';
import { emitCall, emitPartial } from './calls.ts';
import { Emitter, literal } from './emitter.ts';
import type { Operand } from './emitter.ts';
import type { Generation } from './generation.ts';
import { emitGroup } from './objects.ts';
import { emitFilter, emitPath, emitTupleFilter } from './paths.ts';
import { frameOf, readVariable } from './scope.ts';
import type { Scope } from './scope.ts';
import { bindsOf } from './walk.ts';

const arithmetic: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
};
const comparisons: Readonly<Record<string, string>> = {
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
};

export class Generator implements Generation {
  readonly emitter: Emitter;
  readonly natives: ReadonlyMap<string, Native>;
  scope: Scope = { outer: undefined, variables: new Map() };
  private readonly hostNames = new Map<string, string>();

  private readonly isAsync: boolean;

  constructor(natives: ReadonlyMap<string, Native>, isAsync: boolean) {
    this.emitter = new Emitter(isAsync);
    this.isAsync = isAsync;
    this.natives = natives;
  }

  /** The body of a function of `rt` (the runtime), `k` (the constants): it gives a function of `cx` and `input`. */
  generate(root: Syntax): string {
    const body = this.emitter.captured(() => {
      this.declare(bindsOf([root]));
      this.emitter.line(`return ${this.emit(root, 'input')};`);
    });
    const bound = [...this.hostNames].map(([name, js]) => `const ${js} = rt.bound(cx, ${literal(name)});`);
    return [
      '"use strict";',
      'const { unbound, none, plain } = rt;',
      `return ${this.isAsync ? 'async ' : ''}(cx, input) => {`,
      ...bound,
      body,
      '};',
    ].join('\n');
  }

  /** The collapsed value of an expression. */
  emit(node: Syntax, input: string): string {
    return this.emitOperand(node, input).js;
  }

  emitItems(node: Syntax, input: string): string {
    const isPlain = node.type === 'path' && !node.predicate && !node.group && !node.keepArray && !node.keepSingletonArray;
    return isPlain ? this.settle(emitPath(this, node, input, true), false).js : this.emit(node, input);
  }

  emitOperand(node: Syntax, input: string): Operand {
    let operand = this.core(node, input);
    for (const { expr } of node.predicate ?? [])
      operand = node.tuple ? emitTupleFilter(this, operand.js, expr, node) : emitFilter(this, operand.js, expr);
    if (node.group && node.type !== 'path') operand = emitGroup(this, operand.js, node.group);
    return this.settle(operand, node.keepArray === true);
  }

  settle({ js, kind, isBoolean }: Operand, isKept: boolean): Operand {
    const { emitter } = this;
    if (isKept) return { js: emitter.hold(`rt.${kind === 'fresh' ? 'finishKept' : 'normalizeKept'}(${js})`), kind: 'value' };
    if (kind === 'value') return { js, kind, ...(isBoolean ? { isBoolean } : {}) };
    return { js: emitter.hold(`rt.${kind === 'fresh' ? 'finish' : 'normalize'}(${js})`), kind: 'value' };
  }

  /** The code of a condition on an expression. */
  test(node: Syntax, input: string): string {
    const { js, isBoolean } = this.emitOperand(node, input);
    return isBoolean ? js : `rt.isTrue(cx, ${js})`;
  }

  declare(names: Iterable<string>): void {
    const frame = frameOf(this.scope);
    for (const name of names) if (!frame.has(name)) frame.set(name, { js: this.emitter.variable('unbound'), isSurely: false });
  }

  within<T>(scope: Scope, write: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    const result = write();
    this.scope = outer;
    return result;
  }

  private core(node: Syntax, input: string): Operand {
    const { emitter } = this;
    switch (node.type) {
      case 'path':
        return emitPath(this, node, input);
      case 'binary':
        return this.binary(node, input);
      case 'unary':
        if (node.value === '[') return this.array(node, input);
        if (node.value === '{') return emitGroup(this, input, node);
        return value(emitter.hold(`rt.negate(${this.emit(node.expression, input)}, ${node.position})`));
      case 'name':
        return value(emitter.hold(`rt.lookupStep(cx, ${input}, ${literal(node.value)})`));
      case 'string':
      case 'number':
      case 'value':
        return { js: literal(node.value), kind: 'value', ...(typeof node.value === 'boolean' ? { isBoolean: true } : {}) };
      case 'wildcard':
        return { js: emitter.hold(`rt.wildcard(cx, ${input})`), kind: 'maybe' };
      case 'descendant':
        return { js: emitter.hold(`rt.sequenced(rt.descendants(cx, ${input}))`), kind: 'maybe' };
      case 'parent':
        return value(this.variable(node.slot.label));
      case 'condition':
        return this.condition(node, input);
      case 'block':
        return this.block(node, input);
      case 'bind':
        return this.bind(node, input);
      case 'regex':
        return value(
          emitter.hold(`rt.matcher(cx, ${emitter.constant(new Pattern(node.value.source, node.value.flags))}, ${node.position})`),
        );
      case 'function':
        return emitCall(this, node, input, undefined);
      case 'variable':
        return this.variableValue(node.value, input);
      case 'lambda':
        return this.lambda(node, input);
      case 'partial':
        return emitPartial(this, node, input);
      case 'apply':
        return this.apply(node, input);
      case 'transform':
        return this.transform(node, input);
      default:
        throw new Error(`The syntax tree has "${node.type}" where no such expression can stand.`);
    }
  }

  private variableValue(name: string, input: string): Operand {
    if (name === '') return value(this.emitter.hold(`rt.focus(${input})`));
    return { js: this.variable(name), kind: 'maybe' };
  }

  variable(name: string): string {
    return this.emitter.hold(readVariable(this.scope, name, () => this.free(name)));
  }

  /** What nothing in the expression binds: the host's, a built-in function, or nothing. */
  private free(name: string): string {
    if (name === '$') return 'cx.root';
    let js = this.hostNames.get(name);
    if (js === undefined) {
      js = this.emitter.name();
      this.hostNames.set(name, js);
    }
    const native = this.natives.get(name);
    return native ? `${js} ?? rt.nativeValue(cx, ${this.emitter.constant(native)})` : js;
  }

  private binary(node: BinarySyntax, input: string): Operand {
    const { emitter } = this;
    const { value: operator, position } = node;
    if (operator === 'and' || operator === 'or') return this.logical(node, input);
    const left = this.emit(node.lhs, input);
    const right = this.emit(node.rhs, input);
    if (Object.hasOwn(arithmetic, operator))
      return value(emitter.hold(`rt.${arithmetic[operator]}(${left}, ${right}, ${position})`));
    if (Object.hasOwn(comparisons, operator))
      return value(emitter.hold(`rt.${comparisons[operator]}(${left}, ${right}, ${position})`));
    switch (operator) {
      case '=':
        return bool(emitter.hold(isScalar(node.rhs) ? `${left} === ${right}` : `rt.equals(cx, ${left}, ${right})`));
      case '!=':
        return bool(emitter.hold(`rt.differs(cx, ${left}, ${right})`));
      case '&':
        return value(emitter.hold(`rt.concatenate(cx, ${left}, ${right})`));
      case 'in':
        return bool(emitter.hold(`rt.isIn(cx, ${left}, ${right})`));
      case '..':
        return { js: emitter.hold(`rt.range(cx, ${left}, ${right}, ${position})`), kind: 'maybe' };
      default:
        throw new Error(`The syntax tree has the operator "${operator}", which is not known.`);
    }
  }

  private logical(node: BinarySyntax, input: string): Operand {
    const { emitter } = this;
    const result = emitter.variable();
    emitter.line(`${result} = ${this.test(node.lhs, input)};`);
    emitter.line(`if (${node.value === 'and' ? result : `!${result}`}) {`);
    emitter.line(`${result} = ${this.test(node.rhs, input)};`);
    emitter.line('}');
    return bool(result);
  }

  private array(node: ArraySyntax, input: string): Operand {
    const { emitter } = this;
    const result = emitter.hold('[]');
    for (const item of node.expressions) {
      const one = this.emitItems(item, input);
      const isArray = item.type === 'unary' && item.value === '[';
      if (isArray) emitter.line(`${result}.push(${one});`);
      else emitter.line(`if (${one} !== undefined) rt.pushItems(cx, ${result}, ${one});`);
    }
    if (node.consarray) emitter.line(`rt.construct(${result});`);
    return value(result);
  }

  private condition(node: ConditionSyntax, input: string): Operand {
    const { emitter } = this;
    const result = emitter.variable();
    emitter.line(`if (${this.test(node.condition, input)}) {`);
    emitter.line(`${result} = ${this.emit(node.then, input)};`);
    if (node.else) {
      emitter.line('} else {');
      emitter.line(`${result} = ${this.emit(node.else, input)};`);
    }
    emitter.line('}');
    return value(result);
  }

  private block(node: BlockSyntax, input: string): Operand {
    return this.within({ outer: this.scope, variables: new Map() }, () => {
      this.declare(bindsOf(node.expressions));
      let last: Operand = value('undefined');
      for (const one of node.expressions) {
        last = this.emitOperand(one, input);
        if (one.type === 'bind') this.surely(one.lhs.value);
      }
      return last;
    });
  }

  private surely(name: string): void {
    const variable = frameOf(this.scope).get(name);
    if (variable) variable.isSurely = true;
  }

  private bind(node: BindSyntax, input: string): Operand {
    const bound = this.emit(node.rhs, input);
    const variable = frameOf(this.scope).get(node.lhs.value);
    if (!variable) throw new Error(`No frame declares "${node.lhs.value}".`);
    this.emitter.line(`${variable.js} = ${bound};`);
    return value(bound);
  }

  private lambda(node: LambdaSyntax, input: string): Operand {
    if (node.thunk) return emitCall(this, node.body as never, input, undefined, true);
    const { emitter } = this;
    const names = node.arguments.map(({ value: name }) => ({ name, js: emitter.name() }));
    const variables = new Map(names.map(({ name, js }) => [name, { js, isSurely: true }]));
    const code = this.within({ outer: this.scope, variables }, () =>
      emitter.closure(
        names.map(({ js }) => js),
        () => {
          this.declare(bindsOf([node.body]));
          return this.emit(node.body, input);
        },
      ),
    );
    if (!node.signature) return value(emitter.hold(code));
    return value(emitter.hold(`rt.signed(${code}, ${emitter.constant(new Signature(node.signature.definition))})`));
  }

  private apply(node: ApplySyntax, input: string): Operand {
    const left = this.emit(node.lhs, input);
    if (node.rhs.type === 'function') {
      const called = emitCall(this, node.rhs, input, left);
      return { js: called.js, kind: 'maybe' };
    }
    const right = this.emit(node.rhs, input);
    return { js: this.emitter.holdAwaited(`rt.apply(cx, ${left}, ${right}, ${node.position})`), kind: 'maybe' };
  }

  private transform(node: TransformSyntax, input: string): Operand {
    void input;
    const part = (expression: Syntax | undefined): string => {
      if (!expression) return 'undefined';
      const name = this.emitter.name();
      return this.emitter.closure([name], () => this.emit(expression, name));
    };
    const fields = [
      `pattern: ${part(node.pattern)}`,
      `update: ${part(node.update)}`,
      `remove: ${part(node.delete)}`,
      `updatePosition: ${node.update.position}`,
      `removePosition: ${node.delete?.position ?? 0}`,
    ];
    const clone = this.variable('clone');
    return value(this.emitter.hold(`rt.transformer(cx, { ${fields.join(', ')} }, ${clone}, ${node.position})`));
  }
}

export function value(js: string): Operand {
  return { js, kind: 'value' };
}

function bool(js: string): Operand {
  return { js, kind: 'value', isBoolean: true };
}

/** A literal that is equal to nothing but itself. */
function isScalar({ type }: Syntax): boolean {
  return type === 'string' || type === 'number';
}
