// Text that does not compress, the same every time: with it, the load of a compressing format is about as long as its values.

import { createCipheriv } from 'node:crypto';

const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
  .update(Buffer.alloc(3 * 1024 ** 2))
  .toString('base64');

/** So many characters of Base64; those of an index near another have nothing in common with them. */
export function noiseText(index: number, characters: number): string {
  const from = (index * characters) % (noise.length - characters);
  return noise.slice(from, from + characters);
}
