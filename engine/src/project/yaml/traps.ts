// Explains a syntax error of YAML by the line it stands in: what was probably meant, and how that is written.

import type { YAMLParseError } from 'yaml';
import type { Place, ProjectCode } from '../problems.ts';
import { expressionKeys } from './expression-keys.ts';
import { readLine } from './line.ts';
import type { WrittenLine } from './line.ts';
import { blockFor, inQuotes, lineFor } from './rewrite.ts';

export interface Explanation {
  readonly code: ProjectCode;
  readonly place: Place;
  readonly message: string;
  readonly remedy: string;
}

interface Fault {
  readonly error: YAMLParseError;
  readonly place: Place;
  readonly line: WrittenLine;
  readonly lines: readonly string[];
}

type Trap = (fault: Fault) => Explanation | undefined;

/** The first trap that fits counts: from what is certain to what is a guess. */
const traps: readonly Trap[] = [
  tab,
  duplicateKey,
  secondDocument,
  tooDeep,
  openBrace,
  missingIndent,
  template,
  quoteThenMore,
  braces,
  firstCharacter,
  blockHeader,
  colonInside,
  colonSpace,
  openQuote,
  indent,
  noColon,
];

export function explain(error: YAMLParseError, place: Place, line: WrittenLine, lines: readonly string[]): Explanation {
  const fault: Fault = { error, place, line, lines };
  for (const trap of traps) {
    const explanation = trap(fault);
    if (explanation) return explanation;
  }
  return {
    code: 'MORTISE_PROJECT_YAML_SYNTAX',
    place,
    message: `${error.message}.`,
    remedy: 'Look at this line, and at the one before it.',
  };
}

function tab({ error, place, line }: Fault): Explanation | undefined {
  if (error.code !== 'TAB_AS_INDENT') return undefined;
  const column = line.text.indexOf('\t') + 1;
  const message = 'The line is indented with a tab.';
  return {
    code: 'MORTISE_PROJECT_YAML_TAB',
    place: { ...place, column },
    message,
    remedy: 'Indent with spaces: two for each level.',
  };
}

function duplicateKey({ error, place, line }: Fault): Explanation | undefined {
  if (error.code !== 'DUPLICATE_KEY') return undefined;
  const key = /^["']?([^:"']*)/.exec(line.text.slice(place.column - 1))?.[1]?.trim() ?? '';
  const message = `The key "${key}" is there already, in the same mapping.`;
  return { code: 'MORTISE_PROJECT_YAML_DUPLICATE_KEY', place, message, remedy: 'Keep one of the two, or rename one.' };
}

function secondDocument({ error, place }: Fault): Explanation | undefined {
  if (error.code !== 'MULTIPLE_DOCS') return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_SYNTAX',
    place,
    message: 'The line "---" begins a second document.',
    remedy: 'Give it a file of its own.',
  };
}

function tooDeep({ error, place }: Fault): Explanation | undefined {
  if (error.code !== 'RESOURCE_EXHAUSTION') return undefined;
  return { code: 'MORTISE_PROJECT_YAML_SYNTAX', place, message: 'The file is nested too deeply.', remedy: 'Write fewer levels.' };
}

/** `map: |` and the text below it not indented. */
function missingIndent({ place, line, lines }: Fault): Explanation | undefined {
  const before = lastLineBefore(lines, place.line);
  if (!before || !/^[|>][-+\d]*$/.test(before.value) || before.key === undefined) return undefined;
  const wanted = before.indent.length + 2;
  if (leadingSpaces(line.text) > before.indent.length) return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_BLOCK',
    place: { ...place, column: leadingSpaces(line.text) + 1 },
    message: `What belongs to "${before.key}: ${before.value}" is not indented.`,
    remedy: `Begin this line, and those that belong with it, with ${wanted} spaces.`,
  };
}

