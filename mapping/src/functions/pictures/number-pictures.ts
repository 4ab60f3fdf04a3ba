// Number pictures: XPath and XQuery Functions and Operators 3.1, section 4.7 (format-number).

import { expressionError } from '../../errors.ts';
import { regularInterval } from './integers.ts';

/** The characters that mean something in a picture; an expression may name others. */
export interface Symbols {
  readonly 'decimal-separator': string;
  readonly 'grouping-separator': string;
  readonly 'exponent-separator': string;
  readonly 'minus-sign': string;
  readonly percent: string;
  readonly 'per-mille': string;
  readonly 'zero-digit': string;
  readonly digit: string;
  readonly 'pattern-separator': string;
}

export const defaultSymbols: Symbols = {
  'decimal-separator': '.',
  'grouping-separator': ',',
  'exponent-separator': 'e',
  'minus-sign': '-',
  percent: '%',
  'per-mille': '\u2030',
  'zero-digit': '0',
  digit: '#',
  'pattern-separator': ';',
};

/** One sub-picture, taken apart. */
export interface NumberPicture {
  readonly prefix: string;
  readonly suffix: string;
  readonly factor: number;
  readonly wholeDigitsMin: number;
  readonly scale: number;
  readonly fractionDigitsMin: number;
  readonly fractionDigitsMax: number;
  readonly exponentDigitsMin: number;
  /** Digits to the right of each separator of the whole part. */
  readonly wholeGroups: readonly number[];
  readonly every: number;
  /** Digits to the left of each separator of the fraction. */
  readonly fractionGroups: readonly number[];
  readonly hasDecimalSeparator: boolean;
}

interface Parts {
  readonly whole: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly active: string;
  readonly mantissa: string;
  readonly exponent: string | undefined;
  readonly integer: string;
  readonly fraction: string;
}

/** The sub-pictures of a picture: one, or one for numbers from zero and one for those below. Throws D3080 to D3093. */
export function numberPictures(picture: string, symbols: Symbols): readonly NumberPicture[] {
  const texts = picture.split(symbols['pattern-separator']);
  if (texts.length > 2) throw expressionError('D3080', { value: picture });
  const family = digitsOf(symbols);
  return texts.map((text) => {
    const parts = partsOf(text, symbols, family);
    check(parts, symbols, family);
    return analysed(parts, symbols, family);
  });
}

/** The ten digits. */
export function digitsOf(symbols: Symbols): string {
  const zero = symbols['zero-digit'].charCodeAt(0);
  return Array.from({ length: 10 }, (_, at) => String.fromCharCode(zero + at)).join('');
}

function partsOf(text: string, symbols: Symbols, family: string): Parts {
  const core =
    family + symbols['decimal-separator'] + symbols['grouping-separator'] + symbols.digit + symbols['pattern-separator'];
  const characters = text.split('');
  const first = characters.findIndex((character) => core.includes(character));
  const last = characters.findLastIndex((character) => core.includes(character));
  const prefix = first < 0 ? '' : text.slice(0, first);
  const suffix = last < 0 ? '' : text.slice(last + 1);
  const active = text.slice(prefix.length, text.length - suffix.length);
  const exponentAt = text.indexOf(symbols['exponent-separator'], prefix.length);
  const hasExponent = exponentAt >= 0 && exponentAt <= text.length - suffix.length;
  const mantissa = hasExponent ? active.slice(0, exponentAt) : active;
  const decimalAt = mantissa.indexOf(symbols['decimal-separator']);
  return {
    whole: text,
    prefix,
    suffix,
    active,
    mantissa,
    exponent: hasExponent ? active.slice(exponentAt + 1) : undefined,
    integer: decimalAt < 0 ? mantissa : mantissa.slice(0, decimalAt),
    fraction: decimalAt < 0 ? suffix : mantissa.slice(decimalAt + 1),
  };
}

