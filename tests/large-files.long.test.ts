// A file of a gibibyte of each format that trading partners, hospitals and mainframes send, decoded by the command in little memory.

import { describe, expect, it } from 'vitest';
import { decodeLarge } from '../bench/formats.ts';
import { largeFiles } from '../bench/large-files.ts';

const mebibyte = 1024 ** 2;
/** The process has most of it before the first byte. */
const residentBytesMax = 100_000_000;

describe.skipIf(process.platform !== 'linux')('a gibibyte (needs Linux, which tells what a process held)', () => {
  it.each(Object.keys(largeFiles))('%s', { timeout: 1_200_000 }, async (format) => {
    // The first run keeps compiled code for the next ones.
    await decodeLarge(format, mebibyte);
    const { written, read, exitCode, said, residentBytesPeak } = await decodeLarge(format, 1024 * mebibyte);
    expect({ read, exitCode, said }).toEqual({ read: written, exitCode: 0, said: '' });
    expect(residentBytesPeak).toBeGreaterThan(0);
    expect(residentBytesPeak).toBeLessThan(residentBytesMax);
  });
});
