// What a part is as a value, and which format its content has.

import type { BoundFormat, FormatOptionsOf } from '@mortise/sdk';
import type format from './format.ts';

export type MultipartOptions = FormatOptionsOf<typeof format>;

export interface PartHead {
  readonly name?: string;
  readonly filename?: string;
  /** Where the kind does not tell it: `attachment`, `inline`. */
  readonly disposition?: string;
  readonly contentType?: string;
  /** All others, by their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The format of the first kind of parts that fits; undefined where none does. */
export function formatOf({ parts }: MultipartOptions, { name, contentType = 'text/plain' }: PartHead): BoundFormat | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const found = parts.find(
    (kind) =>
      (kind.name === undefined || kind.name === name) &&
      (kind.contentType === undefined || patternOf(kind.contentType).test(type)),
  );
  return found?.format;
}

function patternOf(type: string): RegExp {
  const parts = type
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
