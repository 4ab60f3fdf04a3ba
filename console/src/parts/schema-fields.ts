// The fields of a JSON Schema, flattened for reading: one line a field, with its path.

import { models } from '../texts/index.ts';

export interface SchemaField {
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** Description and bounds. */
  readonly says: string;
  /** Whoever may not see bodies sees it masked. */
  readonly isPersonal: boolean;
}

const depthMax = 8;

export function schemaFields(schema: unknown): readonly SchemaField[] {
  const root = record(schema);
  return fieldsOf(root, root, '', 0);
}

function fieldsOf(
  schema: Readonly<Record<string, unknown>>,
  root: Readonly<Record<string, unknown>>,
  above: string,
  depth: number,
): SchemaField[] {
  if (depth > depthMax) return [];
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []);
  return Object.entries(record(schema['properties'])).flatMap(([name, written]) => {
    const property = followed(record(written), root);
    const path = above === '' ? name : `${above}.${name}`;
    const inner = property['items'] === undefined ? property : followed(record(property['items']), root);
    const field = {
      path,
      depth,
      name,
      type: typeText(property, root),
      isRequired: required.has(name),
      says: saysText(property),
      isPersonal: property['x-personal'] === true,
    };
    return [field, ...fieldsOf(inner, root, path, depth + 1)];
  });
}

function followed(
  schema: Readonly<Record<string, unknown>>,
  root: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  return record(record(root['$defs'])[reference.replace('#/$defs/', '')]);
}

function typeText(schema: Readonly<Record<string, unknown>>, root: Readonly<Record<string, unknown>>): string {
  const { type, format, items } = schema;
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[]).map((value) => JSON.stringify(value)).join(' | ');
  if (items !== undefined) return `list of ${typeText(followed(record(items), root), root)}`;
  const name = Array.isArray(type) ? (type as unknown[]).join(' | ') : typeof type === 'string' ? type : 'any';
  return typeof format === 'string' ? `${name}, ${format}` : name;
}

function saysText(schema: Readonly<Record<string, unknown>>): string {
  const { description, title } = schema;
  const words = typeof description === 'string' ? description : typeof title === 'string' ? title : '';
  return [words, boundsText(schema)].filter(Boolean).join(' ');
}

/** The bounds in words, in the order in which people ask for them. */
function boundsText(schema: Readonly<Record<string, unknown>>): string {
  const { bounds } = models;
  return (Object.keys(bounds) as (keyof typeof bounds)[])
    .flatMap((name) => (typeof schema[name] === 'number' || typeof schema[name] === 'string' ? [bounds[name](schema[name])] : []))
    .map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`)
    .join(' ');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
