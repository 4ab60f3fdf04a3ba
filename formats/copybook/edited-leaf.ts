// Numeric edited fields: numbers as a report shows them, read to their value and edited again.

import type { Charset } from './charset.ts';
import { digitsOf, expectedNumber, schemaOfNumber, storedDigits, valueOfDigits } from './decimal.ts';
import type { Shape } from './decimal.ts';
import type { Leaf } from './leaf.ts';
import { initialOf } from './leaf.ts';
import { digitPlaces, floatingSymbol } from './picture.ts';
import type { Picture, PictureStyle } from './picture.ts';
import type { Storage } from './storage.ts';

interface Editing extends PictureStyle {
  readonly picture: Picture;
  readonly places: readonly boolean[];
  readonly floating: string | undefined;
  readonly point: string;
  readonly blankWhenZero: boolean;
  /** Of a picture with S, which has its sign over the last digit: the ten characters of a plus, and of a minus. */
  readonly overpunch: { readonly plus: string; readonly minus: string } | undefined;
}

export function editedLeaf(storage: Storage, picture: Picture, charset: Charset, style: PictureStyle): Leaf {
  const editing: Editing = {
    ...style,
    picture,
    places: digitPlaces(picture.symbols),
    floating: floatingSymbol(picture.symbols),
    point: style.decimalComma ? ',' : '.',
    blankWhenZero: storage.blankWhenZero,
    overpunch: picture.symbols.includes('S') ? overpunchOf(charset) : undefined,
  };
  const shape = { digits: picture.digits, scale: picture.scale, signed: picture.signed };
  const { bytes } = storage;
  const isBlankZero = isBlank(edit({ negative: false, text: '0'.repeat(picture.digits) }, editing));
  const schema = schemaOfNumber(shape);
  const decode = (record: Uint8Array): string | undefined => charset.decode(record);
  return initialOf(
    {
      bytes,
      expected: `${expectedNumber(shape)}, edited as ${picture.text}`,
      schema: isBlankZero ? schema : { anyOf: [schema, { type: 'null' }] },
      read(record, at) {
        const text = charset.isSingle ? record.text.slice(at, at + bytes) : decode(record.bytes.subarray(at, at + bytes));
        if (text === undefined || text.length !== bytes) return undefined;
        if (isBlank(text) && !isBlankZero) return null;
        const found = unedit(text, editing) ?? plainNumber(text, shape, editing.point);
        if (!found || (found.negative && !shape.signed)) return undefined;
        if (edit(found, editing) !== text) record.isIrregular = true;
        return valueOfDigits(found.negative, found.text, shape.scale);
      },
      write(target, at, value) {
        const digits = value === null && !isBlankZero ? undefined : digitsOf(value, shape);
        if (typeof digits === 'string') return digits;
        const encoded = charset.encode(digits ? edit(digits, editing) : ' '.repeat(bytes));
        if (encoded?.length !== bytes) return `cannot be written in ${charset.name}`;
        target.set(encoded, at);
        return undefined;
      },
    },
    0,
  );
}

interface SignedDigits {
  readonly negative: boolean;
  readonly text: string;
}

/** A number that was written without regard to the picture, as `789.09` with blanks behind it. */
function plainNumber(text: string, { digits, scale }: Shape, point: string): SignedDigits | undefined {
  const found = storedDigits(text.replace(/^ *\+?| *$/g, '').replace(point, '.'), { scale });
  return found && found.text.length <= digits ? { negative: found.negative, text: found.text.padStart(digits, '0') } : undefined;
}

/** Of blanks alone: tabs and the like are none. */
function isBlank(text: string): boolean {
  return /^ *$/.test(text);
}

function isZero(digits: string): boolean {
  return /^0*$/.test(digits);
}

function overpunchOf(charset: Charset): { plus: string; minus: string } {
  if (!charset.isEbcdic) return { plus: '{ABCDEFGHI', minus: '}JKLMNOPQR' };
  const zone = (high: number): string => charset.decode(Uint8Array.from({ length: 10 }, (_, digit) => high + digit)) ?? '';
  return { plus: zone(0xc0), minus: zone(0xd0) };
}

/** Digits where there are digits; blanks, asterisks and floating symbols before them are zeros. */
function unedit(text: string, editing: Editing): SignedDigits | undefined {
  const { picture, places, overpunch } = editing;
  let [digits, at, negative] = ['', 0, false];
  for (const [index, symbol] of picture.symbols.entries()) {
    const width = widthOf(symbol);
    const shown = text.slice(at, at + width);
    at += width;
    if (shown === '-' || shown === 'CR' || shown === 'DB') negative = true;
    const over = overpunch && at === text.length ? overpunched(shown, overpunch) : undefined;
    if (over) {
      digits += over.digit;
      negative = over.negative;
    } else if (places[index] && /^\d$/.test(shown)) digits += shown;
    else if (!fits(shown, symbol, editing)) return undefined;
    else if (places[index]) digits += '0';
  }
  return { negative: negative && !isZero(digits), text: digits };
}

