// Where in its text an expression begins: the parser counts to behind the first token that tells what it is.

import { partsOf } from '../generate/walk.ts';
import type { Syntax } from '../syntax.ts';

const knownStarts = new WeakMap<Syntax, number>();

/** Characters from the start of the text, of which `node` is a part, to the first of the expression. */
export function startOf(node: Syntax, text: string): number {
  const start = knownStarts.get(node) ?? foundStart(node, text);
  knownStarts.set(node, start);
  return start;
}

function foundStart(node: Syntax, text: string): number {
  const starts = [ownStart(node, text), ...partsOf(node).map((part) => startOf(part, text))];
  return Math.max(0, Math.min(...starts.filter((start) => Number.isFinite(start)), text.length));
}

function ownStart(node: Syntax, text: string): number {
  const { position } = node;
  if (position === undefined) return Infinity;
  const before = text.slice(0, position);
  if (node.type === 'string') return openingQuote(before);
  const token = tokens[node.type];
  const found = token?.exec(before);
  return found ? found.index : position - 1;
}

const tokens: Readonly<Record<string, RegExp>> = {
  name: /(?:`[^`]*`|[^\s`.,;:?(){}[\]=<>!+\-*/%^&|~@#$"']+)$/,
  variable: /\$[^\s`.,;:?(){}[\]=<>!+\-*/%^&|~@#"']*$/,
  number: /[\d.]+(?:[eE][-+]?\d+)?$/,
  value: /\w+$/,
  lambda: /(?:function|λ)\s*\($/,
};

function openingQuote(before: string): number {
  const quote = before.at(-1);
  for (let at = before.length - 2; at >= 0; at -= 1) {
    if (before[at] !== quote) continue;
    let slashes = 0;
    while (before[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return before.length - 1;
}
