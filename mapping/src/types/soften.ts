// Marks as soft what a condition asked for: `$exists(a) ? …` is followed by what holds only where it is there.

import { pathTo } from './stream.ts';
import { pathIn } from './type.ts';
import type { Type } from './type.ts';

/** The type in which everything made of what was asked for, or of parts of it, is soft. */
export function soften(type: Type, asked: ReadonlySet<string>): Type {
  return asked.size === 0 ? type : softened(type, asked, 0);
}

function softened(type: Type, asked: ReadonlySet<string>, depth: number): Type {
  if (type.any || depth > 20) return type;
  const soft = type.soft || type.origins.some((origin) => isAsked(pathIn(origin), asked));
  const { object, array } = type;
  const inner = (field: Type, name: string): Type =>
    softened(
      field.origins.length > 0 ? field : { ...field, origins: type.origins.map((origin) => pathTo(origin, name)) },
      asked,
      depth + 1,
    );
  return {
    ...type,
    soft,
    object: object && {
      fields: new Map([...object.fields].map(([name, field]) => [name, restored(inner(field, name), field)])),
      rest: object.rest,
    },
    array: array && { ...array, values: restored(softened(withOrigins(array.values, type), asked, depth + 1), array.values) },
  };
}

function withOrigins(type: Type, outer: Type): Type {
  return type.origins.length > 0 ? type : { ...type, origins: outer.origins };
}

function restored(type: Type, before: Type): Type {
  return { ...type, origins: before.origins };
}

/** Asked for itself, for a part of it, or for what it is a part of. */
function isAsked(origin: string, asked: ReadonlySet<string>): boolean {
  for (const one of asked)
    if (one === origin || one.startsWith(`${origin}.`) || origin.startsWith(`${one}.`) || origin === '$') return true;
  return false;
}