/** Within braces or brackets: an unquoted value that holds a template, up to where it ends for whoever wrote it. */
const templateInBraces = /[{[,:]\s*((?:[^\s,{}[\]"':](?:[^,{}[\]"':]|:(?!\s))*)?\$\{[^}]*\}(?:\$\{[^}]*\}|[^,{}[\]])*)/;

/** `{ path: /x/${id} }`. */
function template({ place, line }: Fault): Explanation | undefined {
  const text = /^[{[]/.test(line.value) ? templateInBraces.exec(line.value)?.[1]?.trimEnd() : undefined;
  if (text === undefined || isQuoted(line.value, line.value.indexOf(text))) return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_TEMPLATE',
    place: { ...place, column: line.column + line.value.indexOf(text) },
    message: 'YAML takes the braces of the template for its own.',
    remedy: `Write "${text}" in double quotes.`,
  };
}

/** `"a" in tags`, as a whole value or within braces. */
function quoteThenMore({ error, place, line }: Fault): Explanation | undefined {
  if (error.code !== 'UNEXPECTED_TOKEN' || !error.message.includes('at node end')) return undefined;
  if (/^["']/.test(line.value)) {
    return {
      code: 'MORTISE_PROJECT_YAML_QUOTE',
      place: { ...place, column: line.column },
      message: 'The value begins with a quote and goes on behind the closing quote.',
      remedy: lineFor(line.key, withoutComment(line.value)),
    };
  }
  const inner = /(["'])(?:(?!\1).)*\1[^,}\]]*$/.exec(line.text.slice(0, place.column - 1));
  const rest = /^[^,}\]]*/.exec(line.text.slice(place.column - 1))?.[0].trimEnd() ?? '';
  if (!inner || !/^["'](?:(?!["']).)*["']\s*$/.test(inner[0])) return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_QUOTE',
    place: { ...place, column: inner.index + 1 },
    message: 'The value begins with a quote and goes on behind the closing quote.',
    remedy: `Write ${inQuotes(`${inner[0]}${rest}`)} there.`,
  };
}

/** `{ "id": items[0].id }` where an expression belongs; or a mapping that is wrong within. */
function braces({ place, line }: Fault): Explanation | undefined {
  if (!/^[{[]/.test(line.value) || isOpenEnded(line.value)) return undefined;
  if (line.key === undefined || !expressionKeys().has(line.key)) return insideBraces(place, line);
  return {
    code: 'MORTISE_PROJECT_YAML_BRACES',
    place: { ...place, column: line.column },
    message: `YAML takes what begins with ${line.value[0]} apart itself, and cannot read it.`,
    remedy: blockFor(line.key, withoutComment(line.value)),
  };
}

function insideBraces(place: Place, line: WrittenLine): Explanation {
  const message = `YAML cannot read what stands between the braces, from column ${place.column} on.`;
  const remedy = `Put values that hold any of , : { } [ ] # or a quote in quotes; or write each of them on a line of its own, without ${line.value[0]}.`;
  return { code: 'MORTISE_PROJECT_YAML_SYNTAX', place, message, remedy };
}

const firstCharacters: Readonly<Record<string, ProjectCode>> = {
  '*': 'MORTISE_PROJECT_YAML_ALIAS',
  '&': 'MORTISE_PROJECT_YAML_ALIAS',
  '!': 'MORTISE_PROJECT_YAML_TAG',
  '%': 'MORTISE_PROJECT_YAML_RESERVED',
  '@': 'MORTISE_PROJECT_YAML_RESERVED',
  '`': 'MORTISE_PROJECT_YAML_RESERVED',
  ',': 'MORTISE_PROJECT_YAML_RESERVED',
  '}': 'MORTISE_PROJECT_YAML_RESERVED',
  ']': 'MORTISE_PROJECT_YAML_RESERVED',
  '?': 'MORTISE_PROJECT_YAML_RESERVED',
  '-': 'MORTISE_PROJECT_YAML_RESERVED',
};

/** `%.total > 0`, `@x`, `*.price`. */
function firstCharacter({ place, line }: Fault): Explanation | undefined {
  const first = line.value[0] ?? '';
  if (!Object.hasOwn(firstCharacters, first) || (/[?-]/.test(first) && !/^[?-] /.test(line.value))) return undefined;
  return {
    code: firstCharacters[first] as ProjectCode,
    place: { ...place, column: line.column },
    message: `An unquoted value cannot begin with "${first}", which means something to YAML.`,
    remedy: lineFor(line.key, withoutComment(line.value)),
  };
}

/** `map: | $.x`, `filter: > 5`. */
function blockHeader({ place, line }: Fault): Explanation | undefined {
  const header = /^([|>][-+]?)\s*(\S.*)$/.exec(line.value);
  if (!header) return undefined;
  const isText = header[1] === '|' || header[1] === '|-';
  return {
    code: 'MORTISE_PROJECT_YAML_BLOCK',
    place: { ...place, column: line.column },
    message: `Behind ${header[1]} nothing may stand on the same line.`,
    remedy: isText ? blockFor(line.key, header[2] as string) : lineFor(line.key, line.value),
  };
}

/** `a ? b : c`. */
function colonInside({ error, place, line }: Fault): Explanation | undefined {
  const colon = /:(?=\s|$)/.exec(line.value);
  if (
    !colon ||
    line.key === undefined ||
    !['BLOCK_AS_IMPLICIT_KEY', 'UNEXPECTED_TOKEN', 'MULTILINE_IMPLICIT_KEY'].includes(error.code)
  )
    return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_COLON',
    place: { ...place, column: line.column + colon.index },
    message: 'The ": " makes YAML read a key within the value.',
    remedy: lineFor(line.key, withoutComment(line.value)),
  };
}

/** `name:acme`. */
function colonSpace({ place, line }: Fault): Explanation | undefined {
  const parts = /^([\w-]+):(\S.*)$/.exec(line.key === undefined ? line.value : '');
  if (!parts) return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_COLON_SPACE',
    place: { ...place, column: line.column },
    message: `There is no space behind "${parts[1]}:".`,
    remedy: `Write ${parts[1]}: ${parts[2]}`,
  };
}

/** A quote that opens and is closed nowhere, or lines further down. */
function openQuote({ error, place, lines }: Fault): Explanation | undefined {
  if (!/Missing closing ["']quote/.test(error.message)) return undefined;
  const quote = error.message.includes('"') ? '"' : "'";
  const number = lines.findIndex((text) => text.split(quote).length % 2 === 0) + 1;
  const line = readLine(lines, number || place.line);
  const column = (number ? line.text.lastIndexOf(quote) : 0) + 1;
  const message = `The quote ${quote} is opened and not closed.`;
  return {
    code: 'MORTISE_PROJECT_YAML_QUOTE',
    place: { ...place, line: number || place.line, column },
    message,
    remedy: `Close it with ${quote}.`,
  };
}

/** A brace that opens and is closed nowhere. */
function openBrace({ error, place, lines }: Fault): Explanation | undefined {
  if (!/^Flow (map|sequence)/.test(error.message)) return undefined;
  const index = lines.slice(0, place.line).findLastIndex((text) => isOpenEnded(text));
  if (index < 0) return undefined;
  const line = readLine(lines, index + 1);
  const brace = line.value.lastIndexOf('[') > line.value.lastIndexOf('{') ? '[' : '{';
  return {
    code: 'MORTISE_PROJECT_YAML_SYNTAX',
    place: { ...place, line: index + 1, column: line.text.lastIndexOf(brace) + 1 },
    message: `The ${brace} is opened and not closed.`,
    remedy: `Close it with ${brace === '[' ? ']' : '}'}.`,
  };
}

function indent({ error, place, line }: Fault): Explanation | undefined {
  if (error.code !== 'BAD_INDENT' || error.message.startsWith('Flow')) return undefined;
  return {
    code: 'MORTISE_PROJECT_YAML_INDENT',
    place: { ...place, column: leadingSpaces(line.text) + 1 },
    message: `The line begins in column ${leadingSpaces(line.text) + 1}, unlike those it belongs with.`,
    remedy: 'Begin it in the same column as the lines that it belongs with.',
  };
}

function noColon({ error, place, line }: Fault): Explanation | undefined {
  if (!/^Implicit (map )?keys/.test(error.message) || line.value.includes(':')) return undefined;
  const message = `"${line.value.slice(0, 40)}" has no colon; expected "key: value".`;
  return { code: 'MORTISE_PROJECT_YAML_SYNTAX', place, message, remedy: 'Put a colon and a space behind the key.' };
}

function lastLineBefore(lines: readonly string[], number: number): WrittenLine | undefined {
  const before = lines.slice(0, number - 1).findLastIndex((text) => text.trim() !== '');
  return before < 0 ? undefined : readLine(lines, before + 1);
}

function leadingSpaces(text: string): number {
  return text.length - text.trimStart().length;
}

/** Whether more is opened than closed: then it is an unfinished mapping or list of YAML, and goes on below. */
function isOpenEnded(value: string): boolean {
  const count = (pattern: RegExp): number => value.match(pattern)?.length ?? 0;
  return count(/[{[]/g) > count(/[}\]]/g);
}

function isQuoted(value: string, index: number): boolean {
  return (value.slice(0, index).match(/"/g)?.length ?? 0) % 2 === 1;
}

function withoutComment(value: string): string {
  return value.replace(/\s+#.*$/, '');
}
