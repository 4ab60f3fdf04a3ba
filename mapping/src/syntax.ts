// The syntax tree, as the reference package's parser gives it: the shapes that the compiler relies on.

/** A slot that a parent operator reads: the step that binds it and the operator share it. */
export interface ParentSlot {
  readonly label: string;
}

/** A predicate or an index binding behind a step. */
export interface Stage {
  readonly type: 'filter' | 'index';
  readonly expr: Syntax;
  readonly value: string;
  readonly position: number;
}

/** The pairs of an object constructor, or of a grouping. */
export interface Grouping {
  readonly lhs: readonly (readonly [Syntax, Syntax])[];
  readonly position: number;
}

export interface SortTerm {
  readonly descending: boolean;
  readonly expression: Syntax;
}

/** What any expression may carry, whatever its type. */
interface Common {
  readonly position: number;
  readonly keepArray?: boolean;
  readonly predicate?: readonly Stage[];
  readonly stages?: readonly Stage[];
  readonly group?: Grouping;
  readonly consarray?: boolean;
  /** A step of a path that carries bindings along with each value. */
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
  readonly ancestor?: ParentSlot;
}

export interface PathSyntax extends Common {
  readonly type: 'path';
  readonly steps: readonly Syntax[];
  readonly keepSingletonArray?: boolean;
}

export interface FunctionSyntax extends Common {
  readonly type: 'function' | 'partial';
  readonly value: string;
  readonly procedure: Syntax;
  readonly arguments: readonly Syntax[];
}

export interface LambdaSyntax extends Common {
  readonly type: 'lambda';
  readonly arguments: readonly VariableSyntax[];
  readonly signature?: { readonly definition: string };
  readonly body: Syntax;
  /** Stands for a call in tail position. */
  readonly thunk?: boolean;
}

export interface VariableSyntax extends Common {
  readonly type: 'variable';
  readonly value: string;
}

export interface ConditionSyntax extends Common {
  readonly type: 'condition';
  readonly condition: Syntax;
  readonly then: Syntax;
  readonly else?: Syntax;
}

export interface BlockSyntax extends Common {
  readonly type: 'block';
  readonly expressions: readonly Syntax[];
}

export interface BindSyntax extends Common {
  readonly type: 'bind';
  readonly lhs: VariableSyntax;
  readonly rhs: Syntax;
}

export interface BinarySyntax extends Common {
  readonly type: 'binary';
  readonly value: string;
  readonly lhs: Syntax;
  readonly rhs: Syntax;
}

export interface ApplySyntax extends Common {
  readonly type: 'apply';
  readonly lhs: Syntax;
  readonly rhs: Syntax;
}

export interface NegationSyntax extends Common {
  readonly type: 'unary';
  readonly value: '-';
  readonly expression: Syntax;
}

export interface ArraySyntax extends Common {
  readonly type: 'unary';
  readonly value: '[';
  readonly expressions: readonly Syntax[];
}

export interface ObjectSyntax extends Common, Grouping {
  readonly type: 'unary';
  readonly value: '{';
}

export interface TransformSyntax extends Common {
  readonly type: 'transform';
  readonly pattern: Syntax;
  readonly update: Syntax;
  readonly delete?: Syntax;
}

export interface SortSyntax extends Common {
  readonly type: 'sort';
  readonly terms: readonly SortTerm[];
}

export interface NameSyntax extends Common {
  readonly type: 'name';
  readonly value: string;
}

export interface LiteralSyntax extends Common {
  readonly type: 'string' | 'number' | 'value';
  readonly value: string | number | boolean | null;
}

export interface RegexSyntax extends Common {
  readonly type: 'regex';
  readonly value: RegExp;
}

export interface ParentSyntax extends Common {
  readonly type: 'parent';
  readonly slot: ParentSlot;
}

export interface PlainSyntax extends Common {
  readonly type: 'wildcard' | 'descendant';
}

/** The `?` of a partial application. */
export interface HoleSyntax extends Common {
  readonly type: 'operator';
  readonly value: '?';
}

export type Syntax =
  | PathSyntax
  | FunctionSyntax
  | LambdaSyntax
  | VariableSyntax
  | ConditionSyntax
  | BlockSyntax
  | BindSyntax
  | BinarySyntax
  | ApplySyntax
  | NegationSyntax
  | ArraySyntax
  | ObjectSyntax
  | TransformSyntax
  | SortSyntax
  | NameSyntax
  | LiteralSyntax
  | RegexSyntax
  | ParentSyntax
  | PlainSyntax
  | HoleSyntax;
