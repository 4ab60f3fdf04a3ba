// Reads the source of a regular expression that the host has accepted, without flags `u` and `v`, into a tree.

export interface Repeat {
  readonly type: 'repeat';
  readonly body: Piece;
  readonly min: number;
  readonly max: number;
  readonly isLazy: boolean;
}

export type Piece =
  /** One UTF-16 unit out of a set: a character, an escape, a class, the dot; as it is written. */
  | { readonly type: 'set'; readonly source: string }
  /** A place: `^`, `$`, `\b`, `\B`. */
  | { readonly type: 'place'; readonly source: string }
  /** A look ahead or behind: consumes nothing, and is not tried again. */
  | { readonly type: 'look'; readonly body: Piece }
  /** What no automaton can do, or what is too rare to be read: back references, octal escapes, modifiers. */
  | { readonly type: 'other'; readonly parts: readonly Piece[] }
  | { readonly type: 'group'; readonly body: Piece; readonly number: number | undefined }
  | { readonly type: 'row'; readonly parts: readonly Piece[] }
  | { readonly type: 'either'; readonly parts: readonly Piece[] }
  | Repeat;

export interface RegexTree {
  readonly root: Piece;
  /** How many groups capture. */
  readonly groups: number;
}

export function readRegex(source: string): RegexTree {
  const reader = new Reader(source);
  const root = reader.either();
  return { root, groups: reader.groups };
}

const quantifier = /[*+?]\??|\{\d+(?:,\d*)?\}\??/y;
const escape = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[a-zA-Z]|0(?![0-9])|[^0-9ckxu])/y;
const opening = /\((\?(?:[:=!]|<[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:))?/y;

class Reader {
  groups = 0;
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  either(): Piece {
    const parts = [this.row()];
    while (this.source[this.at] === '|') {
      this.at += 1;
      parts.push(this.row());
    }
    return parts.length === 1 ? (parts[0] as Piece) : { type: 'either', parts };
  }

  private row(): Piece {
    const parts: Piece[] = [];
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')')
      parts.push(this.repeated(this.atom()));
    return parts.length === 1 ? (parts[0] as Piece) : { type: 'row', parts };
  }

  private repeated(body: Piece): Piece {
    const text = this.take(quantifier)?.[0];
    if (text === undefined) return body;
    const isLazy = text.length > 1 && text.endsWith('?');
    if (text.startsWith('*')) return { type: 'repeat', body, min: 0, max: Infinity, isLazy };
    if (text.startsWith('+')) return { type: 'repeat', body, min: 1, max: Infinity, isLazy };
    if (text.startsWith('?')) return { type: 'repeat', body, min: 0, max: 1, isLazy };
    const [min = '', max] = text.slice(1, text.lastIndexOf('}')).split(',');
    return {
      type: 'repeat',
      body,
      min: Number(min),
      max: max === undefined ? Number(min) : max === '' ? Infinity : Number(max),
      isLazy,
    };
  }

  private atom(): Piece {
    const character = this.source[this.at] as string;
    if (character === '(') return this.group();
    if (character === '\\') return this.escaped();
    if (character === '[') return this.set();
    this.at += 1;
    return character === '^' || character === '$' ? { type: 'place', source: character } : { type: 'set', source: character };
  }

  private escaped(): Piece {
    const found = this.take(escape)?.[0];
    if (found === '\\b' || found === '\\B') return { type: 'place', source: found };
    if (found !== undefined) return { type: 'set', source: found };
    // A back reference, an octal escape, or a letter that means nothing here: the host knows.
    this.at += 2;
    return { type: 'other', parts: [] };
  }

  private set(): Piece {
    const from = this.at;
    for (this.at += 1; this.source[this.at] !== ']'; this.at += 1) if (this.source[this.at] === '\\') this.at += 1;
    this.at += 1;
    return { type: 'set', source: this.source.slice(from, this.at) };
  }

  private group(): Piece {
    const kind = this.take(opening)?.[1] ?? '';
    const isCapturing = kind === '' || /^\?<[^=!]/.test(kind);
    const number = isCapturing ? (this.groups += 1) : undefined;
    const body = this.either();
    this.at += 1;
    if (isCapturing || kind === '?:') return { type: 'group', body, number };
    return /^\?<?[=!]$/.test(kind) ? { type: 'look', body } : { type: 'other', parts: [body] };
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source) ?? undefined;
    this.at += found?.[0].length ?? 0;
    return found;
  }
}
