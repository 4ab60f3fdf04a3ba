// Pictures are read once: most expressions use the same few again and again.

import { expressionError } from '../../errors.ts';

/** No picture of daily use is longer; reading one takes quadratic time. */
export const pictureCharactersMax = 1000;
/** So many pictures are kept; then all are forgotten. */
const picturesMax = 500;

/** A function of a text that remembers what it gave. */
export function cached<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > pictureCharactersMax) throw expressionError('D3142', { value: text });
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = read(text);
    if (known.size >= picturesMax) known.clear();
    known.set(text, made);
    return made;
  };
}
