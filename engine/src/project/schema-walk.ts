// Looks whether a schema is sure to compile, without compiling it: that takes a thousand times as long.

import type { JsonSchema } from '@mortise/sdk';
import { isMapping } from './planned.ts';

/** Words that move what references lead to, or that a compiler may refuse: a schema that has one is compiled at once. */
const unsureWords = new Set([
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$recursiveAnchor',
  '$recursiveRef',
  '$async',
  'nullable',
  'discriminator',
]);
/** Words that hold schemas by name. */
const namedSchemas = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Words that hold values, which may look like schemas. */
const valueWords = new Set(['const', 'enum', 'default', 'examples', 'example', 'required', 'dependentRequired']);
const depthMax = 200;

/** The models that it refers to by name, where its own words are sure to compile; undefined where they are not. */
export function plainReferences(schema: JsonSchema): ReadonlySet<string> | undefined {
  const references = new Set<string>();
  const { $id: _id, $schema: _schema, ...words } = schema;
  return isPlain(words, schema, references, 0) ? references : undefined;
}

function isPlain(part: unknown, root: JsonSchema, references: Set<string>, depth: number): boolean {
  if (Array.isArray(part)) return part.every((one) => isPlain(one, root, references, depth + 1));
  if (!isMapping(part)) return true;
  if (depth > depthMax) return false;
  return Object.entries(part).every(([word, value]) => {
    if (unsureWords.has(word)) return false;
    // The standard allows a list of no values, Ajv does not.
    if (word === 'enum' && Array.isArray(value) && value.length === 0) return false;
    if (valueWords.has(word)) return true;
    if (word === '$ref') return isPlainReference(value, root, references);
    if (word === 'pattern') return isPattern(value);
    if (!namedSchemas.has(word) || !isMapping(value)) return isPlain(value, root, references, depth + 1);
    const arePatterns = word !== 'patternProperties' || Object.keys(value).every(isPattern);
    return arePatterns && Object.values(value).every((one) => isPlain(one, root, references, depth + 1));
  });
}

/** To itself, to a definition of its own, or to a whole model by its name. */
function isPlainReference(value: unknown, root: JsonSchema, references: Set<string>): boolean {
  if (typeof value !== 'string') return false;
  const [, word = '', name = ''] = /^#\/(\$defs|definitions)\/([^/~%]+)$/.exec(value) ?? [];
  if (value === '#') return true;
  if (word !== '') return isMapping(root[word]) && isSchema(root[word], name);
  if (!/^[a-z0-9][a-z0-9-]*@\d+$/.test(value)) return false;
  references.add(value);
  return true;
}

function isSchema(holder: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(holder, name) && (isMapping(holder[name]) || typeof holder[name] === 'boolean');
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && new RegExp(value, 'u').source.length > 0;
  } catch {
    return false;
  }
}

/** Those of the models that are sure to compile: plain themselves, and all that they lead to. */
export function sureModels(schemas: ReadonlyMap<string, JsonSchema>): ReadonlySet<string> {
  const plain = new Map<string, ReadonlySet<string>>();
  for (const [name, schema] of schemas) {
    const references = plainReferences(schema);
    if (references) plain.set(name, references);
  }
  const users = new Map<string, string[]>();
  for (const [name, references] of plain) for (const one of references) addTo(users, one, name);
  const open = [...users.keys(), ...schemas.keys()].filter((name) => !plain.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const user of users.get(name) ?? []) if (plain.delete(user)) open.push(user);
  }
  return new Set(plain.keys());
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
