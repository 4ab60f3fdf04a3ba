// One line of a YAML file, as a person reads it: indent, key, value.

export interface WrittenLine {
  readonly text: string;
  /** Spaces, and the "- " of list elements. */
  readonly indent: string;
  readonly key?: string;
  /** What stands behind the colon, or all of it where there is no key. */
  readonly value: string;
  /** Of the value, from 1. */
  readonly column: number;
}

const pattern = /^([ \t]*(?:- +)*)(?:("[^"]*"|'[^']*'|[^\s:#{}[\],"'-][^:{}[\],]*?)[ \t]*:(?:[ \t]+|$))?(.*)$/;

/** The line of that number, from 1. */
export function readLine(lines: readonly string[], number: number): WrittenLine {
  const text = (lines[number - 1] ?? '').replace(/\r$/, '');
  const [, indent = '', key, value = ''] = pattern.exec(text) ?? [];
  return { text, indent, ...(key === undefined ? {} : { key }), value: value.trimEnd(), column: text.length - value.length + 1 };
}
