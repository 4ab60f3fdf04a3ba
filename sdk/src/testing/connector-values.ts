// Reads connections and options for tests as the engine does: by field specs, with every secret in its place.

import { readFields, readValue } from '../field-read.ts';
import type { FieldProblem } from '../field-read.ts';
import type { Field, Fields } from '../field.ts';

/** Texts of secrets by name: what `secret:NAME` stands for, and `env:NAME` before the environment is asked. */
export type Secrets = Readonly<Record<string, string>>;

export interface TestValues {
  readonly values: Readonly<Record<string, unknown>>;
  /** The texts of all secrets that were put in: none may ever be logged. */
  readonly secretTexts: readonly string[];
}

/** Values as a connector gets them: milliseconds, bytes, texts of secrets. Throws with every problem at once. */
export function readTestValues(fields: Fields, written: unknown, secrets: Secrets = {}): TestValues {
  const { values, problems } = readFields(fields, written);
  if (problems.length > 0) throw new Error(`The test's own options do not fit: ${problems.map(describe).join('; ')}.`);
  const secretTexts: string[] = [];
  const resolve = (reference: string) => {
    const text = secretText(reference, secrets);
    secretTexts.push(text);
    return text;
  };
  const resolved = resolveGroup(fields, isRecord(written) ? written : {}, values, resolve);
  return { values: resolved, secretTexts };
}

/** The same fields, where an expression is already evaluated, as it is when a send begins: any value goes. */
export function renderedFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, renderedField(spec)]));
}

function renderedField(spec: Field): Field {
  return {
    ...spec,
    ...(spec.kind === 'expression' ? { kind: 'value' as const } : {}),
    ...(spec.of ? { of: renderedField(spec.of) } : {}),
    ...(spec.fields ? { fields: renderedFields(spec.fields) } : {}),
    ...(spec.forms ? { forms: spec.forms.map(renderedField) } : {}),
  };
}

function resolveGroup(
  fields: Fields,
  written: Readonly<Record<string, unknown>>,
  values: unknown,
  resolve: (reference: string) => string,
) {
  const read = isRecord(values) ? values : {};
  return Object.fromEntries(
    Object.entries(read).map(([name, value]) => {
      const spec = fields[name] as Field;
      return [name, resolveValue(spec, written[name] ?? spec.default, value, resolve)];
    }),
  );
}

function resolveValue(spec: Field, written: unknown, value: unknown, resolve: (reference: string) => string): unknown {
  const inner = isRecord(written) ? written : {};
  switch (spec.kind) {
    case 'secret':
      return resolve(String(value));
    case 'group':
      return resolveGroup(spec.fields as Fields, inner, value, resolve);
    case 'list':
      return (value as unknown[]).map((one, index) =>
        resolveValue(spec.of as Field, (written as unknown[])[index], one, resolve),
      );
    case 'record':
      return Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([name, one]) => [
          name,
          resolveValue(spec.of as Field, inner[name], one, resolve),
        ]),
      );
    case 'oneOf':
      return resolveValue(fittingForm(spec, written), written, value, resolve);
    default:
      return value;
  }
}

function fittingForm(spec: Field, written: unknown): Field {
  const fits = (form: Field) => {
    const problems: FieldProblem[] = [];
    readValue(form, written, [], problems);
    return problems.length === 0;
  };
  return spec.forms?.find(fits) as Field;
}

function secretText(reference: string, secrets: Secrets): string {
  const [kind, name] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)];
  const text = Object.hasOwn(secrets, name) ? secrets[name] : kind === 'env' ? process.env[name] : undefined;
  if (text === undefined) throw new Error(`The test gives no text for ${reference}: add it to "secrets".`);
  return text;
}

function describe(problem: FieldProblem): string {
  const path = problem.fact === 'missing' ? [...problem.path, problem.found] : problem.path;
  return `${path.join('.')} is ${problem.fact}, expected ${problem.expected}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
