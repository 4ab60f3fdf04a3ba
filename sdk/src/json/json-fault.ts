// Finds the first fault of a text that is no JSON: JSON.parse says that there is one, but often not where.

/** Where the text stops being JSON, as an index into it, and what could have stood there. */
export interface JsonFault {
  readonly index: number;
  readonly expected: string;
}

type Expectation = 'a value' | 'a value or "]"' | 'a name or "}"' | 'a name' | '":"' | '"," or "]"' | '"," or "}"' | 'the end';

const blanks = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The first fault; undefined where the text is JSON (RFC 8259). */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('[' | '{')[] = [];
  let expected: Expectation = 'a value';
  let index = 0;
  for (;;) {
    index = matchEnd(blanks, text, index) ?? index;
    if (expected === 'the end') return index === text.length ? undefined : { index, expected };
    const next: Expectation | undefined = afterMark(text[index], expected, open);
    if (next) {
      expected = next;
      index += 1;
    } else if (expected.startsWith('a ')) {
      const end = scalarEnd(text, index, expected);
      if (typeof end !== 'number') return end;
      index = end;
      expected = expected.startsWith('a name') ? '":"' : afterValue(open);
    } else return { index, expected };
  }
}

/** What is expected behind a bracket, comma or colon, where one may stand; brackets open and close levels. */
function afterMark(mark: string | undefined, expected: Expectation, open: ('[' | '{')[]): Expectation | undefined {
  const value = expected.startsWith('a value');
  if (value && mark === '[') return open.push('['), 'a value or "]"';
  if (value && mark === '{') return open.push('{'), 'a name or "}"';
  if ((mark === ']' || mark === '}') && expected.endsWith(`"${mark}"`)) return open.pop(), afterValue(open);
  if (mark === ',' && expected === '"," or "]"') return 'a value';
  if (mark === ',' && expected === '"," or "}"') return 'a name';
  return mark === ':' && expected === '":"' ? 'a value' : undefined;
}

function afterValue(open: readonly ('[' | '{')[]): Expectation {
  if (open.length === 0) return 'the end';
  return open.at(-1) === '[' ? '"," or "]"' : '"," or "}"';
}

/** Where the text, number or word that begins here ends, or the fault in it. */
function scalarEnd(text: string, index: number, expected: Expectation): number | JsonFault {
  if (text[index] === '"') return textEnd(text, index + 1);
  const end = expected.startsWith('a value') ? (matchEnd(number, text, index) ?? matchEnd(word, text, index)) : undefined;
  return end ?? { index, expected };
}

function textEnd(text: string, from: number): number | JsonFault {
  let index = from;
  for (;;) {
    const character = text.charCodeAt(index);
    if (character === 0x22) return index + 1;
    if (character === 0x5c) {
      const end = matchEnd(escape, text, index);
      if (end === undefined) return { index, expected: 'an escape such as \\n or \\u00e9' };
      index = end;
    } else if (Number.isNaN(character)) return { index, expected: 'a closing quote' };
    else if (character < 0x20) return { index, expected: 'a closing quote, or this character escaped' };
    else index += 1;
  }
}

function matchEnd(pattern: RegExp, text: string, index: number): number | undefined {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
