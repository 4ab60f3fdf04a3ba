// Expressions and templates for steps: the one file that knows the mapping package.

import { MortiseError } from '@mortise/sdk';
import type { ExpressionFunction, ExpressionScope, Message } from '@mortise/sdk';
import { builtInFunctions, compileExpression, ExpressionError, literalCalls } from '@mortise/mapping';
import type { LiteralCall } from '@mortise/mapping';
import { stepError } from './errors.ts';
import { crossReference } from './lookup-table.ts';
import type { LookupTables } from './lookup-table.ts';
import { isPromise } from './message.ts';
import { whileOwnCode } from './own-code.ts';
import type { StepExpression } from './step.ts';

/** The built-in functions, without the `$`: what a misspelt one may have meant. */
export const functionNames: readonly string[] = builtInFunctions();

/** A compiled expression, and what the checker wants to know of it. */
export interface Compiled extends StepExpression {
  readonly deterministic: boolean;
  /** The variables it reads, without the `$`. */
  readonly variables: readonly string[];
  /** What it looks up in tables. */
  readonly lookups: readonly Lookup[];
}

/** Where nothing is looked up, or nothing is run. */
const noTables: LookupTables = new Map();

/** A call of `$xref`, and what of it is literal text. */
export type Lookup = LiteralCall;

/** What can be known of expressions without running them. */
export {
  analyse,
  asInput,
  compileExpression,
  describeType,
  ExpressionError,
  inferSchema,
  integerType,
  joinTypes,
  lineage,
  lineageOf,
  listOf,
  misfits,
  oneOf,
  soften,
  surely,
  typeFrom,
  unknownType,
} from '@mortise/mapping';
export type { Analysis, LineageEntry, Misfit, Schema, Type, TypeFinding } from '@mortise/mapping';

/** What is compiled, by the tables of its project: flows share maps. */
const compiledTexts = new WeakMap<LookupTables, Map<string, Compiled>>();

/**
 * Compiles JSONata; the same text of a project once. Throws a MortiseError with `details.position` (characters from the start) where it
 * does not parse.
 */
export function compileText(text: string, tables: LookupTables = noTables): Compiled {
  if (tables === noTables) return compiledText(text, tables);
  const texts = compiledTexts.get(tables) ?? new Map<string, Compiled>();
  compiledTexts.set(tables, texts);
  const compiled = texts.get(text) ?? compiledText(text, tables);
  texts.set(text, compiled);
  return compiled;
}

function compiledText(text: string, tables: LookupTables): Compiled {
  const expression = translated(text, () => compileExpression(text));
  const looksUp = expression.variables.includes('xref');
  return {
    text,
    deterministic: expression.deterministic,
    variables: expression.variables,
    lookups: looksUp ? literalCalls(text, 'xref') : [],
    evaluate(message, extra) {
      const told: Told = {};
      const bindings = {
        ...message.properties.variables,
        ...scopeOf(message),
        ...extra,
        ...(looksUp ? { xref: tellingOf(crossReference(tables), told) } : {}),
      };
      const run = () => expression.evaluate(valueOf(message), bindings, message.properties.acceptedAtMs);
      const evaluated = translated(text, run, told);
      return isPromise(evaluated)
        ? evaluated.then(plain, (error: unknown) => Promise.reject(told.error ?? translate(text, error)))
        : plain(evaluated);
    },
  };
}

/** What a function that an expression called threw: the expression language wraps it, and it is told as it was. */
interface Told {
  error?: unknown;
}

function tellingOf(call: (...given: readonly unknown[]) => unknown, told: Told): (...given: readonly unknown[]) => unknown {
  return (...given) => {
    try {
      return call(...given);
    } catch (error) {
      told.error = error;
      throw error;
    }
  };
}

/** Wraps a function of a TypeScript flow. It works on a copy, so that it cannot change what others see. */
export function compileFunction(run: ExpressionFunction): Compiled {
  return {
    text: run.name || 'function',
    deterministic: false,
    variables: [],
    lookups: [],
    evaluate(message, extra) {
      const { headers, message: about } = scopeOf(message);
      const scope: ExpressionScope = { message: about, headers, variables: { ...message.properties.variables, ...extra } };
      return callOwn(about.id, () => run(structuredClone(message.body) as never, scope));
    },
  };
}

