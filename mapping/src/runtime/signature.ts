// Signatures of functions, as `<s-nn?:s>`: which arguments are taken, and where the context steps in for one.

import { expressionError } from '../errors.ts';
import { Pattern } from '../regex/pattern.ts';
import { isFunction } from './values.ts';

/** One parameter of a signature. */
interface Parameter {
  /** The letter of its type, or the letters of a choice. */
  readonly type: string;
  readonly letters: string;
  readonly repeats: '' | '?' | '+';
  readonly takesContext: boolean;
  /** The type of an array's items. */
  readonly items?: string;
}

const anyValue = 'asnblfom';
const lettersOf: Readonly<Record<string, string>> = { a: anyValue, x: anyValue, j: 'asnblom', f: 'f' };

/** The letters of arguments are few: they cost nothing beyond the call. */
const free = (): void => undefined;

export class Signature {
  private readonly parameters: readonly Parameter[];
  private readonly pattern: Pattern;
  private readonly required: number;
  /** One argument may be enough. */
  private readonly isAlone: boolean;

  constructor(text: string) {
    this.parameters = parse(text);
    this.pattern = new Pattern(`^${this.parameters.map(patternOf).join('')}$`, '');
    this.required = this.parameters.filter(({ repeats, takesContext }) => repeats !== '?' && !takesContext).length;
    const [first, ...rest] = this.parameters;
    this.isAlone = first?.repeats !== '+' && rest.every(({ repeats, takesContext }) => repeats === '?' && !takesContext);
  }

  /**
   * The arguments as the function takes them: the context put in, single values as arrays. Throws T0410, T0411 or T0412 with
   * the number of the argument.
   */
  check(values: readonly unknown[], context: unknown): readonly unknown[] {
    return this.fits(values) ? values : this.fit(values, context);
  }

  /** Whether one argument is all that there is to be, and is as the function takes it. */
  fitsAlone(value: unknown): boolean {
    const [parameter] = this.parameters;
    return parameter !== undefined && this.isAlone && fitsPlainly(value, parameter);
  }

  /** The common case: all arguments are there, in their places, of their types. */
  private fits(values: readonly unknown[]): boolean {
    const { parameters } = this;
    if (values.length > parameters.length || values.length < this.required) return false;
    for (let at = 0; at < parameters.length; at += 1) {
      const parameter = parameters[at] as Parameter;
      if (at >= values.length) return parameter.repeats === '?' && !parameter.takesContext;
      if (parameter.repeats === '+' || !fitsPlainly(values[at], parameter)) return false;
    }
    return true;
  }

  private fit(values: readonly unknown[], context: unknown): readonly unknown[] {
    const letters = values.map(letterOf).join('');
    const matched = this.pattern.find(letters, 0, free);
    if (!matched) throw this.misfit(values, letters);
    const taken: unknown[] = [];
    let at = 0;
    for (const [index, parameter] of this.parameters.entries()) {
      const match = matched.groups[index] ?? '';
      if (match === '' && parameter.takesContext) {
        if (!`${parameter.letters}m`.includes(letterOf(context)))
          throw expressionError('T0411', { value: context, other: at + 1 });
        taken.push(context);
        continue;
      }
      for (const letter of match === '' ? [''] : match) {
        taken.push(parameter.type === 'a' && letter !== '' ? asArray(values[at], letter, match, parameter, at) : values[at]);
        at += 1;
      }
    }
    return taken;
  }

  private misfit(values: readonly unknown[], letters: string): unknown {
    let partial = '^';
    let fitting = 0;
    for (const parameter of this.parameters) {
      partial += patternOf(parameter);
      const matched = new Pattern(partial, '').find(letters, 0, free);
      if (!matched) break;
      fitting = matched.match.length;
    }
    return expressionError('T0410', { value: values[fitting], other: fitting + 1 });
  }
}

function patternOf({ letters, repeats, takesContext }: Parameter): string {
  return `([${letters}m]${takesContext ? '?' : ''}${repeats})`.replace('[fm]', 'f');
}

/** True where the value needs neither conversion nor a closer look. */
function fitsPlainly(value: unknown, { type, letters, items }: Parameter): boolean {
  switch (type) {
    case 's':
      return typeof value === 'string';
    case 'n':
      return typeof value === 'number';
    case 'x':
      return true;
    case 'a':
      return Array.isArray(value) && (items === undefined || isAllOf(value, items));
    default:
      return letters.includes(letterOf(value)) && value !== undefined;
  }
}

function isAllOf(values: readonly unknown[], items: string): boolean {
  if (items[0] === 'n') return areNumbers(values);
  for (const value of values) if (letterOf(value) !== items[0]) return false;
  return true;
}

/** What lists are checked for the most. */
function areNumbers(values: readonly unknown[]): boolean {
  for (const value of values) if (typeof value !== 'number') return false;
  return true;
}

function asArray(value: unknown, letter: string, match: string, { items }: Parameter, at: number): unknown {
  if (letter === 'm') return undefined;
  if (items !== undefined) {
    const fits = letter === 'a' ? isAllOf(value as unknown[], items) : match === items;
    if (!fits) throw expressionError('T0412', { value, other: at + 1 });
  }
  return letter === 'a' ? value : [value];
}

function letterOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'function':
      return 'f';
    case 'object':
      return value === null ? 'l' : Array.isArray(value) ? 'a' : 'o';
    default:
      return isFunction(value) ? 'f' : 'm';
  }
}

/** Reads a signature that the parser has let through. */
function parse(text: string): readonly Parameter[] {
  const parameters: Parameter[] = [];
  for (let at = 1; at < text.length && text[at] !== ':' && text[at] !== '>'; at += 1) {
    const letter = text[at] as string;
    const last = parameters.length - 1;
    if (letter === '-') parameters[last] = { ...(parameters[last] as Parameter), takesContext: true };
    else if (letter === '?' || letter === '+') parameters[last] = { ...(parameters[last] as Parameter), repeats: letter };
    else if (letter === '(') {
      const end = closing(text, at, '(', ')');
      const choice = text.slice(at + 1, end);
      parameters.push({ type: `(${choice})`, letters: choice, repeats: '', takesContext: false });
      at = end;
    } else if (letter === '<') {
      const end = closing(text, at, '<', '>');
      parameters[last] = { ...(parameters[last] as Parameter), items: text.slice(at + 1, end) };
      at = end;
    } else {
      parameters.push({ type: letter, letters: lettersOf[letter] ?? letter, repeats: '', takesContext: false });
    }
  }
  return parameters;
}

function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close && --depth === 0) return at;
  }
  return text.length;
}
