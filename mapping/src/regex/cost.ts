// How long a backtracking engine may take for a regular expression at most: an upper bound, by the length of the text.

import type { Piece, Repeat } from './syntax.ts';

/** At one place in the text: in how many ways a piece can match, and how many steps it takes to try them all. */
interface Cost {
  readonly ways: number;
  readonly steps: number;
}

const one: Cost = { ways: 1, steps: 1 };

/** The most steps that an attempt at one place takes in a text of `length` characters; Infinity where it may be exponential. */
export function stepsAtMost(root: Piece, length: number): number {
  return costOf(root, length + 1).steps;
}

function costOf(piece: Piece, length: number): Cost {
  switch (piece.type) {
    case 'set':
    case 'place':
      return one;
    case 'group':
      return costOf(piece.body, length);
    case 'look':
      // What follows does not make it look again.
      return { ways: 1, steps: costOf(piece.body, length).steps + 1 };
    case 'other':
      // A back reference compares as much as there is.
      return { ways: 1, steps: rowOf(piece.parts, length).steps + length };
    case 'row':
      return rowOf(piece.parts, length);
    case 'either':
      return eitherOf(piece.parts, length);
    case 'repeat':
      return repeatOf(piece, length);
  }
}

function rowOf(parts: readonly Piece[], length: number): Cost {
  let [ways, steps] = [1, 1];
  for (const part of parts) {
    const cost = costOf(part, length);
    steps += ways * cost.steps;
    ways *= cost.ways;
  }
  return { ways, steps };
}

function eitherOf(parts: readonly Piece[], length: number): Cost {
  const costs = parts.map((part) => costOf(part, length));
  const steps = costs.reduce((sum, cost) => sum + cost.steps, 1);
  const ways = costs.map((cost) => cost.ways);
  // Where the first characters tell the alternatives apart, only one of them can match.
  return { steps, ways: areApart(parts) ? Math.max(...ways) : ways.reduce((sum, way) => sum + way, 0) };
}

function areApart(parts: readonly Piece[]): boolean {
  const firsts = parts.map(firstLetter);
  const known = new Set(firsts);
  return known.size === parts.length && !known.has(undefined);
}

/** The letter or digit that a piece begins with, in lower case. */
function firstLetter(piece: Piece): string | undefined {
  if (piece.type === 'set') return /^[a-zA-Z0-9]$/.test(piece.source) ? piece.source.toLowerCase() : undefined;
  if (piece.type === 'group') return firstLetter(piece.body);
  if (piece.type === 'row') return piece.parts[0] && firstLetter(piece.parts[0]);
  return undefined;
}

function repeatOf({ body, min, max }: Repeat, length: number): Cost {
  const { ways, steps } = costOf(body, length);
  if (max <= 1) return { ways: ways + 1, steps: steps + 1 };
  const most = Math.min(max, min + length);
  if (ways <= 1) return { ways: most - min + 1, steps: (most + 1) * (steps + 1) };
  if (most > 30) return { ways: Infinity, steps: Infinity };
  const total = ways ** most * (most + 1);
  return { ways: total, steps: total * steps };
}
