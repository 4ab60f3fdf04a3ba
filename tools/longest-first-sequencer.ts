// Begins with the test files that take longest: one of them alone at the end would keep one core busy and leave the others idle.

import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Each waits for many processes, one after the other; what is not named here is sorted by its folder, then as Vitest sorts it. */
const longest = [
  'tests/guides.test.ts',
  'tests/crash.test.ts',
  'engine/src/harness/prove/prove.test.ts',
  'engine/src/project/schema.test.ts',
];
/** Whole engines, then commands, then parts. */
const folders = ['tests/', 'cli/', 'engine/', 'connectors/'];

export default class LongestFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}

/** Of a path; lower begins earlier. */
export function rankOf(path: string): number {
  const file = longest.findIndex((end) => path.endsWith(`/${end}`));
  if (file >= 0) return file;
  const folder = folders.findIndex((name) => path.includes(`/${name}`));
  return longest.length + (folder >= 0 ? folder : folders.length);
}
