// Makes the body of a transaction set: by its definition where there is one, else as the segments stand.

import type { Finding } from './findings.ts';
import { flatSegment } from './flat-segments.ts';
import type { X12Options } from './options.ts';
import type { OpenRecord } from './record.ts';
import type { SetPlaces } from './set-places.ts';
import { isBinary } from './set-segments.ts';
import type { X12Value } from './value.ts';

export interface BodyInput {
  readonly record: OpenRecord;
  readonly segments: readonly (readonly string[])[];
  readonly places: SetPlaces;
  readonly code: string;
  /** The index behind the last segment of the body. */
  readonly last: number;
  readonly options: X12Options;
}

export interface Body {
  readonly content: Pick<X12Value, 'document' | 'segments'>;
  readonly findings: readonly Finding[];
}

export function makeBody(input: BodyInput): Body {
  const { record, segments, last } = input;
  const { syntax } = record.state;
  const first = record.kind === 'TA1' ? 0 : 1;
  const flat = segments.slice(first, last).map((one) => flatSegment(one, syntax, isBinary(one[0] + syntax.element, syntax.element)));
  return { content: { segments: flat }, findings: [] };
}
