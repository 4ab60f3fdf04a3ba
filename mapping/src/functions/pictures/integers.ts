// Integer pictures: XPath and XQuery Functions and Operators 3.1, section 4.6 (format-integer).

import { expressionError } from '../../errors.ts';
import { cached } from './cache.ts';
import { fromLetters, fromRoman, fromWords, inTitleCase, inWords, toLetters, toRoman, wordsPattern } from './numerals.ts';

type Style = 'decimal' | 'letters' | 'roman' | 'words' | 'unknown';

export interface Grouping {
  /** Digits to the right of it. */
  readonly position: number;
  readonly character: string;
}

export interface IntegerPicture {
  readonly style: Style;
  readonly letterCase: 'upper' | 'lower' | 'title';
  readonly isOrdinal: boolean;
  readonly text: string;
  /** The code point of the digit zero. */
  readonly zero: number;
  readonly mandatoryDigits: number;
  readonly optionalDigits: number;
  /** The separators, from right to left. */
  readonly groupings: readonly Grouping[];
  /** Where the separators repeat: every so many digits. */
  readonly every: number;
}

/** The zeros of the decimal digits of Unicode. */
const zeros = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040,
  0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0,
  0xaa50, 0xabf0, 0xff10,
];

const named: Readonly<Record<string, Pick<IntegerPicture, 'style' | 'letterCase'>>> = {
  A: { style: 'letters', letterCase: 'upper' },
  a: { style: 'letters', letterCase: 'lower' },
  I: { style: 'roman', letterCase: 'upper' },
  i: { style: 'roman', letterCase: 'lower' },
  W: { style: 'words', letterCase: 'upper' },
  Ww: { style: 'words', letterCase: 'title' },
  w: { style: 'words', letterCase: 'lower' },
};

/** Reads a picture. Throws D3131 where digits are of different alphabets. */
export const integerPicture = cached((picture: string): IntegerPicture => {
  const semicolon = picture.lastIndexOf(';');
  const text = semicolon < 0 ? picture : picture.slice(0, semicolon);
  const isOrdinal = semicolon >= 0 && picture[semicolon + 1] === 'o';
  const none = { zero: 0x30, mandatoryDigits: 0, optionalDigits: 0, groupings: [], every: 0 };
  const known = Object.hasOwn(named, text) ? named[text] : undefined;
  if (known) return { ...none, ...known, isOrdinal, text };
  const digits = digitsOf(text);
  return { ...digits, style: digits.mandatoryDigits > 0 ? 'decimal' : 'unknown', letterCase: 'lower', isOrdinal, text };
});

function digitsOf(text: string): Pick<IntegerPicture, 'zero' | 'mandatoryDigits' | 'optionalDigits' | 'groupings' | 'every'> {
  let zero: number | undefined;
  let [mandatoryDigits, optionalDigits] = [0, 0];
  const groupings: Grouping[] = [];
  for (const character of Array.from(text).reverse()) {
    const point = character.codePointAt(0) as number;
    const family = zeros.find((one) => point >= one && point <= one + 9);
    if (family !== undefined) {
      if (zero !== undefined && zero !== family) throw expressionError('D3131');
      zero = family;
      mandatoryDigits += 1;
    } else if (character === '#') optionalDigits += 1;
    else groupings.push({ position: mandatoryDigits + optionalDigits, character });
  }
  return { zero: zero ?? 0x30, mandatoryDigits, optionalDigits, groupings, every: regularity(groupings) };
}

function regularity(groupings: readonly Grouping[]): number {
  const [first] = groupings;
  if (!first || groupings.some(({ character }) => character !== first.character)) return 0;
  return regularInterval(groupings.map(({ position }) => position));
}

