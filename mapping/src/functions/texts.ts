// Functions of text. Positions and lengths count Unicode code points.

import type { Context } from '../runtime/context.ts';
import { toText } from '../runtime/values.ts';

type Text = string | undefined;

export function string(cx: Context, value: unknown, isPretty = false): Text {
  return value === undefined ? undefined : toText(cx, value, isPretty);
}

export function substring(_cx: Context, text: Text, start: number, length?: number): Text {
  if (text === undefined) return undefined;
  const points = hasPairs(text) ? Array.from(text) : text;
  const from = points.length + start < 0 ? 0 : start;
  if (length === undefined) return joined(points.slice(from));
  if (length <= 0) return '';
  const to = from >= 0 ? from + length : points.length + from + length;
  return joined(points.slice(from, to));
}

function joined(points: string | readonly string[]): string {
  return typeof points === 'string' ? points : points.join('');
}

export function substringBefore(_cx: Context, text: Text, mark: string): Text {
  if (text === undefined) return undefined;
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}

export function substringAfter(_cx: Context, text: Text, mark: string): Text {
  if (text === undefined) return undefined;
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(at + mark.length);
}

export const lowercase = (_cx: Context, text: Text): Text => text?.toLowerCase();
export const uppercase = (_cx: Context, text: Text): Text => text?.toUpperCase();

export function length(_cx: Context, text: Text): number | undefined {
  if (text === undefined) return undefined;
  if (!hasPairs(text)) return text.length;
  let points = 0;
  for (let at = 0; at < text.length; at += 1) {
    const isPair = isSurrogate(text.charCodeAt(at), 0xd800) && isSurrogate(text.charCodeAt(at + 1), 0xdc00);
    if (isPair) at += 1;
    points += 1;
  }
  return points;
}

/** Whether two UTF-16 units of a text may stand for one character. */
function hasPairs(text: string): boolean {
  return /[\ud800-\udbff]/.test(text);
}

function isSurrogate(code: number, first: number): boolean {
  return code >= first && code < first + 0x400;
}

/** White space within becomes one space, and none stays at the ends. */
export function trim(_cx: Context, text: Text): Text {
  if (text === undefined) return undefined;
  const single = /[\t\n\r]| {2}/.test(text) ? text.replaceAll(/[ \t\n\r]+/g, ' ') : text;
  const start = single.startsWith(' ') ? 1 : 0;
  return single.slice(start, single.endsWith(' ') ? Math.max(start, single.length - 1) : undefined);
}

export function pad(cx: Context, text: Text, width: number, filling = ' '): Text {
  if (text === undefined) return undefined;
  const whole = Math.trunc(width);
  const missing = Math.abs(whole) - (length(cx, text) as number);
  if (!(missing > 0)) return text;
  cx.requireCharacters(missing + text.length);
  cx.spendCharacters(missing);
  const padding = repeated(filling === '' ? ' ' : filling, missing);
  return whole > 0 ? text + padding : padding + text;
}

/** So many code points of a text that repeats. */
function repeated(text: string, count: number): string {
  if (text.length === 1) return text.repeat(count);
  const points = Array.from(text);
  return text.repeat(Math.floor(count / points.length)) + points.slice(0, count % points.length).join('');
}

export function join(cx: Context, texts: readonly string[] | undefined, separator = ''): Text {
  if (texts === undefined) return undefined;
  let size = separator.length * texts.length;
  for (const text of texts) size += text?.length ?? 0;
  cx.requireCharacters(size);
  cx.spendCharacters(size);
  return texts.join(separator);
}
