// A regular expression that cannot stall: the host's engine runs it where its time is bounded, else the engine beside this file.

import { expressionError } from '../errors.ts';
import { stepsAtMost } from './cost.ts';
import { execute, statesMax } from './engine.ts';
import { programOf } from './program.ts';
import type { Program } from './program.ts';
import { readRegex } from './syntax.ts';
import type { RegexTree } from './syntax.ts';

/** A match: where it begins, its text, its groups. */
export interface Found {
  readonly index: number;
  readonly match: string;
  readonly groups: readonly (string | undefined)[];
}

/** What a search takes from the budget of an evaluation. */
export type SpendSteps = (steps: number) => void;

/** So many steps of the host's engine take some milliseconds: no search may take more there, whatever the text. */
const hostStepsMax = 4_000_000;
/** A search whose steps at one place are so few is linear, and goes to the host whatever the text's length. */
const linearStepsMax = 64;
/** No text is as long. */
const endless = 2 ** 30;
/** Steps of either engine that weigh as one step of an evaluation. */
const hostStepsPerStep = 256;
const ownStepsPerStep = 2;
/** Without notes of what was tried, our own engine may take exponential time as well: it ends here. */
const ownStepsMax = 5_000_000;

export class Pattern {
  readonly source: string;
  private readonly regex: RegExp;
  private readonly isMultiline: boolean;
  private readonly tree: RegexTree;
  private readonly isAnchored: boolean;
  /** The most steps at one place where they do not grow with the text: then the host's engine is linear, whatever the text. */
  private readonly linearSteps: number | undefined;
  private program: Program | undefined | null = null;

  constructor(source: string, flags: string) {
    this.source = source;
    this.isMultiline = flags.includes('m');
    this.regex = new RegExp(source, `${flags.includes('i') ? 'i' : ''}${this.isMultiline ? 'm' : ''}g`);
    this.tree = readRegex(source);
    const { root } = this.tree;
    const first = root.type === 'row' ? root.parts[0] : root;
    const most = stepsAtMost(root, endless);
    this.linearSteps = most <= linearStepsMax ? most : undefined;
    this.isAnchored = !this.isMultiline && first?.type === 'place' && first.source === '^';
  }

  /** The first match from `from` on. Throws D4001 where neither engine can look for it in bounded time. */
  find(text: string, from: number, spend: SpendSteps): Found | undefined {
    if (this.linearSteps !== undefined) return this.byHost(text, from, this.isAnchored ? 1 : this.linearSteps, spend);
    const each = stepsAtMost(this.tree.root, text.length - from);
    const places = text.length - from + 1;
    const most = this.isAnchored ? each + places : each * places;
    return most <= hostStepsMax ? this.byHost(text, from, this.isAnchored ? 1 : each, spend) : this.byProgram(text, from, spend);
  }

  private byHost(text: string, from: number, each: number, spend: SpendSteps): Found | undefined {
    this.regex.lastIndex = from;
    const found = this.regex.exec(text);
    const places = (found ? found.index : text.length) - from + 1;
    spend(1 + Math.floor((each * places + (found?.[0].length ?? 0)) / hostStepsPerStep));
    if (!found) return undefined;
    const [match, ...groups] = found;
    return { index: found.index, match, groups };
  }

  private byProgram(text: string, from: number, spend: SpendSteps): Found | undefined {
    if (this.program === null) this.program = programOf(this.tree.root, this.tree.groups, this.regex.ignoreCase);
    const { program } = this;
    if (!program || program.code.length * (text.length + 1) > statesMax) throw this.tooLong();
    let total = 0;
    const slots = execute(program, text, from, this.isMultiline, (instructions) => {
      total += instructions;
      if (total > ownStepsMax && program.registers > 0) throw this.tooLong();
      spend(1 + Math.floor(instructions / ownStepsPerStep));
    });
    if (!slots) return undefined;
    const part = (at: number): string | undefined =>
      (slots[at * 2 + 1] as number) < 0 ? undefined : text.slice(slots[at * 2] as number, slots[at * 2 + 1] as number);
    const groups = Array.from({ length: this.tree.groups }, (_, at) => part(at + 1));
    return { index: slots[0] as number, match: part(0) ?? '', groups };
  }

  private tooLong(): Error {
    return expressionError('D4001', { value: this.source });
  }
}
