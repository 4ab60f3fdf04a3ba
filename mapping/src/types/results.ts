// What the built-in functions give that need no closer look: a kind, and whether it is nothing where an argument is.

import { booleanType, integerType, numberType, textType } from './type.ts';
import type { Type } from './type.ts';

const texts =
  'string substring substringBefore substringAfter lowercase uppercase trim pad join replace base64encode base64decode ' +
  'encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl formatNumber formatBase formatInteger fromMillis now type ' +
  'decimalAdd decimalSubtract decimalMultiply decimalDivide decimalRound decimalSum hash uuid5';
const numbers = 'sum number round abs sqrt power random';
const integers = 'floor ceil length toMillis parseInteger decimalCompare millis';
const booleans = 'contains boolean not';

function each(names: string, type: Type): readonly (readonly [string, Type])[] {
  return names.split(' ').map((name) => [name, type] as const);
}

/** By name, without the `$`: nothing where an argument is nothing, else this. */
export const results: ReadonlyMap<string, Type> = new Map([
  ...each(texts, textType),
  ...each(numbers, numberType),
  ...each(integers, integerType),
  ...each(booleans, booleanType),
]);

/** With fewer arguments the context is the first; one where a function is not named here. */
export const argumentsMin: Readonly<Record<string, number>> = {
  substring: 2,
  substringBefore: 2,
  substringAfter: 2,
  pad: 2,
  contains: 2,
  split: 2,
  match: 2,
  replace: 3,
  lookup: 2,
  power: 2,
  formatNumber: 2,
  formatInteger: 2,
  parseInteger: 2,
  each: 2,
  sift: 2,
  random: 0,
  now: 0,
  millis: 0,
  zip: 0,
  error: 0,
};
