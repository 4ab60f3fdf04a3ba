// The built-in functions by name, with their signatures.

import type { Native } from '../runtime/calls.ts';
import { Signature } from '../runtime/signature.ts';
import * as collections from './collections.ts';
import * as decimals from './decimals.ts';
import * as encoding from './encoding.ts';
import * as higher from './higher-order.ts';
import * as identity from './identity.ts';
import * as matching from './matching.ts';
import * as numbers from './numbers.ts';
import * as texts from './texts.ts';
import { times } from './times.ts';

type Run = Native['run'];

/** Name → signature, number of parameters, implementation. An implementation gets what the signature lets through. */
const table: Readonly<Record<string, readonly [string, number, (...values: never[]) => unknown]>> = {
  sum: ['<a<n>:n>', 1, numbers.sum],
  count: ['<a:n>', 1, numbers.count],
  max: ['<a<n>:n>', 1, numbers.max],
  min: ['<a<n>:n>', 1, numbers.min],
  average: ['<a<n>:n>', 1, numbers.average],
  number: ['<(nsb)-:n>', 1, numbers.number],
  floor: ['<n-:n>', 1, numbers.floor],
  ceil: ['<n-:n>', 1, numbers.ceil],
  round: ['<n-n?:n>', 2, numbers.round],
  abs: ['<n-:n>', 1, numbers.abs],
  sqrt: ['<n-:n>', 1, numbers.sqrt],
  power: ['<n-n:n>', 2, numbers.power],
  random: ['<:n>', 0, numbers.random],
  formatBase: ['<n-n?:s>', 2, numbers.formatBase],
  string: ['<x-b?:s>', 1, texts.string],
  substring: ['<s-nn?:s>', 3, texts.substring],
  substringBefore: ['<s-s:s>', 2, texts.substringBefore],
  substringAfter: ['<s-s:s>', 2, texts.substringAfter],
  lowercase: ['<s-:s>', 1, texts.lowercase],
  uppercase: ['<s-:s>', 1, texts.uppercase],
  length: ['<s-:n>', 1, texts.length],
  trim: ['<s-:s>', 1, texts.trim],
  pad: ['<s-ns?:s>', 3, texts.pad],
  join: ['<a<s>s?:s>', 2, texts.join],
  match: ['<s-f<s:o>n?:a<o>>', 3, matching.match],
  contains: ['<s-(sf):b>', 2, matching.contains],
  replace: ['<s-(sf)(sf)n?:s>', 4, matching.replace],
  split: ['<s-(sf)n?:a<s>>', 3, matching.split],
  base64encode: ['<s-:s>', 1, encoding.base64encode],
  base64decode: ['<s-:s>', 1, encoding.base64decode],
  encodeUrlComponent: ['<s-:s>', 1, encoding.encodeUrlComponent],
  encodeUrl: ['<s-:s>', 1, encoding.encodeUrl],
  decodeUrlComponent: ['<s-:s>', 1, encoding.decodeUrlComponent],
  decodeUrl: ['<s-:s>', 1, encoding.decodeUrl],
  boolean: ['<x-:b>', 1, collections.boolean],
  not: ['<x-:b>', 1, collections.not],
  zip: ['<a+>', 0, collections.zip],
  keys: ['<x-:a<s>>', 1, collections.keys],
  lookup: ['<x-s:x>', 2, collections.lookup],
  append: ['<xx:a>', 2, collections.append],
  exists: ['<x:b>', 1, collections.exists],
  spread: ['<x-:a<o>>', 1, collections.spread],
  merge: ['<a<o>:o>', 1, collections.merge],
  reverse: ['<a:a>', 1, collections.reverse],
  shuffle: ['<a:a>', 1, collections.shuffle],
  distinct: ['<x:x>', 1, collections.distinct],
  type: ['<x:s>', 1, collections.type],
  error: ['<s?:x>', 1, collections.error],
  assert: ['<bs?:x>', 2, collections.assert],
  map: ['<af>', 2, higher.map],
  filter: ['<af>', 2, higher.filter],
  single: ['<af?>', 2, higher.single],
  reduce: ['<afj?:j>', 3, higher.reduce],
  sift: ['<o-f?:o>', 2, higher.sift],
  each: ['<o-f:a>', 2, higher.each],
  sort: ['<af?:a>', 2, higher.sort],
  decimalAdd: ['<(ns)(ns):s>', 2, decimals.decimalAdd],
  decimalSubtract: ['<(ns)(ns):s>', 2, decimals.decimalSubtract],
  decimalMultiply: ['<(ns)(ns):s>', 2, decimals.decimalMultiply],
  decimalDivide: ['<(ns)(ns)ns?:s>', 4, decimals.decimalDivide],
  decimalRound: ['<(ns)ns?:s>', 3, decimals.decimalRound],
  decimalSum: ['<a:s>', 1, decimals.decimalSum],
  decimalCompare: ['<(ns)(ns):n>', 2, decimals.decimalCompare],
  hash: ['<ss?:s>', 2, identity.hash],
  uuid5: ['<ss:s>', 2, identity.uuid5],
  ...times,
};

/** What takes the same time whatever it is given, or counts by itself: every other function counts what it is given. */
const constant: ReadonlySet<string> = new Set(
  'count exists type boolean not lookup append error assert map filter single reduce sort'.split(' '),
);

/** Compiled where it is called by name; as a value it knows no variables. The generator writes the call. */
const evaluation: Native = {
  name: 'eval',
  signature: new Signature('<sx?:x>'),
  arity: 2,
  isConstant: true,
  run: (cx, text, focus) => cx.evaluate(text, focus),
};

export const natives: ReadonlyMap<string, Native> = new Map([
  ...Object.entries(table).map(([name, [signature, arity, run]]): [string, Native] => [
    name,
    { name, signature: new Signature(signature), arity, isConstant: constant.has(name), run: run as unknown as Run },
  ]),
  ['eval', evaluation],
]);
