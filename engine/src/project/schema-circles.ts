// Finds references that lead back to themselves without going into the value: checking by such a schema would never end.

import type { JsonSchema, Path } from '@mortise/sdk';
import { isMapping } from './planned.ts';

/** Words whose schemas are of the same value as the schema that holds them. */
const sameValueLists = ['allOf', 'anyOf', 'oneOf'] as const;
const sameValueWords = ['not', 'if', 'then', 'else'] as const;
const depthMax = 200;

/** The place of a reference of this model that leads to itself; undefined where there is none. */
export function findCircle(name: string, schemas: ReadonlyMap<string, JsonSchema>): Path | undefined {
  const search = (part: unknown, path: Path): Path | undefined => {
    if (typeof part !== 'object' || part === null || path.length > depthMax) return undefined;
    const reference = Array.isArray(part) ? undefined : (part as JsonSchema)['$ref'];
    if (typeof reference === 'string' && leadsTo(part, name, schemas)) return [...path, '$ref'];
    for (const [key, inner] of Object.entries(part)) {
      const found = search(inner, [...path, Array.isArray(part) ? Number(key) : key]);
      if (found) return found;
    }
    return undefined;
  };
  return search(schemas.get(name), []);
}

/** Whether what it refers to comes back to it. */
function leadsTo(start: unknown, name: string, schemas: ReadonlyMap<string, JsonSchema>): boolean {
  const seen = new Set<unknown>();
  const open = nextOf(start, name, schemas);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.schema === start) return true;
    if (seen.has(next.schema)) continue;
    seen.add(next.schema);
    open.push(...nextOf(next.schema, next.name, schemas));
  }
  return false;
}

interface Place {
  readonly schema: unknown;
  /** Of the model that it stands in. */
  readonly name: string;
}

function nextOf(schema: unknown, name: string, schemas: ReadonlyMap<string, JsonSchema>): Place[] {
  if (!isMapping(schema)) return [];
  const { $ref: reference, dependentSchemas } = schema;
  const within = [
    ...sameValueLists.flatMap((word) => (Array.isArray(schema[word]) ? (schema[word] as readonly unknown[]) : [])),
    ...sameValueWords.flatMap((word) => schema[word] ?? []),
    ...(isMapping(dependentSchemas) ? Object.values(dependentSchemas) : []),
  ].map((part) => ({ schema: part, name }));
  const target = typeof reference === 'string' ? resolved(reference, name, schemas) : undefined;
  return target ? [...within, target] : within;
}

/** Pointers, into this or another model; anchors are left to whoever compiles. */
function resolved(reference: string, own: string, schemas: ReadonlyMap<string, JsonSchema>): Place | undefined {
  const [model = '', pointer = ''] = reference.split('#');
  const name = model === '' ? own : model;
  const parts = pointer.split('/').slice(1);
  if (pointer !== '' && !pointer.startsWith('/')) return undefined;
  const schema = parts.reduce<unknown>((part, text) => {
    const key = text.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof part === 'object' && part !== null && Object.hasOwn(part, key)
      ? (part as Readonly<Record<string, unknown>>)[key]
      : undefined;
  }, schemas.get(name));
  return schema === undefined ? undefined : { schema, name };
}
