// Reads what a user wrote by its field specs: values out, or every problem at once, each with its path.

import { holdsSecret } from './field-redact.ts';
import type { Field, Fields, ValuesOf } from './field.ts';
import { nearest } from './nearest.ts';
import { parseDuration, parseDurationRange, parseRate, parseSize } from './quantity.ts';

export type Path = readonly (string | number)[];

/** One thing that is wrong with what was written. `found` is never the value of a secret. */
export interface FieldProblem {
  readonly path: Path;
  /** `key`: the problem is the name itself, not its value. */
  readonly at: 'key' | 'value';
  readonly fact: 'unknown' | 'missing' | 'wrong';
  readonly found?: unknown;
  readonly expected: string;
  readonly remedy: string;
}

export interface ReadResult<F extends Fields> {
  /** Complete only where `problems` is empty. */
  readonly values: ValuesOf<F>;
  readonly problems: readonly FieldProblem[];
}

/** Reads `written` by `fields`. Reports every unknown, missing and wrong option; defaults are filled in. */
export function readFields<F extends Fields>(fields: F, written: unknown, path: Path = []): ReadResult<F> {
  const problems: FieldProblem[] = [];
  const values = readGroup(fields, written ?? {}, path, problems);
  return { values: values as ValuesOf<F>, problems };
}