/** Throws for the last rule that the picture breaks, as JSONata does. */
function check({ whole, active, mantissa, integer, fraction, exponent }: Parts, symbols: Symbols, family: string): void {
  const { percent, digit, 'per-mille': mille, 'decimal-separator': point, 'grouping-separator': comma } = symbols;
  const isDigit = (character: string): boolean => family.includes(character);
  const twice = (text: string): boolean => whole.indexOf(text) !== whole.lastIndexOf(text);
  const known = family + point + symbols['exponent-separator'] + comma + digit + symbols['pattern-separator'];
  const pointAt = whole.indexOf(point);
  const [optional, lastOptional] = [integer.indexOf(digit), fraction.lastIndexOf(digit)];
  const rules: readonly (readonly [string, boolean])[] = [
    ['D3093', exponent !== undefined && (exponent === '' || !exponent.split('').every(isDigit))],
    ['D3092', Boolean(exponent) && (whole.includes(percent) || whole.includes(mille))],
    ['D3091', lastOptional >= 0 && fraction.slice(lastOptional).split('').some(isDigit)],
    ['D3090', optional >= 0 && integer.slice(0, optional).split('').some(isDigit)],
    ['D3089', whole.includes(comma + comma)],
    ['D3088', pointAt < 0 && integer.endsWith(comma)],
    ['D3087', pointAt >= 0 && (whole[pointAt - 1] === comma || whole[pointAt + 1] === comma)],
    ['D3086', active.split('').some((character) => !known.includes(character))],
    ['D3085', !mantissa.split('').some((character) => isDigit(character) || character === digit)],
    ['D3084', whole.includes(percent) && whole.includes(mille)],
    ['D3083', twice(mille)],
    ['D3082', twice(percent)],
    ['D3081', twice(point)],
  ];
  const broken = rules.find(([, isBroken]) => isBroken);
  if (broken) throw expressionError(broken[0], { value: whole });
}

function analysed(parts: Parts, symbols: Symbols, family: string): NumberPicture {
  const { digit, 'grouping-separator': comma } = symbols;
  const isMandatory = (character: string): boolean => family.includes(character);
  const isPlace = (character: string): boolean => isMandatory(character) || character === digit;
  const count = (text: string, test: (character: string) => boolean): number => text.split('').filter(test).length;
  const groups = (text: string, side: (at: number) => string): number[] =>
    text.split('').flatMap((character, at) => (character === comma ? [count(side(at), isPlace)] : []));
  const wholeGroups = groups(parts.integer, (at) => parts.integer.slice(at));
  const scale = count(parts.integer, isMandatory);
  const hasExponent = parts.exponent !== undefined;
  let [wholeDigitsMin, fractionDigitsMin] = [scale, count(parts.fraction, isMandatory)];
  let fractionDigitsMax = count(parts.fraction, isPlace);
  if (wholeDigitsMin === 0 && fractionDigitsMax === 0) {
    if (hasExponent) [fractionDigitsMin, fractionDigitsMax] = [1, 1];
    else wholeDigitsMin = 1;
  }
  if (hasExponent && wholeDigitsMin === 0 && parts.integer.includes(digit)) wholeDigitsMin = 1;
  if (wholeDigitsMin === 0 && fractionDigitsMin === 0) fractionDigitsMin = 1;
  return {
    prefix: parts.prefix,
    suffix: parts.suffix,
    factor: parts.whole.includes(symbols.percent) ? 100 : parts.whole.includes(symbols['per-mille']) ? 1000 : 1,
    wholeDigitsMin,
    scale,
    fractionDigitsMin,
    fractionDigitsMax,
    exponentDigitsMin: count(parts.exponent ?? '', isMandatory),
    wholeGroups,
    every: regularInterval(wholeGroups),
    fractionGroups: groups(parts.fraction, (at) => parts.fraction.slice(0, at)),
    hasDecimalSeparator: parts.whole.includes(symbols['decimal-separator']),
  };
}
