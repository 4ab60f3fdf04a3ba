// Schemas that lead back to themselves without going deeper into a value: no checker would ever end.

import type { Json } from '@mortise/sdk';
import { isMapping } from '../values.ts';
import type { ModelSchema } from './schemas.ts';

/** Words whose schemas are for the same value. */
const inPlace = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];

/** Takes out each reference that closes such a circle, and tells of its model. */
export function breakCircles(models: ReadonlyMap<string, ModelSchema>, tell: (name: string) => void): void {
  const done = new Set<string>();
  const open = new Set<string>();
  const walk = (schema: Json, depth: number): void => {
    if (!isMapping(schema)) return;
    const reference = schema['$ref'];
    if (typeof reference === 'string' && !visit(reference, depth)) {
      tell(reference);
      delete (schema as ModelSchema)['$ref'];
    }
    for (const word of inPlace) for (const inner of [schema[word]].flat()) walk(inner as Json, depth);
  };
  /** Whether the model can be used from here. Chains of thousands of models are no circle, but nothing that a checker could follow. */
  const visit = (name: string, depth: number): boolean => {
    if (open.has(name) || depth > 1000) return false;
    const schema = models.get(name);
    if (done.has(name) || !schema) return true;
    open.add(name);
    walk(schema, depth + 1);
    open.delete(name);
    done.add(name);
    return true;
  };
  for (const name of models.keys()) visit(name, 0);
}
