// The options of an outbound that depend on the message: templates and expressions, compiled once.

import type { Field, Fields, Message } from '@mortise/sdk';
import { compileTemplate, compileText, hasTemplate, templateParts } from '../step/expression.ts';
import type { Compiled, Lookup } from '../step/expression.ts';
import { isPromise } from '../step/message.ts';
import type { OptionsRenderer } from './compiled.ts';
import type { LookupTables } from './definitions.ts';

interface Hole {
  readonly path: readonly (string | number)[];
  readonly value: Compiled;
  /** Text with expressions in it, in place of an expression. */
  readonly isTemplate: boolean;
}

/** An expression in the options of an outbound, and where it stands: `offset` characters into the option at `path`. */
export interface OptionExpression {
  readonly path: Hole['path'];
  readonly text: string;
  readonly offset: number;
}

/** The expressions in the options of an outbound, those of templates each by itself. */
export function expressionsIn(fields: Fields, values: Readonly<Record<string, unknown>>): readonly OptionExpression[] {
  const holes = Object.entries(fields).flatMap(([name, spec]) => holesIn(spec, values[name], [name], new Map()));
  return holes.flatMap(({ path, value: { text }, isTemplate }) =>
    isTemplate ? templateParts(text).map((part) => ({ path, ...part })) : [{ path, text, offset: 0 }],
  );
}

export interface CompiledOptions {
  /** Undefined where every option is the same for all messages. */
  readonly render: OptionsRenderer | undefined;
  readonly deterministic: boolean;
  readonly variables: readonly string[];
  readonly lookups: readonly Lookup[];
}

/** Compiles the templates and expressions in `values`. Throws the MortiseError of the first that does not compile. */
export function compileOptions(fields: Fields, values: Readonly<Record<string, unknown>>, tables: LookupTables): CompiledOptions {
  const holes = Object.entries(fields).flatMap(([name, spec]) => holesIn(spec, values[name], [name], tables));
  return {
    render: holes.length === 0 ? undefined : rendererOf(holes, values),
    deterministic: holes.every((hole) => hole.value.deterministic),
    variables: holes.flatMap((hole) => hole.value.variables),
    lookups: holes.flatMap((hole) => hole.value.lookups),
  };
}

function holesIn(spec: Field, value: unknown, path: Hole['path'], tables: LookupTables): Hole[] {
  if (value === undefined || value === null) return [];
  switch (spec.kind) {
    case 'text':
      return typeof value === 'string' && hasTemplate(value)
        ? [{ path, value: compileTemplate(value, tables), isTemplate: true }]
        : [];
    case 'expression':
      return typeof value === 'string' ? [{ path, value: compileText(value, tables), isTemplate: false }] : [];
    case 'list':
      return (value as readonly unknown[]).flatMap((one, index) => holesIn(spec.of as Field, one, [...path, index], tables));
    case 'record':
      return Object.entries(value).flatMap(([name, one]) => holesIn(spec.of as Field, one, [...path, name], tables));
    case 'group':
      return Object.entries(spec.fields as Fields).flatMap(([name, inner]) =>
        holesIn(inner, (value as Readonly<Record<string, unknown>>)[name], [...path, name], tables),
      );
    case 'oneOf':
      return (
        (spec.forms ?? []).map((form) => holesIn(form, fitting(form, value), path, tables)).find((holes) => holes.length > 0) ??
        []
      );
    default:
      return [];
  }
}

/** A value as far as a form of several can hold it: `holesIn` must not walk into what is of another shape. */
function fitting(form: Field, value: unknown): unknown {
  if (form.kind === 'list') return Array.isArray(value) ? value : undefined;
  if (form.kind === 'record' || form.kind === 'group')
    return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Renders the top-level options that hold a template or an expression; the others are not repeated with every message. */
function rendererOf(holes: readonly Hole[], values: Readonly<Record<string, unknown>>): OptionsRenderer {
  // Of these something is the same for every message: each gets a copy of its own.
  const copied = new Set(holes.flatMap(({ path: [name, ...rest] }) => (rest.length > 0 ? [name as string] : [])));
  const filled = (results: readonly unknown[]): Record<string, unknown> => {
    const rendered: Record<string, unknown> = {};
    for (const name of copied) rendered[name] = structuredClone(values[name]);
    for (const [index, { path }] of holes.entries()) place(rendered, path, results[index]);
    return rendered;
  };
  return (message: Message) => {
    const evaluated = holes.map((hole) => hole.value.evaluate(message));
    return evaluated.some(isPromise) ? Promise.all(evaluated).then(filled) : filled(evaluated);
  };
}

function place(into: Record<string | number, unknown>, path: readonly (string | number)[], value: unknown): void {
  const last = path.length - 1;
  let holder = into;
  for (let i = 0; i < last; i++) holder = holder[path[i] as string | number] as Record<string | number, unknown>;
  holder[path[last] as string | number] = value;
}
