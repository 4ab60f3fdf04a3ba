// Decimals whose point is not written: `0012345` with a scale of 2 is 123.45.

import { decimalText } from '@mortise/sdk';
import type { TextType } from '@mortise/sdk';

/** Values are texts with a point and exactly `scale` digits behind it. */
export function impliedDecimals(scale: number): TextType {
  return {
    expected: `digits, the last ${scale} of them behind a point that is not written`,
    read: (text) => {
      if (!/^[+-]?\d+$/.test(text)) return undefined;
      if (text.startsWith('-')) return `-${withPoint(text.slice(1), scale)}`;
      return withPoint(text.startsWith('+') ? text.slice(1) : text, scale);
    },
    write: (value) => {
      const text = decimalText(value);
      if (text === undefined) return undefined;
      const sign = text.startsWith('-') ? '-' : '';
      const point = text.includes('.') ? text.indexOf('.') : text.length;
      const fraction = text.slice(point + 1);
      if (!isZeros(fraction.slice(scale))) return undefined;
      return sign + withoutLeadingZeros(text.slice(sign.length, point) + fraction.slice(0, scale).padEnd(scale, '0'));
    },
  };
}

function withPoint(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0');
  const whole = withoutLeadingZeros(padded.slice(0, padded.length - scale));
  return scale === 0 ? whole : `${whole}.${padded.slice(-scale)}`;
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

function isZeros(text: string): boolean {
  return /^0*$/.test(text);
}
