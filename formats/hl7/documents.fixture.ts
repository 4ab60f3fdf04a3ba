// Arbitrary HL7 messages, in the one form in which they are read: what a law about reading and writing is tried on.

import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { segmentDefinition, segmentNames } from './definitions.ts';
import type { PartDefinition, TypeDefinition } from './definitions.ts';

type Segment = Record<string, unknown>;

const headers = new Set(['MSH', 'FHS', 'BHS', 'BTS', 'FTS']);

/** Texts that HL7 trips over. */
export const text: Arbitrary<string> = fc.string({
  unit: fc.constantFrom(
    ...Array.from('|^~\\&#@$*HEX0DZ9 "é😀'),
    '\r',
    '\n',
    '\u000b',
    '\u001c',
    '\u001b',
    '\ufeff',
    '.br',
    '\\H\\',
    '\\X41\\',
    '\\Cab\\',
    'MSH|',
    '""',
  ),
  minLength: 1,
  maxLength: 6,
});

const leaf = fc.oneof({ weight: 6, arbitrary: text }, { weight: 1, arbitrary: fc.constant(null) });
const number = (min: number, max: number): Arbitrary<number> => fc.integer({ min, max });

/** At least one position behind the first, so that it takes an object. */
function byPosition(letter: string, inner: Arbitrary<unknown>): Arbitrary<Segment> {
  const further = fc.dictionary(
    number(2, 6).map((position) => `${letter}${position}`),
    inner,
    { minKeys: 1, maxKeys: 3, noNullPrototype: true },
  );
  return fc
    .tuple(fc.option(text, { nil: undefined }), further)
    .map(([first, rest]) => ({ ...(first ? { [`${letter}1`]: first } : {}), ...rest }));
}

const looseComponent = fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: byPosition('s', leaf) });
const looseRepetition: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: byPosition('c', looseComponent) },
  { weight: 1, arbitrary: byPosition('s', leaf).map((value) => ({ c1: value })) },
);
const loose = fc.oneof(
  { weight: 4, arbitrary: looseRepetition },
  { weight: 1, arbitrary: fc.array(fc.oneof(looseRepetition, fc.constant('')), { minLength: 2, maxLength: 3 }) },
);

/** Some parts of a data type; a first one alone is a text, since null alone would stand for the whole. */
function composite(type: TypeDefinition): Arbitrary<Segment> {
  return fc
    .uniqueArray(number(0, type.parts.length - 1), { minLength: 1, maxLength: 3 })
    .chain((indexes) =>
      fc.tuple(
        ...indexes.map((index) => partValue(type.parts[index], index).map((value) => [type.parts[index]?.name, value] as const)),
      ),
    )
    .map((entries) => Object.fromEntries(entries.filter(([name]) => name !== undefined)) as Segment);
}

function partValue(part: PartDefinition | undefined, index: number): Arbitrary<unknown> {
  if (part?.type) return composite(part.type);
  return index === 0 ? text : leaf;
}

function field(part: PartDefinition): Arbitrary<unknown> {
  const one = part.type ? composite(part.type) : text;
  if (!part.repeats) return fc.oneof({ weight: 6, arbitrary: one }, { weight: 1, arbitrary: fc.constant(null) });
  const empty = fc.constant(part.type ? {} : '');
  return fc.oneof(
    one.map((value) => [value]),
    fc.array(fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: empty }), { minLength: 2, maxLength: 3 }),
  );
}

function knownSegment(name: string): Arbitrary<Segment> {
  const parts = (segmentDefinition(name)?.parts ?? []).slice(headers.has(name) ? 2 : 0);
  const usable = parts.filter(
    (part): part is PartDefinition => part !== undefined && !part.varies && part.name !== 'characterSet',
  );
  if (usable.length === 0) return fc.constant({ segment: name });
  const fields = fc
    .subarray(usable, { minLength: 1, maxLength: Math.min(5, usable.length) })
    .chain((chosen) => fc.tuple(...chosen.map((part) => field(part).map((value) => [part.name, value] as const))));
  const beyond = fc.option(loose, { nil: undefined, freq: 4 });
  const emptyFields = fc.option(number(1, 4), { nil: undefined, freq: 4 });
  return fc.tuple(fields, beyond, emptyFields).map(([entries, further, empty]) => ({
    segment: name,
    ...Object.fromEntries(entries),
    ...(further === undefined ? {} : { positions: { [`f${(segmentDefinition(name)?.parts.length ?? 0) + 2}`]: further } }),
    ...(empty === undefined ? {} : { emptyFields: empty }),
  }));
}

function looseSegment(name: string): Arbitrary<Segment> {
  return fc
    .dictionary(
      number(name === 'MSH' ? 3 : 1, 40).map((position) => `f${position}`),
      loose,
      { minKeys: 1, maxKeys: 5, noNullPrototype: true },
    )
    .map(({ f18: _, ...positions }) => ({ segment: name, positions: { ...positions, f7: '20261126' } }));
}

const observation: Arbitrary<Segment> = fc.constantFrom('NM', 'TX', 'CE', 'SN', 'XPN', 'ZZ').chain((valueType) => {
  const type = new Map([
    ['CE', 'identifier'],
    ['SN', 'num1'],
    ['XPN', 'givenName'],
  ]).get(valueType);
  const value = type ? text.map((one) => ({ [type]: one })) : looseRepetition;
  return fc
    .array(value, { minLength: 1, maxLength: 2 })
    .map((observationValue) => ({ segment: 'OBX', valueType, observationValue }));
});

const bodySegment = fc.oneof(
  fc.constantFrom(...segmentNames.filter((name) => !headers.has(name))).chain(knownSegment),
  fc.constantFrom('ZDS', 'Z99', 'XYZ').chain(looseSegment),
  observation,
);

const syntax = fc.record(
  { delimiters: fc.constantFrom('|^~\\&', '|^~\\&#', '#$*@!'), terminator: fc.constantFrom('cr', 'lf', 'crlf') },
  { noNullPrototype: true },
);

function messageOf(header: Arbitrary<Segment>, body: Arbitrary<Segment>): Arbitrary<Segment> {
  return fc
    .tuple(header, fc.array(body, { maxLength: 4 }), syntax)
    .map(([first, rest, written]) => ({ segments: [first, ...rest], syntax: written }));
}

/** Messages as the standard defines them. */
export const namedMessage = messageOf(knownSegment('MSH'), bodySegment);

/** Messages of which only positions are known. */
export const positionedMessage = messageOf(looseSegment('MSH'), fc.constantFrom('PID', 'OBX', 'ZDS').chain(looseSegment));

/** A file of batches, each with its header, its messages and its trailer. */
export const batchFile: Arbitrary<unknown[]> = fc
  .tuple(
    knownSegment('FHS'),
    fc.array(fc.tuple(knownSegment('BHS'), fc.array(namedMessage, { minLength: 1, maxLength: 3 })), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([fileHeader, batches]) =>
    batches.flatMap(([header, messages], batchIndex) =>
      messages.map((message, index) => {
        const isLast = index + 1 === messages.length;
        const batch = { number: batchIndex + 1, delimiters: '|^~\\&', header };
        const trailer = { trailer: { segment: 'BTS', batchMessageCount: String(messages.length) } };
        const file = { number: 1, delimiters: '|^~\\&', header: fileHeader };
        const end =
          isLast && batchIndex + 1 === batches.length
            ? { trailer: { segment: 'FTS', fileBatchCount: String(batches.length) } }
            : {};
        return { ...message, envelope: { file: { ...file, ...end }, batch: { ...batch, ...(isLast ? trailer : {}) } } };
      }),
    ),
  );
