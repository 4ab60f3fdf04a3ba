// Keeps the digits of JSON numbers that a JavaScript number would change.

/** A reviver for `JSON.parse`: numbers that would change become their text. */
export function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source;
  return source === undefined || keepsDigits(source, value) ? value : source;
}

function keepsDigits(source: string, value: number): boolean {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  const printed = String(value);
  return printed === source || canonical(printed) === canonical(source);
}

/** A decimal number as its significant digits and the power of ten behind them, so that `1.50`, `15e-1` and `1.5` are the same. */
function canonical(decimal: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = whole + fraction;
  let from = 0;
  while (digits[from] === '0') from += 1;
  let to = digits.length;
  while (to > from && digits[to - 1] === '0') to -= 1;
  if (from === to) return whole === '' ? 'not finite' : '0';
  return `${digits.slice(from, to)}e${Number(exponent) - fraction.length + digits.length - to}`;
}
