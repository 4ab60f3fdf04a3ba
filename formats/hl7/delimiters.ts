// The delimiters that a header segment names, and what each character of a message is by them.

/** What a character, or a mark of it, is. */
export const kind = {
  ordinary: 0,
  field: 1,
  component: 2,
  repetition: 3,
  subcomponent: 4,
  escape: 5,
  /** The end of a segment. */
  end: 6,
  /** What is written as an escape sequence, and stands there as it is. */
  raw: 7,
} as const;

export interface Delimiters {
  /** As in the header: the field separator and the encoding characters, `|^~\&`. */
  readonly text: string;
  readonly field: string;
  readonly component: string;
  /** Empty where the header does not name one, and so for the ones below. */
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly truncation: string;
  /** The kind of each UTF-16 unit. */
  readonly kinds: Uint8Array;
}

export const usualDelimiters = '|^~\\&';

/** Characters that MLLP puts around a message: what stands inside is written as an escape sequence. */
export const [blockStart, blockEnd] = ['\u000b', '\u001c'];

/** What may stand around a segment, besides line ends. */
const around = new Set(['\r', '\n', blockStart, blockEnd, '\ufeff']);

/** Where the first character stands that is more than a line end or what MLLP puts around a message. */
export function segmentStart(text: string): number {
  let at = 0;
  while (at < text.length && around.has(text[at] ?? '')) at += 1;
  return at;
}

const caches = { any: new Map<string, Delimiters>(), return: new Map<string, Delimiters>() };
/** A partner uses one set; files that use many would only fill memory. */
const cacheMax = 16;

/** The delimiters of a text such as `|^~\&`; undefined where it cannot be one. Encoding characters at the end may be missing. */
export function delimitersOf(text: string, lineFeedEnds = true): Delimiters | undefined {
  const cache = lineFeedEnds ? caches.any : caches.return;
  const known = cache.get(text);
  if (known) return known;
  if (text.length < 2 || text.length > 6 || !/^[!-/:-@[-`{-~]+$/.test(text) || new Set(text).size < text.length) return undefined;
  const [field = '', component = '', repetition = '', escape = '', subcomponent = '', truncation = ''] = text;
  // A quote as a delimiter would make null unreadable; "." and its like stand in escape sequences.
  if (/["'.+-]/.test(text)) return undefined;
  const parts = { field, component, repetition, escape, subcomponent, truncation };
  const delimiters = { text, ...parts, kinds: kindsOf(parts, lineFeedEnds) };
  if (cache.size >= cacheMax) cache.clear();
  cache.set(text, delimiters);
  return delimiters;
}

function kindsOf(parts: Omit<Delimiters, 'text' | 'kinds'>, lineFeedEnds: boolean): Uint8Array {
  const kinds = new Uint8Array(65_536);
  const set = (character: string, is: number): void => {
    if (character !== '') kinds[character.charCodeAt(0)] = is;
  };
  for (const character of [blockStart, blockEnd, '\n', parts.truncation]) set(character, kind.raw);
  set('\r', kind.end);
  if (lineFeedEnds) set('\n', kind.end);
  for (const name of ['field', 'component', 'repetition', 'escape', 'subcomponent'] as const) set(parts[name], kind[name]);
  return kinds;
}