/** The interval at which positions repeat without a gap; 0 where they do not. */
export function regularInterval(positions: readonly number[]): number {
  if (positions.length === 0) return 0;
  const interval = positions.reduce(greatestDivisor);
  return positions.every((_, at) => positions.includes((at + 1) * interval)) ? interval : 0;
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

/** Writes an integer by a picture. Throws D3130 where the picture is none that is known. */
export function writeInteger(value: number, picture: IntegerPicture): string {
  if (!Number.isFinite(value)) throw expressionError('D1001', { value });
  const size = Math.abs(value);
  const text = unsigned(size, picture);
  return value < 0 ? `-${text}` : text;
}

function unsigned(size: number, picture: IntegerPicture): string {
  const isUpper = picture.letterCase === 'upper';
  switch (picture.style) {
    case 'letters':
      return toLetters(size, isUpper ? 'A' : 'a');
    case 'roman':
      return isUpper ? toRoman(size).toUpperCase() : toRoman(size);
    case 'words': {
      const words = inWords(size, picture.isOrdinal);
      return isUpper ? words.toUpperCase() : picture.letterCase === 'title' ? inTitleCase(words) : words;
    }
    case 'decimal':
      return decimal(size, picture);
    default:
      throw expressionError('D3130', { value: picture.text });
  }
}

function decimal(size: number, { mandatoryDigits, zero, isOrdinal, groupings, every }: IntegerPicture): string {
  const plain = String(size).padStart(mandatoryDigits, '0');
  if (zero === 0x30 && groupings.length === 0) return isOrdinal ? plain + ordinalSuffix(plain) : plain;
  const digits =
    zero === 0x30
      ? plain.split('')
      : plain.split('').map((digit) => String.fromCodePoint((digit.codePointAt(0) as number) - 0x30 + zero));
  const separators = every > 0 ? repeated(digits.length, every, groupings[0]?.character ?? '') : groupings;
  const grouped = digits.map((digit, at) => {
    const following = digits.length - at;
    const before =
      at === 0
        ? ''
        : separators
            .filter(({ position }) => position === following)
            .map(({ character }) => character)
            .join('');
    return before + digit;
  });
  return grouped.join('') + (isOrdinal ? ordinalSuffix(plain) : '');
}

function repeated(length: number, every: number, character: string): readonly Grouping[] {
  return Array.from({ length: Math.floor((length - 1) / every) }, (_, at) => ({ position: (at + 1) * every, character }));
}

function ordinalSuffix(digits: string): string {
  const isTeen = digits.length > 1 && digits.at(-2) === '1';
  const suffix = { '1': 'st', '2': 'nd', '3': 'rd' }[digits.at(-1) ?? ''];
  return isTeen || suffix === undefined ? 'th' : suffix;
}

/** How an integer by this picture is found in text, and read. `digits`: exactly so many, where something follows at once. */
export interface IntegerReader {
  readonly pattern: string;
  read(text: string): number;
}

export function integerReader(picture: IntegerPicture, digits: number | undefined): IntegerReader {
  const isUpper = picture.letterCase === 'upper';
  switch (picture.style) {
    case 'letters':
      return { pattern: isUpper ? '[A-Z]+' : '[a-z]+', read: (text) => fromLetters(text, isUpper ? 'A' : 'a') };
    case 'roman':
      return { pattern: isUpper ? '[MDCLXVI]+' : '[mdclxvi]+', read: fromRoman };
    case 'words':
      return { pattern: wordsPattern, read: fromWords };
    case 'decimal':
      return {
        pattern: `[0-9]${digits === undefined ? '+' : `{${digits}}`}${picture.isOrdinal ? '(?:th|st|nd|rd)' : ''}`,
        read: (text) => readDecimal(text, picture),
      };
    default:
      throw expressionError('D3130', { value: picture.text });
  }
}

function readDecimal(text: string, { isOrdinal, every, groupings, zero }: IntegerPicture): number {
  const bare = isOrdinal ? text.slice(0, -2) : text;
  if (zero === 0x30 && groupings.length === 0) return Number.parseInt(bare, 10);
  const separators = every > 0 ? [','] : groupings.map(({ character }) => character);
  const digits = separators.reduce((rest, separator) => rest.replaceAll(separator, ''), bare);
  const plain =
    zero === 0x30
      ? digits
      : Array.from(digits)
          .map((digit) => String.fromCodePoint((digit.codePointAt(0) as number) - zero + 0x30))
          .join('');
  return Number.parseInt(plain, 10);
}
