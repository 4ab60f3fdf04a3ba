// Functions that encode text: base 64 and URLs.

import { expressionError } from '../errors.ts';
import type { Context } from '../runtime/context.ts';

type OneText = (cx: Context, text: string | undefined) => string | undefined;

/** Each character is one byte: text beyond Latin-1 is not what this is for. */
export const base64encode: OneText = (_cx, text) =>
  text === undefined ? undefined : Buffer.from(text, 'latin1').toString('base64');
export const base64decode: OneText = (_cx, text) =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString('latin1');

export const encodeUrlComponent = guarded('encodeUrlComponent', encodeURIComponent);
export const encodeUrl = guarded('encodeUrl', encodeURI);
export const decodeUrlComponent = guarded('decodeUrlComponent', decodeURIComponent);
export const decodeUrl = guarded('decodeUrl', decodeURI);

function guarded(name: string, convert: (text: string) => string): OneText {
  return (_cx, text) => {
    if (text === undefined) return undefined;
    try {
      return convert(text);
    } catch {
      throw expressionError('D3140', { token: name, value: text });
    }
  };
}