function overpunched(
  shown: string,
  { plus, minus }: { plus: string; minus: string },
): { negative: boolean; digit: string } | undefined {
  const [above, below] = [plus.indexOf(shown), minus.indexOf(shown)];
  if (above < 0 && below < 0) return undefined;
  return { negative: below >= 0, digit: String(Math.max(above, below)) };
}

/** Whether this may be shown where the symbol stands and there is no digit. */
function fits(shown: string, symbol: string, { currency }: Editing): boolean {
  if (shown === '' || isBlank(shown) || shown === '*' || shown === '+' || shown === '-' || shown === currency) return true;
  return shown === symbol || (symbol === 'B' && shown === ' ');
}

function widthOf(symbol: string): number {
  if (symbol === 'V' || symbol === 'P' || symbol === 'S') return 0;
  return symbol.length;
}

/** The editing of a MOVE: ISO/IEC 1989:2014, 13.18.40 (PICTURE clause), editing rules. */
function edit({ negative, text }: SignedDigits, editing: Editing): string {
  const { picture } = editing;
  const isAllSuppressed = picture.symbols.every((symbol, index) => symbol !== '9' || editing.places[index] !== true);
  const hasSuppression = picture.symbols.some((symbol) => symbol === 'Z' || symbol === '*') || editing.floating !== undefined;
  if (isZero(text) && (editing.blankWhenZero || (isAllSuppressed && hasSuppression))) return editedZero(editing);
  const shown: string[] = [];
  const state = { digit: 0, isInZone: false, isSuppressing: true, floatAt: -1, fill: ' ' };
  for (const [index, symbol] of picture.symbols.entries())
    shown.push(showSymbol(symbol, index, text, negative, editing, state, shown.length));
  if (state.floatAt >= 0 && editing.floating) shown[state.floatAt] = floatingText(editing.floating, negative, editing);
  const edited = shown.join('');
  if (!editing.overpunch) return edited;
  const { plus, minus } = editing.overpunch;
  return edited.slice(0, -1) + edited.slice(-1).replace(/\d/, (digit) => (negative ? minus : plus)[Number(digit)] ?? digit);
}

/** Blanks, or asterisks around the point. */
function editedZero({ picture, point, blankWhenZero }: Editing): string {
  const isStarred = picture.symbols.includes('*') && !blankWhenZero;
  const fill = (symbol: string): string =>
    symbol === point && isStarred ? symbol : (isStarred ? '*' : ' ').repeat(widthOf(symbol));
  return picture.symbols.map(fill).join('');
}

interface EditState {
  digit: number;
  /** Behind the first symbol that suppresses zeros. */
  isInZone: boolean;
  isSuppressing: boolean;
  /** Where the floating symbol goes. */
  floatAt: number;
  fill: string;
}

function showSymbol(
  symbol: string,
  index: number,
  digits: string,
  negative: boolean,
  editing: Editing,
  state: EditState,
  at: number,
): string {
  const { places, floating, point, currency } = editing;
  if (places[index]) return showDigit(symbol, digits[state.digit++] ?? '0', floating, state, at);
  if (symbol === floating) return startFloat(state, at);
  if (symbol === 'V' || symbol === point) {
    if (state.isInZone && state.isSuppressing) state.isSuppressing = false;
    return symbol === 'V' ? '' : symbol;
  }
  if (symbol === '+') return negative ? '-' : '+';
  if (symbol === '-') return negative ? '-' : ' ';
  if (symbol === '$') return currency;
  if (symbol === 'CR' || symbol === 'DB') return negative ? symbol : '  ';
  if (symbol === 'P' || symbol === 'S') return '';
  if (state.isInZone && state.isSuppressing) {
    if (floating) state.floatAt = at;
    return state.fill;
  }
  return symbol === 'B' ? ' ' : symbol;
}

function startFloat(state: EditState, at: number): string {
  state.isInZone = true;
  state.floatAt = at;
  return ' ';
}

function showDigit(symbol: string, digit: string, floating: string | undefined, state: EditState, at: number): string {
  if (symbol === '*') state.fill = '*';
  if (symbol !== '9') state.isInZone = true;
  if (symbol === '9' || digit !== '0') state.isSuppressing = false;
  if (!state.isSuppressing) return digit;
  if (symbol === floating) state.floatAt = at;
  return state.fill;
}

function floatingText(symbol: string, negative: boolean, { currency }: Editing): string {
  if (symbol === '$') return currency;
  if (negative) return '-';
  return symbol === '+' ? '+' : ' ';
}
