// What may stand at a place of a YAML file, by the JSON Schema of the project.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';

type Schema = Readonly<Record<string, unknown>>;

/** Completes names behind the indentation, and values behind a colon. */
export function completionsOf(schema: () => Schema | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schema();
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const [, lead = '', name, word = ''] = /^([\s-]*)(?:([\w.-]+):\s+)?([\w@.-]*)$/.exec(before) ?? [];
    if (!root || (before.trim() === '' && !context.explicit && lead === '') || /[{"'|>]/.test(before)) return null;
    const path = pathAbove(context, line.number, lead.length);
    const at = resolveAll(root, name === undefined ? path : [...path, name], root);
    const options = name === undefined ? at.flatMap((one) => namesOf(one, root)) : at.flatMap((one) => valuesOf(one, root));
    const unique = [...new Map(options.map((option) => [option.label, option])).values()];
    return unique.length === 0 ? null : { from: context.pos - word.length, options: unique, validFor: /^[\w@.-]*$/ };
  };
}

/** The names under which this line stands, by the indentation of the lines above. */
function pathAbove(context: CompletionContext, lineNumber: number, indent: number): readonly (string | number)[] {
  const path: (string | number)[] = [];
  let limit = indent;
  const own = context.state.doc.line(lineNumber).text;
  const dash = own.indexOf('- ');
  if (dash >= 0 && dash < indent) {
    path.unshift(0);
    limit = dash + 1;
  }
  for (let number = lineNumber - 1; number > 0 && limit > 0; number--) {
    const { text } = context.state.doc.line(number);
    const [, lead = '', name, rest = ''] = /^([\s-]*)([\w.-]+):(.*)$/.exec(text) ?? [];
    if (name === undefined || lead.length >= limit) continue;
    if (rest.trim() !== '' && !/^[|>]/.test(rest.trim()) && lead.length === limit) continue;
    path.unshift(name);
    const inner = lead.indexOf('-');
    if (inner >= 0) path.unshift(0);
    limit = inner >= 0 ? inner : lead.length;
  }
  return path;
}

function resolveAll(schema: Schema, path: readonly (string | number)[], root: Schema): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (at, part) => at.flatMap((one) => alternatives(one, root).flatMap((found) => step(found, part))),
    [schema],
  );
}

function step(schema: Schema, part: string | number): readonly Schema[] {
  if (typeof part === 'number') return isSchema(schema['items']) ? [schema['items']] : [];
  const own = record(schema['properties'])[part];
  if (isSchema(own)) return [own];
  return isSchema(schema['additionalProperties']) ? [schema['additionalProperties']] : [];
}

/** With references followed, and the parts of anyOf, oneOf, allOf and if-then each for itself. */
function alternatives(schema: Schema, root: Schema, depth = 0): readonly Schema[] {
  if (depth > 8) return [];
  const reference = schema['$ref'];
  const followed = typeof reference === 'string' ? record(root['$defs'])[reference.replace('#/$defs/', '')] : undefined;
  const parts = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (Array.isArray(schema[name]) ? (schema[name] as unknown[]) : []));
  const more = [followed, schema['then'], schema['else'], ...parts].filter(isSchema);
  return [schema, ...more.flatMap((one) => alternatives(one, root, depth + 1))];
}

function namesOf(schema: Schema, root: Schema): readonly Completion[] {
  return alternatives(schema, root).flatMap((one) =>
    Object.entries(record(one['properties'])).map(([label, property]) => {
      const { description } = record(property);
      return { label, apply: `${label}: `, type: 'property', ...(typeof description === 'string' ? { info: description } : {}) };
    }),
  );
}

function valuesOf(schema: Schema, root: Schema): readonly Completion[] {
  return alternatives(schema, root).flatMap((one) => {
    const values = [...(Array.isArray(one['enum']) ? (one['enum'] as unknown[]) : []), ...('const' in one ? [one['const']] : [])];
    return values.map((value) => ({ label: String(value), type: 'enum' }));
  });
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown): Schema {
  return isSchema(value) ? value : {};
}
