// What a test says, read by the fields of its file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import type { ValuesOf } from '@mortise/sdk';
import type { SourceFile } from '../flow/definitions.ts';
import { testFields } from '../project/tests.ts';

export type TestFile = ValuesOf<typeof testFields>;
export type Answer = TestFile['systems'][string];
export type Expectation = TestFile['expect'][number];

/** One message that comes in. */
export type Given = Exclude<TestFile['given'], readonly unknown[]> & { readonly after?: number };

/** The messages that come in, in order. */
export function givenOf({ given }: Pick<TestFile, 'given'>): readonly Given[] {
  return Array.isArray(given) ? (given as readonly Given[]) : [given as Given];
}

/** The test's values; those that are wrong were told when the project was loaded. */
export function readTestFile({ value }: SourceFile): TestFile {
  return readFields(testFields, value).values;
}

/** A body as it is written: a value, or the bytes of a file. */
export type WrittenBody =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'file'; readonly file: string; readonly bytes: Uint8Array };

/** `{ file: … }` alone is a file of the project; everything else is the value itself. Throws what reading the file throws. */
export function readBody(written: unknown, folder: string): WrittenBody {
  const file = fileOf(written);
  if (file === undefined) return { kind: 'value', value: written };
  return { kind: 'file', file, bytes: readFileSync(join(folder, file)) };
}

function fileOf(written: unknown): string | undefined {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return undefined;
  const [[name, value] = [], ...more] = Object.entries(written);
  return name === 'file' && typeof value === 'string' && more.length === 0 ? value : undefined;
}
