// Runs a program over a text: finds what a backtracking engine finds, but comes to each place in each state only once.

import type { Instruction, Program } from './program.ts';

/** Where groups begin and end, the whole match first; -1 where one has no part in it. */
export type Slots = readonly number[];

/** Told now and then how many instructions were run; throws where that is too much. */
export type Spend = (instructions: number) => void;

const spendEvery = 4096;
/** States of the program times places in the text; more would take more than 32 MiB. */
export const statesMax = 2 ** 28;

/** Kinds of entries on the stack: another way to go on, or a slot or register to be put back. */
const [another, slotBack, registerBack] = [0, 1, 2];

export function execute(program: Program, text: string, from: number, isMultiline: boolean, spend: Spend): Slots | undefined {
  const run = new Run(program, text, isMultiline, spend);
  for (let start = from; start <= text.length; start += 1) {
    const found = run.at(start);
    if (found) return found;
  }
  run.end();
  return undefined;
}

class Run {
  private readonly code: readonly Instruction[];
  private readonly text: string;
  private readonly isMultiline: boolean;
  private readonly spend: Spend;
  private readonly slots: number[];
  private readonly registers: number[];
  private readonly stack: number[] = [];
  /** What was tried in vain. Where a repetition may consume nothing, a state is more than its place, and nothing is noted. */
  private readonly visited: Uint8Array | undefined;
  private instructions = 0;
  /** Where it goes on after it went back. */
  private pc = 0;
  private position = 0;

  constructor({ code, slots, registers }: Program, text: string, isMultiline: boolean, spend: Spend) {
    this.code = code;
    this.text = text;
    this.isMultiline = isMultiline;
    this.spend = spend;
    this.slots = Array.from({ length: slots }, () => -1);
    this.registers = Array.from({ length: registers }, () => -1);
    this.visited = registers === 0 ? new Uint8Array(Math.ceil((code.length * (text.length + 1)) / 8)) : undefined;
  }

  end(): void {
    this.spend(this.instructions);
    this.instructions = 0;
  }

  /** The match that begins at `start`. */
  at(start: number): Slots | undefined {
    this.slots.fill(-1);
    const end = this.follow(0, start);
    if (end === undefined) return undefined;
    this.slots[0] = start;
    this.slots[1] = end;
    this.end();
    return this.slots;
  }

  private follow(first: number, start: number): number | undefined {
    let [pc, position] = [first, start];
    for (;;) {
      this.instructions += 1;
      if (this.instructions >= spendEvery) this.end();
      const instruction = this.code[pc] as Instruction;
      if (instruction.op === 'match') {
        this.stack.length = 0;
        return position;
      }
      const next = this.step(instruction, pc, position);
      if (next >= 0) {
        if (instruction.op === 'set') position += 1;
        pc = next;
        continue;
      }
      if (!this.goBack()) return undefined;
      pc = this.pc;
      position = this.position;
    }
  }

  /** Where it goes on; -1 where it does not. */
  private step(instruction: Instruction, pc: number, position: number): number {
    switch (instruction.op) {
      case 'set':
        return position < this.text.length && instruction.test(this.text.charCodeAt(position)) ? pc + 1 : -1;
      case 'place':
        return isPlace(instruction.kind, this.text, position, this.isMultiline) ? pc + 1 : -1;
      case 'split':
        if (this.wasHere(pc, position)) return -1;
        this.stack.push(another, instruction.second, position);
        return instruction.first;
      case 'jump':
        return instruction.to;
      case 'save':
        this.set(this.slots, slotBack, instruction.slot, position);
        return pc + 1;
      case 'clear':
        for (let slot = instruction.from; slot <= instruction.to; slot += 1) this.set(this.slots, slotBack, slot, -1);
        return pc + 1;
      case 'begin':
        this.set(this.registers, registerBack, instruction.register, position);
        return pc + 1;
      default:
        return instruction.op === 'advanced' && this.registers[instruction.register] !== position ? pc + 1 : -1;
    }
  }

  private set(values: number[], kind: number, at: number, value: number): void {
    this.stack.push(kind, at, values[at] as number);
    values[at] = value;
  }

  /** Goes back to the last place where there was another way; false where there is none. */
  private goBack(): boolean {
    const { stack } = this;
    while (stack.length > 0) {
      const value = stack.pop() as number;
      const at = stack.pop() as number;
      const kind = stack.pop() as number;
      if (kind === another) {
        this.pc = at;
        this.position = value;
        return true;
      }
      (kind === slotBack ? this.slots : this.registers)[at] = value;
    }
    return false;
  }

  private wasHere(pc: number, position: number): boolean {
    if (!this.visited) return false;
    const bit = pc * (this.text.length + 1) + position;
    const byte = bit >>> 3;
    const mask = 1 << (bit & 7);
    if (((this.visited[byte] as number) & mask) !== 0) return true;
    this.visited[byte] = (this.visited[byte] as number) | mask;
    return false;
  }
}

function isPlace(kind: string, text: string, position: number, isMultiline: boolean): boolean {
  switch (kind) {
    case '^':
      return position === 0 || (isMultiline && isLineEnd(text.charCodeAt(position - 1)));
    case '$':
      return position === text.length || (isMultiline && isLineEnd(text.charCodeAt(position)));
    default: {
      const isBoundary = isWord(text, position - 1) !== isWord(text, position);
      return kind === '\\b' ? isBoundary : !isBoundary;
    }
  }
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
}

function isWord(text: string, position: number): boolean {
  return /\w/.test(text.charAt(position));
}
