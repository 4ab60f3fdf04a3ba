// The body of a transaction set as the elements of its segments: out of a document, or of segments as they stand.

import type { CompleteValue, FunctionalCodeOf } from './complete-value.ts';
import { definitionsOf, shippedVersions } from './definitions.ts';
import type { FindingFacts } from './set-places.ts';
import type { FindingName } from './findings.ts';
import { flatElements, unwritable } from './flat-segments.ts';
import type { WrittenSegment } from './flat-segments.ts';
import type { X12Options } from './options.ts';
import type { SetSpec } from './specification.ts';
import { StructureReader } from './structure.ts';
import { DocumentWriter } from './write-document.ts';

export function functionalCodeOf(options: X12Options): FunctionalCodeOf {
  const definitions = definitionsOf(options);
  return (set, version) =>
    [version, ...shippedVersions].map((one) => definitions.set(one, set)?.functionalCode).find((code) => code !== undefined);
}

/** `strict` is false where the segments are only compared with what once stood there. */
export function writeBody(value: CompleteValue, options: X12Options, strict = true): readonly WrittenSegment[] {
  const { segments, document, set } = value;
  if (set === 'ISA' || set === 'GS') return [];
  if (document !== undefined && document !== null) return writeDocument(value, options, strict);
  if (!Array.isArray(segments)) throw unwritable('There is neither "document" nor "segments"; expected one of them.');
  return segments.map((segment: unknown, index) => flatSegment(segment, value, index, strict));
}

function flatSegment(segment: unknown, { syntax }: CompleteValue, index: number, strict: boolean): WrittenSegment {
  const name = Array.isArray(segment) ? (segment[0] as unknown) : undefined;
  if (Array.isArray(segment) && (name === 'BIN' || name === 'BDS')) return binaryElements(segment, index);
  const elements = flatElements(segment, syntax, `segments/${index}`, strict);
  while (elements.length > 1 && elements.at(-1) === '') elements.pop();
  if (strict && /^(ISA|GS|ST|SE|GE|IEA)$/.test(elements[0] ?? ''))
    throw unwritable(`segments/${index} is ${elements[0]}, which the envelope brings; expected the segments between ST and SE.`);
  return elements;
}

function writeDocument(value: CompleteValue, options: X12Options, strict: boolean): readonly WrittenSegment[] {
  const spec = specOf(value, options);
  const written = new DocumentWriter(value.syntax, strict).write(spec.root, value.document);
  if (strict && options.faults !== 'value') refuseFaults(spec, written, value, options);
  return written;
}

function specOf({ set, group }: CompleteValue, options: X12Options): SetSpec {
  const version = set === 'TA1' ? '004010' : (options.version ?? group?.version.slice(0, 6) ?? '');
  const spec = definitionsOf(options).set(version, set);
  if (!spec)
    throw unwritable(
      `"document" is of ${set} in ${version}, of which there is no definition; expected "segments", or another version.`,
    );
  return spec;
}

/** What a reader with the same definition would not take is not written. */
function refuseFaults(spec: SetSpec, written: readonly WrittenSegment[], { syntax }: CompleteValue, options: X12Options): void {
  const texts = written.map((elements) => elements.map((one) => (typeof one === 'string' ? one : 'AA==')));
  const report = (name: FindingName, index: number, message: string, _facts: FindingFacts): void => {
    if (options.noted.includes(name)) return;
    throw unwritable(`Segment ${index + 2} of ${spec.id}: ${message}`);
  };
  new StructureReader(spec, texts, syntax, false, report).read(0, texts.length);
}

/** The length is counted, whatever the value says. */
function binaryElements(segment: readonly unknown[], index: number): WrittenSegment {
  const data = segment.at(-1);
  const isBds = segment[0] === 'BDS';
  if (typeof data !== 'string' || segment.length !== (isBds ? 4 : 3) || !/^[A-Za-z0-9+/]*={0,2}$/.test(data))
    throw unwritable(`segments/${index} is no binary segment; expected its data as base64 behind the length.`);
  const bytes = Buffer.from(data, 'base64');
  return isBds ? ['BDS', String(segment[1]), String(bytes.length), bytes] : ['BIN', String(bytes.length), bytes];
}