/** Calls the project's own code with a message; what it throws becomes MORTISE_STEP_SCRIPT_FAILED. */
export function callOwn(message: string, call: () => unknown): unknown {
  try {
    const result = whileOwnCode(message, call);
    return isPromise(result) ? result.catch((error: unknown) => Promise.reject(scriptFailed(error))) : result;
  } catch (error) {
    throw scriptFailed(error);
  }
}

/** Compiles text with templates: `/customers/${id}`. A template that gives nothing is an error, not an empty text. */
export function compileTemplate(text: string, tables: LookupTables = noTables): Compiled {
  const parts = splitTemplate(text);
  const compiled = parts.map((part) => (part.template ? compileText(part.text, tables) : part.text));
  const expressions = compiled.filter((part) => typeof part !== 'string');
  return {
    text,
    deterministic: expressions.every((part) => part.deterministic),
    variables: expressions.flatMap((part) => part.variables),
    lookups: expressions.flatMap((part) => part.lookups),
    evaluate(message, extra) {
      const values = compiled.map((part) => (typeof part === 'string' ? part : part.evaluate(message, extra)));
      return values.some(isPromise) ? Promise.all(values).then((all) => joined(text, all)) : joined(text, values);
    },
  };
}

/** The expressions of a text with templates, each with its place in the text. */
export function templateParts(text: string): readonly { readonly text: string; readonly offset: number }[] {
  return splitTemplate(text).flatMap(({ template, ...part }) => (template ? [part] : []));
}

/** Whether text holds a template at all. */
export function hasTemplate(text: string): boolean {
  return text.includes('${');
}

function joined(text: string, values: readonly unknown[]): string {
  return values
    .map((value) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
      const found = value === undefined || value === null ? 'nothing' : JSON.stringify(value);
      throw stepError('MORTISE_STEP_WRONG_TYPE', `A template in "${text}" gave ${found}; expected text or a number.`);
    })
    .join('');
}

/** Cuts text into literal parts and templates; braces and quotes within a template are matched. */
function splitTemplate(text: string): { template: boolean; text: string; offset: number }[] {
  const parts: { template: boolean; text: string; offset: number }[] = [];
  let at = 0;
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', at)) {
    const close = closingBrace(text, open + 2);
    if (open > at) parts.push({ template: false, text: text.slice(at, open), offset: at });
    parts.push({ template: true, text: text.slice(open + 2, close), offset: open + 2 });
    at = close + 1;
  }
  if (at < text.length) parts.push({ template: false, text: text.slice(at), offset: at });
  return parts;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] as string;
    if (quote) {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'" || character === '`') quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  throw stepError('MORTISE_STEP_EXPRESSION_FAILED', `The template in "${text}" has no closing brace.`, {
    remedy: 'Close it with "}".',
    details: { position: from },
  });
}

function scopeOf({
  id,
  type,
  subject,
  key,
  time,
  source,
  headers,
}: Message): ExpressionScope & Readonly<Record<string, unknown>> {
  const optional = { ...(subject === undefined ? {} : { subject }), ...(key === undefined ? {} : { key }) };
  return { message: { id, type, time, source, ...optional }, headers, variables: {} };
}

/** What `$` is: nothing where the body is bytes or a stream, since expressions are about values. */
function valueOf({ body }: Message): unknown {
  const isBytes = body instanceof Uint8Array || (typeof body === 'object' && body !== null && 'open' in body);
  return isBytes ? undefined : body;
}

/** JSONata's sequences are arrays with marks of their own; a body is plain JSON. */
function plain(value: unknown): unknown {
  return Array.isArray(value) && 'sequence' in value ? [...(value as unknown[])] : value;
}

function translated<T>(text: string, run: () => T, told: Told = {}): T {
  try {
    return run();
  } catch (error) {
    throw told.error ?? translate(text, error);
  }
}

function translate(text: string, error: unknown): unknown {
  if (!(error instanceof ExpressionError)) return error;
  const oneLine = text.trim().replaceAll(/\s+/g, ' ');
  const shown = oneLine.length > 200 ? `${oneLine.slice(0, 200)}…` : oneLine;
  return stepError('MORTISE_STEP_EXPRESSION_FAILED', `${error.message} (${error.code}) in: ${shown}.`, {
    cause: error,
    details: { jsonata: error.code, ...(error.position === undefined ? {} : { position: error.position }) },
  });
}

function scriptFailed(error: unknown): unknown {
  if (error instanceof MortiseError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return stepError('MORTISE_STEP_SCRIPT_FAILED', message, { cause: error });
}
