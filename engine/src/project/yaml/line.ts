// One line of a YAML file, as a person reads it: indent, key, value.

export interface WrittenLine {
  /** As much of it as a person would write. */
  readonly text: string;
  /** Spaces, and the "- " of list elements. */
  readonly indent: string;
  readonly key?: string;
  /** What stands behind the colon, or all of it where there is no key. */
  readonly value: string;
  /** Of the value, from 1. */
  readonly column: number;
}

const pattern = /^([ \t]*(?:- +)*)(?:("[^"]*"|'[^']*'|[^\s:#{}[\],"'-][^:{}[\],]*?)[ \t]*:(?:[ \t]+|$))?(.*)$/s;

/** No more of a line is looked at: the patterns that do it are not made for a line of a million characters. */
const lineCharactersMax = 1000;

/** The line of that number, from 1. */
export function readLine(lines: readonly string[], number: number): WrittenLine {
  const text = (lines[number - 1] ?? '').slice(0, lineCharactersMax).replace(/\r$/, '');
  const [, indent = '', key, value = ''] = pattern.exec(text) ?? [];
  return { text, indent, ...(key === undefined ? {} : { key }), value: value.trimEnd(), column: text.length - value.length + 1 };
}
