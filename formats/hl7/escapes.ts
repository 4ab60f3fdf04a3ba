// Escape sequences: texts as they are on the wire, and as they are read (HL7 2.5, section 2.7).

import type { Delimiters } from './delimiters.ts';

/** Bytes of the message's own character set, as `\Xdd..\` holds them, to text and back. */
export interface CharacterBytes {
  decode(bytes: Uint8Array): string | undefined;
  encode(text: string): Uint8Array | undefined;
}

/**
 * Sequences that say how a text looks, or switch its character set. They are kept in the text, with backslashes whatever the
 * escape character is: highlighting, character sets, sequences of the partners' own, formatting commands.
 */
const lasting =
  /^(?:[HN]|C[0-9A-F]{4}|M[0-9A-F]{4}(?:[0-9A-F]{2})?|Z[0-9A-Za-z]{0,16}|\.(?:sp[+-]?\d*|in[+-]?\d*|ti[+-]?\d*|sk\d*|fi|nf|ce))$/;

/** The text that a leaf of the wire stands for. Sequences that nobody knows stay as they are. */
export function unescapeText(wire: string, delimiters: Delimiters, characters: CharacterBytes): string {
  const { escape } = delimiters;
  if (escape === '') return wire;
  let text = '';
  let at = 0;
  for (let open = wire.indexOf(escape); open >= 0; open = wire.indexOf(escape, at)) {
    const close = wire.indexOf(escape, open + 1);
    if (close < 0) break;
    const sequence = wire.slice(open + 1, close);
    const meant = meaning(sequence, delimiters, characters);
    text += wire.slice(at, open) + (meant ?? (lasting.test(sequence) ? `\\${sequence}\\` : wire.slice(open, close + 1)));
    at = close + 1;
  }
  return text + wire.slice(at);
}

/** The leaf of the wire that stands for the text; undefined where that takes an escape character, and the header names none. */
export function escapeText(text: string, delimiters: Delimiters, characters: CharacterBytes): string | undefined {
  if (text === '""') return delimiters.escape === '' ? undefined : `${delimiters.escape}X2222${delimiters.escape}`;
  const pattern = specialOf(delimiters);
  if (text.search(pattern) < 0 && !text.includes('\\')) return text;
  let wire = '';
  for (let at = 0; at < text.length; ) {
    const kept = text[at] === '\\' ? lastingAt(text, at, delimiters, characters) : undefined;
    const piece = kept ?? escapedCharacter(text[at] ?? '', delimiters);
    if (piece === undefined) return undefined;
    wire += piece;
    at += kept?.length ?? 1;
  }
  return wire;
}

function lastingAt(text: string, at: number, delimiters: Delimiters, characters: CharacterBytes): string | undefined {
  const close = text.indexOf('\\', at + 1);
  const sequence = close < 0 ? '' : text.slice(at + 1, close);
  if (delimiters.escape === '' || close < 0 || !isLasting(sequence, delimiters, characters)) return undefined;
  return delimiters.escape + sequence + delimiters.escape;
}

/** What has a meaning of its own would not be read back as the sequence. */
function isLasting(sequence: string, delimiters: Delimiters, characters: CharacterBytes): boolean {
  if (specialOf(delimiters).test(sequence)) return false;
  return lasting.test(sequence) && meaning(sequence, delimiters, characters) === undefined;
}

function escapedCharacter(character: string, { escape, ...delimiters }: Delimiters): string | undefined {
  const letter = letterOf(character, { escape, ...delimiters });
  if (letter === undefined) return character;
  return escape === '' ? undefined : escape + letter + escape;
}

function letterOf(character: string, delimiters: Delimiters): string | undefined {
  switch (character) {
    case delimiters.field:
      return 'F';
    case delimiters.component:
      return 'S';
    case delimiters.repetition:
      return 'R';
    case delimiters.escape:
      return 'E';
    case delimiters.subcomponent:
      return 'T';
    case delimiters.truncation:
      return 'P';
    case '\n':
      return '.br';
    case '\r':
      return 'X0D';
    case '\u000b':
      return 'X0B';
    case '\u001c':
      return 'X1C';
    default:
      return undefined;
  }
}

function meaning(sequence: string, delimiters: Delimiters, characters: CharacterBytes): string | undefined {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent || '&';
    case 'R':
      return delimiters.repetition || '~';
    case 'E':
      return delimiters.escape;
    case 'P':
      return delimiters.truncation || '#';
    case '.br':
      return '\n';
    default:
      return /^X(?:[0-9A-Fa-f]{2})+$/.test(sequence) ? characters.decode(Buffer.from(sequence.slice(1), 'hex')) : undefined;
  }
}

const specials = new WeakMap<Delimiters, RegExp>();

/** Whatever cannot stand on the wire as it is. */
function specialOf(delimiters: Delimiters): RegExp {
  const known = specials.get(delimiters);
  if (known) return known;
  const listed = Array.from(delimiters.text, (character) => `\\${character}`).join('');
  const made = new RegExp(`[${listed}\\n\\r\\u000b\\u001c]`);
  specials.set(delimiters, made);
  return made;
}
