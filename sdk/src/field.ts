// Field specs: an option is declared once; its type, validation, JSON Schema, redaction and documentation derive from that.

import type { DurationRange, Rate } from './quantity.ts';

/** Where a field takes an expression: JSONata, a file that holds it, or (in TypeScript flows) a function. */
export type Expression = string | { readonly file: string } | ExpressionFunction;

/** What an expression sees besides the body. */
export interface ExpressionScope {
  readonly message: {
    readonly id: string;
    readonly type: string;
    readonly subject?: string;
    readonly key?: string;
    readonly time: string;
    readonly source: string;
  };
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type ExpressionFunction = (body: never, scope: ExpressionScope) => unknown;

export type FieldKind =
  | 'text'
  | 'path'
  | 'secret'
  | 'expression'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'duration'
  | 'durationRange'
  | 'size'
  | 'rate'
  | 'list'
  | 'record'
  | 'group'
  | 'oneOf'
  | 'value'
  | 'model'
  | 'format'
  | 'steps'
  | 'targets';

declare const valueOf: unique symbol;

/** One option. `Value` is what a connector gets: durations are milliseconds, sizes are bytes, secrets are their text. */
export interface Field<Value = unknown, Presence extends 'given' | 'optional' = 'given' | 'optional'> {
  readonly kind: FieldKind;
  /** One sentence for the reference, the form and the completion. */
  readonly doc: string;
  readonly optional: boolean;
  /** As a user would write it. */
  readonly default?: unknown;
  readonly example?: unknown;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
  /** What fits the pattern, in words: "a URL that begins with https://". */
  readonly expected?: string;
  /** Of a list or a record: what it holds. */
  readonly of?: Field;
  /** Of a group: what it holds. */
  readonly fields?: Fields;
  /** Of a `oneOf`: the forms, tried in order. */
  readonly forms?: readonly Field[];
  readonly [valueOf]?: { value: Value; presence: Presence };
}

export type Fields = Readonly<Record<string, Field>>;

type ValueIn<F> = F extends { readonly [valueOf]?: { value: infer Value } } ? Value : never;
type OptionalNames<F extends Fields> = { [K in keyof F]: F[K] extends Field<unknown, 'optional'> ? K : never }[keyof F];

/** The values that a set of fields reads to. */
export type ValuesOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueIn<F[K]> } & {
  readonly [K in OptionalNames<F>]?: ValueIn<F[K]>;
};

interface FieldOptions {
  readonly doc: string;
  readonly optional?: boolean;
  readonly default?: unknown;
  readonly example?: unknown;
}

type PresenceOf<Options> = Options extends { readonly optional: true } ? 'optional' : 'given';

function make<Value>() {
  return <const Options extends FieldOptions>(kind: FieldKind, options: Options, more: Partial<Field> = {}) =>
    ({ kind, ...options, ...more, optional: options.optional === true }) as unknown as Field<Value, PresenceOf<Options>>;
}

/** What field builders are made of: each takes `doc`, and `optional: true` or a `default`, written as a user would. */
export const field = {
  /** Text. In an outbound's options it may hold templates, `"/customers/${id}"`, rendered for each message. */
  text: <const O extends FieldOptions & { readonly pattern?: RegExp; readonly expected?: string }>(options: O) =>
    make<string>()('text', options),
  /** A file or folder. A relative one starts at the project's folder; the connector gets it absolute. */
  path: <const O extends FieldOptions>(options: O) => make<string>()('path', options),
  /** Takes only `env:NAME` or `secret:NAME`; the connector gets the text behind it. Never shown, logged or stored. */
  secret: <const O extends FieldOptions>(options: O) => make<string>()('secret', options),
  /** An expression. In an outbound's options it is evaluated for each message and the connector gets the result. */
  expression: <const O extends FieldOptions>(options: O) => make<unknown>()('expression', options),
  integer: <const O extends FieldOptions & { readonly minimum?: number; readonly maximum?: number }>(options: O) =>
    make<number>()('integer', options),
  number: <const O extends FieldOptions & { readonly minimum?: number; readonly maximum?: number }>(options: O) =>
    make<number>()('number', options),
  boolean: <const O extends FieldOptions>(options: O) => make<boolean>()('boolean', options),
  choice: <const C extends readonly string[], const O extends FieldOptions>(choices: C, options: O) =>
    make<C[number]>()('choice', options, { choices }),
  /** Written `250ms`, `5s`, `15m`, `7d`; milliseconds for the connector. */
  duration: <const O extends FieldOptions>(options: O) => make<number>()('duration', options),
  /** Written `1s..15m`. */
  durationRange: <const O extends FieldOptions>(options: O) => make<DurationRange>()('durationRange', options),
  /** Written `64KiB`, `10MiB`; bytes for the connector. */
  size: <const O extends FieldOptions>(options: O) => make<number>()('size', options),
  /** Written `50/s`. */
  rate: <const O extends FieldOptions>(options: O) => make<Rate>()('rate', options),
  list: <Of extends Field, const O extends FieldOptions>(of: Of, options: O) =>
    make<readonly ValueIn<Of>[]>()('list', options, { of }),
  /** Names of the user's choice, each with a value of one kind. */
  record: <Of extends Field, const O extends FieldOptions>(of: Of, options: O) =>
    make<Readonly<Record<string, ValueIn<Of>>>>()('record', options, { of }),
  group: <F extends Fields, const O extends FieldOptions>(fields: F, options: O) =>
    make<ValuesOf<F>>()('group', options, { fields }),
  /** One of several forms: the first that fits counts. */
  oneOf: <const Forms extends readonly Field[], const O extends FieldOptions>(forms: Forms, options: O) =>
    make<ValueIn<Forms[number]>>()('oneOf', options, { forms }),
  /** Any JSON value. */
  value: <const O extends FieldOptions>(options: O) => make<unknown>()('value', options),
  /** A model of the project: `order@1`. */
  model: <const O extends FieldOptions>(options: O) => make<string>()('model', options),
  /** A format: its name, or `{ name: options }`. */
  format: <const O extends FieldOptions>(options: O) => make<FormatReference>()('format', options),
  /** A list of steps. */
  steps: <const O extends FieldOptions>(options: O) => make<readonly unknown[]>()('steps', options),
  /** A target, or a list of targets: `{ channel }` or `{ system, outbound }`. `fields` are options that stand beside it. */
  targets: <const O extends FieldOptions>(options: O, fields?: Fields) =>
    make<unknown>()('targets', options, fields ? { fields } : {}),
};

/** `csv`, or `{ csv: { delimiter: ";" } }`. */
export type FormatReference = string | Readonly<Record<string, Readonly<Record<string, unknown>>>>;
