// A regular expression as a program for the engine beside it; only what an automaton can do.

import type { Piece, Repeat } from './syntax.ts';
import { setTest } from './sets.ts';

export type Instruction =
  | { readonly op: 'set'; readonly test: (code: number) => boolean }
  | { readonly op: 'place'; readonly kind: string }
  /** Goes on at `first`, and at `second` where that fails. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  /** Forgets what the groups of a repeated piece have captured the time before. */
  | { readonly op: 'clear'; readonly from: number; readonly to: number }
  /** Notes the position where a repetition begins, and fails where the repetition has consumed nothing. */
  | { readonly op: 'begin'; readonly register: number }
  | { readonly op: 'advanced'; readonly register: number }
  | { readonly op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  readonly slots: number;
  readonly registers: number;
}

/** Repetitions are written out: more than so many instructions, and it is not worth it. */
const instructionsMax = 5000;

/** Undefined where the pattern cannot be written so. */
export function programOf(root: Piece, groups: number, ignoresCase: boolean): Program | undefined {
  const writer = new Writer(ignoresCase);
  if (!writer.write(root)) return undefined;
  writer.code.push({ op: 'match' });
  return { code: writer.code, slots: (groups + 1) * 2, registers: writer.registers };
}

class Writer {
  readonly code: Instruction[] = [];
  registers = 0;
  private readonly ignoresCase: boolean;

  constructor(ignoresCase: boolean) {
    this.ignoresCase = ignoresCase;
  }

  write(piece: Piece): boolean {
    if (this.code.length > instructionsMax) return false;
    switch (piece.type) {
      case 'set':
        this.code.push({ op: 'set', test: setTest(piece.source, this.ignoresCase) });
        return true;
      case 'place':
        this.code.push({ op: 'place', kind: piece.source });
        return true;
      case 'group':
        return this.group(piece.body, piece.number);
      case 'row':
        return piece.parts.every((part) => this.write(part));
      case 'either':
        return this.either(piece.parts);
      case 'repeat':
        return this.repeat(piece);
      default:
        return false;
    }
  }

  private group(body: Piece, number: number | undefined): boolean {
    if (number === undefined) return this.write(body);
    this.code.push({ op: 'save', slot: number * 2 });
    const isWritten = this.write(body);
    this.code.push({ op: 'save', slot: number * 2 + 1 });
    return isWritten;
  }

  private either(parts: readonly Piece[]): boolean {
    const ends: { to: number }[] = [];
    for (const [at, part] of parts.entries()) {
      const split = { op: 'split' as const, first: this.code.length + 1, second: 0 };
      if (at < parts.length - 1) this.code.push(split);
      if (!this.write(part)) return false;
      if (at === parts.length - 1) break;
      const end = { op: 'jump' as const, to: 0 };
      ends.push(end);
      this.code.push(end);
      split.second = this.code.length;
    }
    for (const end of ends) end.to = this.code.length;
    return true;
  }

  private repeat(piece: Repeat): boolean {
    for (let times = 0; times < piece.min; times += 1) if (!this.once(piece)) return false;
    if (piece.max === Infinity) return this.loop(piece);
    const exits: (() => void)[] = [];
    for (let times = piece.min; times < piece.max; times += 1) {
      exits.push(this.split(piece.isLazy));
      if (!this.once(piece, true)) return false;
    }
    for (const exit of exits) exit();
    return true;
  }

  private loop(piece: Repeat): boolean {
    const start = this.code.length;
    const exit = this.split(piece.isLazy);
    const isWritten = this.once(piece, true);
    this.code.push({ op: 'jump', to: start });
    exit();
    return isWritten;
  }

  /** A choice between what follows and what comes behind it: the returned function is called there. */
  private split(isLazy: boolean): () => void {
    const split = { op: 'split' as const, first: 0, second: 0 };
    const here = this.code.push(split);
    if (isLazy) split.second = here;
    else split.first = here;
    return () => {
      if (isLazy) split.first = this.code.length;
      else split.second = this.code.length;
    };
  }

  private once({ body }: Repeat, isOptional = false): boolean {
    if (this.code.length > instructionsMax) return false;
    const [from, to] = groupsOf(body);
    if (from <= to) this.code.push({ op: 'clear', from: from * 2, to: to * 2 + 1 });
    if (!isOptional || !isNullable(body)) return this.write(body);
    const register = this.registers;
    this.registers += 1;
    this.code.push({ op: 'begin', register });
    const isWritten = this.write(body);
    this.code.push({ op: 'advanced', register });
    return isWritten;
  }
}

/** The first and the last group within. */
function groupsOf(piece: Piece): readonly [number, number] {
  const inner = piecesIn(piece).map(groupsOf);
  const own = piece.type === 'group' && piece.number !== undefined ? [piece.number] : [];
  return [Math.min(Infinity, ...own, ...inner.map(([from]) => from)), Math.max(-1, ...own, ...inner.map(([, to]) => to))];
}

function piecesIn(piece: Piece): readonly Piece[] {
  if ('parts' in piece) return piece.parts;
  return 'body' in piece ? [piece.body] : [];
}

function isNullable(piece: Piece): boolean {
  switch (piece.type) {
    case 'set':
      return false;
    case 'group':
      return isNullable(piece.body);
    case 'row':
      return piece.parts.every(isNullable);
    case 'either':
      return piece.parts.some(isNullable);
    case 'repeat':
      return piece.min === 0 || isNullable(piece.body);
    default:
      return true;
  }
}
