// Options of this format as a user writes them, read and bound: for its tests.

import { bindOptions, readFields } from '@mortise/sdk';
import type { FormatOptionsOf } from '@mortise/sdk';
import { optionSupply } from '@mortise/sdk/testing';
import { decoder } from './decode.ts';
import format from './format.ts';

export type Options = FormatOptionsOf<typeof format>;

/** Throws where they are wrong. `files` are those of the project, by their paths. */
export function bound(written: Readonly<Record<string, unknown>> = {}, files: Readonly<Record<string, string>> = {}): Options {
  const { values, problems } = readFields(format.options, written);
  const options = bindOptions(format.options, values, optionSupply([], files));
  const [problem] = [...problems, ...options.problems];
  if (problem) throw new Error(JSON.stringify(problem));
  return options.values as Options;
}

export interface Found {
  readonly values: readonly unknown[];
  readonly problems: readonly {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}

/** What the bytes decode to, values and problems apart. */
export function decoded(bytes: Uint8Array | string, written: Readonly<Record<string, unknown>> = {}, files = {}): Found {
  const all = decoder.decodeWhole(Buffer.from(bytes as Uint8Array), bound(written, files));
  return {
    values: all.flatMap((one) => ('problem' in one ? [] : [one.value])),
    problems: all.flatMap((one) => ('problem' in one ? [one.problem] : [])),
  };
}
