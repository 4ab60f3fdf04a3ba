// Makes the body of a transaction set: by its definition where there is one, else as the segments stand.

import { definitionsOf } from './definitions.ts';
import { kindOf } from './findings.ts';
import type { Finding, FindingName } from './findings.ts';
import { flatSegment } from './flat-segments.ts';
import type { X12Options } from './options.ts';
import type { OpenRecord } from './record.ts';
import type { SetPlaces } from './set-places.ts';
import { isBinary } from './set-segments.ts';
import type { SetSpec } from './specification.ts';
import { StructureReader } from './structure.ts';
import type { FlatSegment, X12Value } from './value.ts';

export interface BodyInput {
  readonly record: OpenRecord;
  readonly segments: readonly (readonly string[])[];
  readonly places: SetPlaces;
  readonly code: string;
  /** The index behind the last segment of the body. */
  readonly last: number;
  /** Whether no element has components or repetitions. */
  readonly plain: boolean;
  readonly options: X12Options;
}

export interface Body {
  readonly content: Pick<X12Value, 'document' | 'segments'>;
  readonly findings: readonly Finding[];
}

export function makeBody(input: BodyInput): Body {
  const spec = specOf(input);
  if (!spec) return { content: flat(input), findings: [] };
  const { record, segments, last, options } = input;
  const first = record.kind === 'TA1' ? 0 : 1;
  const findings: Finding[] = foreign(input, spec);
  const reader = new StructureReader(spec, segments, record.state.syntax, input.plain, (name, index, message, facts) => {
    if (findings.length < options.findingsMax)
      findings.push(input.places.finding(name, index, segments[index] ?? [], message, facts));
  });
  const document = reader.read(first, last);
  return { content: findings.some(({ name }) => isStructural(name)) ? flat(input) : { document }, findings };
}

/** What stands in the segments, but has no place in the document. */
function isStructural(name: FindingName): boolean {
  return kindOf(name).level === 'segment' || /surplus|unused/.test(name);
}

function specOf({ record, code, options }: BodyInput): SetSpec | undefined {
  if (options.structure === 'segments') return undefined;
  const definitions = definitionsOf(options);
  if (code === 'TA1') return definitions.set('004010', 'TA1');
  const version = options.version ?? record.group?.group.version.slice(0, 6) ?? '';
  return definitions.set(version, code);
}

function foreign({ record, segments, places, code }: BodyInput, spec: SetSpec): Finding[] {
  const given = record.group?.group.functionalCode ?? '';
  if (spec.functionalCode === '' || spec.functionalCode === given) return [];
  const message = `${code} stands in a group of ${given}; expected ${spec.functionalCode}.`;
  return [places.finding('set-foreign', 0, segments[0] ?? [], message, { element: 1, value: code })];
}

function flat({ record, segments, last, plain }: BodyInput): Body['content'] {
  const { syntax } = record.state;
  const body = segments.slice(record.kind === 'TA1' ? 0 : 1, last);
  if (plain) return { segments: body.map(withoutEmpties) };
  return { segments: body.map((one) => flatSegment(one, syntax, isBinary(one[0] + syntax.element, syntax.element))) };
}

function withoutEmpties(elements: readonly string[]): FlatSegment {
  let { length } = elements;
  while (length > 1 && elements[length - 1] === '') length -= 1;
  return (length === elements.length ? elements : elements.slice(0, length)) as unknown as FlatSegment;
}
