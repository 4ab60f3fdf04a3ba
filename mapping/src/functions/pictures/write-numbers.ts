// Writing a number by a picture.

import { expressionError } from '../../errors.ts';
import type { Context } from '../../runtime/context.ts';
import { pictureCharactersMax } from './cache.ts';
import { round } from '../numbers.ts';
import { defaultSymbols, digitsOf, numberPictures } from './number-pictures.ts';
import type { NumberPicture, Symbols } from './number-pictures.ts';

export function formatNumber(
  cx: Context,
  value: number | undefined,
  picture: string,
  options?: Readonly<Record<string, string>>,
): string | undefined {
  if (value === undefined) return undefined;
  if (picture.length > pictureCharactersMax) throw expressionError('D3142', { value: picture });
  const symbols: Symbols = { ...defaultSymbols, ...options };
  const [positive, negative] = numberPictures(picture, symbols) as [NumberPicture, NumberPicture?];
  // The host writes no more than 100 places.
  if (Math.max(positive.fractionDigitsMax, negative?.fractionDigitsMax ?? 0) > 100)
    throw expressionError('D3142', { value: picture });
  const below = negative ?? { ...positive, prefix: symbols['minus-sign'] + positive.prefix };
  const chosen = value >= 0 ? positive : below;
  const { mantissa, exponent } = scaled(value * chosen.factor, chosen);
  const rounded = round(cx, mantissa, chosen.fractionDigitsMax) as number;
  const [whole = '', fraction = ''] = Math.abs(rounded).toFixed(chosen.fractionDigitsMax).split('.');
  const digits = withPoint(
    trimmedLeft(whole, chosen.wholeDigitsMin),
    trimmedRight(fraction, chosen.fractionDigitsMin),
    chosen,
    symbols,
  );
  const text = exponent === undefined ? digits : digits + exponentText(exponent, chosen, symbols);
  return chosen.prefix + inFamily(text, symbols) + chosen.suffix;
}

/** The mantissa and the exponent, where the picture has one. */
function scaled(
  value: number,
  { exponentDigitsMin, scale }: NumberPicture,
): { readonly mantissa: number; readonly exponent?: number } {
  if (exponentDigitsMin === 0) return { mantissa: value };
  let [mantissa, exponent] = [value, 0];
  while (mantissa !== 0 && Math.abs(mantissa) < 10 ** (scale - 1)) {
    mantissa *= 10;
    exponent -= 1;
  }
  while (Math.abs(mantissa) > 10 ** scale && Number.isFinite(mantissa)) {
    mantissa /= 10;
    exponent += 1;
  }
  return { mantissa, exponent };
}

function trimmedLeft(digits: string, least: number): string {
  return digits.replace(/^0+/, '').padStart(least, '0');
}

function trimmedRight(digits: string, least: number): string {
  return digits.replace(/0+$/, '').padEnd(least, '0');
}

function withPoint(whole: string, fraction: string, picture: NumberPicture, symbols: Symbols): string {
  const { every, wholeGroups, fractionGroups, hasDecimalSeparator } = picture;
  const comma = symbols['grouping-separator'];
  const separates = (following: number): boolean => (every > 0 ? following % every === 0 : wholeGroups.includes(following));
  const left = whole
    .split('')
    .map((digit, at) => (at > 0 && separates(whole.length - at) ? comma + digit : digit))
    .join('');
  const right = fraction
    .split('')
    .map((digit, at) => (at > 0 && fractionGroups.includes(at) ? comma + digit : digit))
    .join('');
  return hasDecimalSeparator && right !== ''
    ? left + symbols['decimal-separator'] + right
    : left + (hasDecimalSeparator ? '' : right);
}

function exponentText(exponent: number, { exponentDigitsMin }: NumberPicture, symbols: Symbols): string {
  const sign = exponent < 0 ? symbols['minus-sign'] : '';
  return symbols['exponent-separator'] + sign + String(Math.abs(exponent)).padStart(exponentDigitsMin, '0');
}

/** The digits in the alphabet that the picture is written in. */
function inFamily(text: string, symbols: Symbols): string {
  if (symbols['zero-digit'] === '0') return text;
  const family = digitsOf(symbols);
  return text.replaceAll(/[0-9]/g, (digit) => family[Number(digit)] as string);
}