function readGroup(fields: Fields, written: unknown, path: Path, problems: FieldProblem[]): unknown {
  if (!isRecord(written)) {
    problems.push(wrong(path, written, `a mapping with ${names(fields)}`));
    return {};
  }
  const strange = Object.keys(written).filter((name) => !Object.hasOwn(fields, name));
  for (const name of strange) problems.push(unknown([...path, name], name, Object.keys(fields)));
  // A slip in a name is one problem, not an unknown option and a missing one.
  const meant = new Set(strange.map((name) => nearest(name, Object.keys(fields))));
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(fields)) {
    if (meant.has(name) && !Object.hasOwn(written, name)) continue;
    const value = readOption(spec, written, name, [...path, name], problems);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function readOption(spec: Field, written: Record<string, unknown>, name: string, path: Path, problems: FieldProblem[]): unknown {
  const given = Object.hasOwn(written, name) ? written[name] : undefined;
  if (given !== undefined && given !== null) return readValue(spec, given, path, problems);
  if (spec.default !== undefined) return readValue(spec, spec.default, path, problems);
  if (!spec.optional) problems.push(missing(path.slice(0, -1), name, spec));
  return undefined;
}

/** Reads one value by one field spec; problems are added to `problems`. */
export function readValue(spec: Field, written: unknown, path: Path, problems: FieldProblem[]): unknown {
  const value = readers[spec.kind](spec, written, path, problems);
  if (value !== undefined) return value;
  problems.push(wrong(path, holdsSecret(spec) ? '(hidden)' : written, expectation(spec)));
  return undefined;
}

type Reader = (spec: Field, written: unknown, path: Path, problems: FieldProblem[]) => unknown;

const asText: Reader = (_, written) => (typeof written === 'string' ? written : undefined);
const asIs: Reader = (_, written) => written;
const asQuantity =
  (parse: (text: string) => unknown): Reader =>
  (_, written) =>
    typeof written === 'string' ? parse(written) : undefined;

const readers: Readonly<Record<Field['kind'], Reader>> = {
  text: (spec, written) => {
    const text = typeof written === 'number' ? String(written) : written;
    return typeof text === 'string' && (spec.pattern?.test(text) ?? true) ? text : undefined;
  },
  path: (_, written) => (typeof written === 'string' && written !== '' && !written.includes('\0') ? written : undefined),
  secret: (_, written) => (typeof written === 'string' && /^(env|secret):[A-Za-z0-9_.-]+$/.test(written) ? written : undefined),
  expression: (_, written) => (isExpression(written) ? written : undefined),
  integer: (spec, written) => (Number.isSafeInteger(written) && inRange(spec, written as number) ? written : undefined),
  number: (spec, written) => (typeof written === 'number' && inRange(spec, written) ? written : undefined),
  boolean: (_, written) => (typeof written === 'boolean' ? written : undefined),
  choice: (spec, written) => (spec.choices?.includes(written as string) ? written : undefined),
  duration: asQuantity(parseDuration),
  durationRange: asQuantity(parseDurationRange),
  size: asQuantity(parseSize),
  rate: asQuantity(parseRate),
  list: (spec, written, path, problems) =>
    Array.isArray(written)
      ? written.map((item, index) => readValue(spec.of as Field, item, [...path, index], problems))
      : undefined,
  record: (spec, written, path, problems) =>
    isRecord(written) ? readRecord(spec.of as Field, written, path, problems) : undefined,
  group: (spec, written, path, problems) =>
    isRecord(written) ? readGroup(spec.fields as Fields, written, path, problems) : undefined,
  oneOf: readOneOf,
  value: asIs,
  model: asText,
  format: (_, written) =>
    typeof written === 'string' || (isRecord(written) && Object.keys(written).length === 1) ? written : undefined,
  steps: (_, written) => (Array.isArray(written) ? written : undefined),
  targets: (_, written) => (isRecord(written) || Array.isArray(written) ? written : undefined),
};

function readOneOf(spec: Field, written: unknown, path: Path, problems: FieldProblem[]): unknown {
  const attempts = (spec.forms ?? []).map((form) => {
    const found: FieldProblem[] = [];
    return { form, value: readValue(form, written, path, found), found };
  });
  const fitting = attempts.find((attempt) => attempt.found.length === 0);
  if (fitting) return fitting.value;
  const [closest] = attempts
    .filter(({ form, found }) => isMeant(form, written, found, path))
    .sort((a, b) => a.found.length - b.found.length);
  if (!closest) return undefined;
  problems.push(...closest.found);
  return closest.value ?? {};
}

/** Whether this form is the one the user had in mind: a group of which he wrote the name, or at least the shape. */
function isMeant(form: Field, written: unknown, found: readonly FieldProblem[], path: Path): boolean {
  const marks = Object.entries(form.fields ?? {}).filter(([, spec]) => spec.choices?.length === 1);
  const isMarked = marks.length > 0 && isRecord(written) && marks.every(([name, spec]) => written[name] === spec.choices?.[0]);
  if (marks.length > 0) return isMarked;
  return found.some((problem) => problem.path.length > path.length || problem.fact !== 'wrong');
}

function readRecord(of: Field, written: Record<string, unknown>, path: Path, problems: FieldProblem[]): unknown {
  const entries = Object.entries(written).map(
    ([name, value]) => [name, readValue(of, value, [...path, name], problems)] as const,
  );
  return Object.fromEntries(entries);
}

function isExpression(written: unknown): boolean {
  if (typeof written === 'string' || typeof written === 'function') return true;
  return isRecord(written) && typeof written['file'] === 'string' && Object.keys(written).length === 1;
}

function inRange(spec: Field, value: number): boolean {
  return value >= (spec.minimum ?? -Infinity) && value <= (spec.maximum ?? Infinity);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function names(fields: Fields): string {
  return Object.keys(fields).join(', ') || 'no options';
}

function unknown(path: Path, name: string, known: readonly string[]): FieldProblem {
  const near = nearest(name, known);
  const remedy = near ? `Did you mean "${near}"?` : `Remove it, or use one of: ${known.join(', ') || 'none are known here'}.`;
  return { path, at: 'key', fact: 'unknown', found: name, expected: `one of ${known.join(', ') || 'nothing'}`, remedy };
}

function missing(path: Path, name: string, spec: Field): FieldProblem {
  const remedy = `Add "${name}": ${expectation(spec)}. ${spec.doc}`;
  return { path, at: 'value', fact: 'missing', found: name, expected: expectation(spec), remedy };
}

function wrong(path: Path, found: unknown, expected: string): FieldProblem {
  return { path, at: 'value', fact: 'wrong', found, expected, remedy: `Write ${expected}.` };
}

const expectations: Readonly<Record<Field['kind'], string>> = {
  text: 'text',
  path: "a path, absolute or from the project's folder",
  secret: '"env:NAME" or "secret:NAME"',
  expression: 'an expression, or { file: … }',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  choice: 'one of the choices',
  duration: 'a duration such as 250ms, 5s, 15m, 7d',
  durationRange: 'two durations such as 1s..15m',
  size: 'a size such as 64KiB, 10MiB',
  rate: 'a rate such as 50/s',
  list: 'a list',
  record: 'a mapping of names to values',
  group: 'a mapping',
  oneOf: 'one of its forms',
  value: 'any value',
  model: 'a model such as order@1',
  format: 'a format: its name, or { name: options }',
  steps: 'a list of steps',
  targets: 'a target { channel } or { system, outbound }, or a list of them',
};

/** What a field takes, in words: `a duration such as 250ms, 5s, 15m, 7d`. */
export function expectation(spec: Field): string {
  if (spec.kind === 'choice') return `one of ${spec.choices?.join(', ')}`;
  if (spec.kind === 'oneOf') return (spec.forms ?? []).map(expectation).join(', or ');
  if (spec.kind === 'list') return `a list, each ${expectation(spec.of as Field)}`;
  if (spec.kind === 'group') return `a mapping with ${names(spec.fields as Fields)}`;
  if (spec.pattern)
    return (
      spec.expected ??
      (spec.example === undefined ? `text like ${spec.pattern.source}` : `text such as ${JSON.stringify(spec.example)}`)
    );
  const bounds = [
    spec.minimum === undefined ? '' : `from ${spec.minimum}`,
    spec.maximum === undefined ? '' : `to ${spec.maximum}`,
  ];
  return [expectations[spec.kind], ...bounds].filter(Boolean).join(' ');
}
