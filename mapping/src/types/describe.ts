// Types in words, for what is told of them.

import type { Type } from './type.ts';

const shownMax = 4;

/** As `text`, `"a" or "b"`, `an array of numbers or nothing`. */
export function describe(type: Type): string {
  if (type.any) return 'anything';
  const words = [
    ...(type.text ? literals(type.text.values, 'text') : []),
    ...(type.number ? literals(type.number.values, type.number.integer ? 'an integer' : 'a number') : []),
    ...(type.boolean ? literals(type.boolean.length === 1 ? type.boolean : undefined, 'true or false') : []),
    ...(type.object ? ['an object'] : []),
    ...(type.array ? [type.array.max === 0 ? 'an empty array' : 'an array'] : []),
    ...(type.callable ? ['a function'] : []),
    ...(type.null ? ['null'] : []),
    ...(type.nothing ? ['nothing'] : []),
  ];
  return words.join(' or ') || 'no value';
}

function literals(values: readonly unknown[] | undefined, otherwise: string): readonly string[] {
  return values && values.length <= shownMax ? values.map((value) => JSON.stringify(value)) : [otherwise];
}
