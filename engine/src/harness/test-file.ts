// What a test says, read by the fields of its file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFields } from '@mortise/sdk';
import type { Fields, ValuesOf } from '@mortise/sdk';
import type { SourceFile } from '../flow/definitions.ts';
import { testForms, testKind } from '../project/test-fields.ts';

/** A test of a flow. */
export type TestFile = ValuesOf<typeof testForms.flow>;
export type OutboundTest = ValuesOf<typeof testForms.outbound>;
export type InboundTest = ValuesOf<typeof testForms.inbound>;
export type Answer = TestFile['systems'][string];
export type Expectation = TestFile['expect'][number];

/** One message that comes in. */
export type Given = OutboundTest['given'] & { readonly after?: number };

/** The messages that come in, in order. */
export function givenOf({ given }: Pick<TestFile, 'given'>): readonly Given[] {
  return Array.isArray(given) ? (given as readonly Given[]) : [given as Given];
}

/** When a test begins that does not say when its message happened. */
const startMs = Date.UTC(2026, 0, 1);

/** The time of a test: when its first message happened, in milliseconds since 1970. */
export function startOf(given: Pick<Given, 'time'> | undefined): number {
  return Date.parse(given?.time ?? '') || startMs;
}

/** A test's values, with what it is of; those that are wrong were told when the project was loaded. */
export type AnyTest =
  | { readonly kind: 'flow'; readonly test: TestFile }
  | { readonly kind: 'outbound'; readonly test: OutboundTest }
  | { readonly kind: 'inbound'; readonly test: InboundTest };

export function readTestFile({ value }: SourceFile): AnyTest {
  const kind = testKind(value);
  return { kind, test: readFields<Fields>(testForms[kind], value).values } as AnyTest;
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
