// When a file counts as whole.

import { describe, expect, it } from 'vitest';
import { settling } from './settling.ts';

const look = { sizeBytes: 10, modifiedMs: 1000 };

describe('a file settles', () => {
  it('when it looks the same long enough after the first look', () => {
    const files = settling(2000);
    expect(files.isSettled('a', look, 0)).toBe(false);
    expect(files.isSettled('a', look, 1999)).toBe(false);
    expect(files.isSettled('a', look, 2000)).toBe(true);
  });

  it('anew when it has grown, or was written again', () => {
    const files = settling(2000);
    files.isSettled('a', look, 0);
    expect(files.isSettled('a', { ...look, sizeBytes: 11 }, 2000)).toBe(false);
    expect(files.isSettled('a', { ...look, sizeBytes: 11, modifiedMs: 1001 }, 4000)).toBe(false);
    expect(files.isSettled('a', { ...look, sizeBytes: 11, modifiedMs: 1001 }, 6000)).toBe(true);
  });

  it('anew when it was away', () => {
    const files = settling(2000);
    files.isSettled('a', look, 0);
    files.isSettled('b', look, 0);
    files.keepOnly(new Set(['b']));
    expect(files.isSettled('a', look, 5000)).toBe(false);
    expect(files.isSettled('b', look, 5000)).toBe(true);
  });

  it('at once where no time is asked for', () => expect(settling(0).isSettled('a', look, 0)).toBe(true));
});
