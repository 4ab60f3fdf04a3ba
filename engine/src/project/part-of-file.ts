// A part of a file, as if it were a file of its own: what is found in it is told with its place in the whole.

import type { Path } from '@mortise/sdk';
import type { WrittenFile } from './problems.ts';

export function partOfFile(whole: WrittenFile, path: Path, value: unknown): WrittenFile {
  const at = (inner: Path): Path => [...path, ...inner];
  return {
    file: whole.file,
    value,
    locate: (inner, side, offset) => whole.locate(at(inner), side, offset),
    place: (inner, side) => whole.place(at(inner), side),
    writing: (inner) => whole.writing(at(inner)),
  };
}
