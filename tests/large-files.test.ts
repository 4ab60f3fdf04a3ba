// Files of some mebibytes, decoded by the command: all is there, in bounded memory. A gibibyte: *.long.test.ts.

import { describe, expect, it } from 'vitest';
import { decodeLarge } from '../bench/formats.ts';
import { largeFiles } from '../bench/large-files.ts';

const mebibyte = 1024 ** 2;
/** With room for a first run, which compiles what later ones find. */
const residentBytesMax = 200 * mebibyte;

describe.skipIf(process.platform !== 'linux')('eight mebibytes (needs Linux, which tells what a process held)', () => {
  it.each(Object.keys(largeFiles))('%s', { timeout: 120_000 }, async (format) => {
    const { written, read, exitCode, said, residentBytesPeak } = await decodeLarge(format, 8 * mebibyte);
    expect({ read, exitCode, said }).toEqual({ read: written, exitCode: 0, said: '' });
    expect(residentBytesPeak).toBeLessThan(residentBytesMax);
  });
});
