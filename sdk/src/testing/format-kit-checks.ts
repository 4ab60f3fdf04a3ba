// The checks of the format kit: each gives its test cases by title, for one format.

import fc from 'fast-check';
import { expect } from 'vitest';
import { readFields } from '../field-read.ts';
import type { Fields } from '../field.ts';
import { bindOptions } from '../format-options.ts';
import { formatError } from '../format.ts';
import type { Position } from '../format.ts';
import { hostileBytes, hostileValues } from './format-hostile.ts';
import type {
  FormatCheck,
  FormatKit,
  FormatSample,
  InvalidSample,
  ReadKit,
  UnwritableSample,
  WrittenOptions,
} from './format-kit-input.ts';
import { cutsOf, holdsFor } from './format-kit-laws.ts';
import { measureStreaming } from './format-memory.ts';
import { decodedInChunks, decodedWhole, encodedInStream, encodedWhole, everyByte } from './format-outcome.ts';
import type { Fault, Outcome } from './format-outcome.ts';
import { schemaProblems } from './format-schema.ts';
import { optionSupply } from './format-supply.ts';

type Cases = Record<string, () => void | Promise<void>>;

interface Check {
  readonly title: string;
  /** Why there is nothing to check for such a format at all. */
  readonly idle?: (kit: ReadKit) => string | undefined;
  readonly cases: (kit: ReadKit) => Cases;
}

const mebibyte = 1024 ** 2;

export const formatChecks: Readonly<Record<FormatCheck, Check>> = {
  values: { title: 'decodes its samples to their values', cases: (kit) => eachSample(kit, expectValues) },
  chunks: {
    title: 'gives the same however the bytes are cut, whole or streaming',
    cases: (kit) => eachSample(kit, expectSameInChunks),
  },
  regular: {
    title: 'encodes what it decoded to the same bytes',
    cases: (kit) => eachSample({ ...kit, samples: kit.samples.filter((sample) => sample.regular) }, expectSameBytes),
  },
  roundTrips: { title: 'decodes what it encoded to the same values', cases: roundTripCases },
  invalid: {
    title: 'says what is wrong, and where',
    cases: (kit) => Object.fromEntries((kit.invalid ?? []).map((sample) => [sample.name, () => expectInvalid(kit, sample)])),
  },
  unwritable: {
    title: 'refuses what it cannot write',
    cases: (kit) =>
      Object.fromEntries((kit.unwritable ?? []).map((sample) => [sample.name, () => expectUnwritable(kit, sample)])),
  },
  schema: {
    title: 'gives a schema that its values fit',
    idle: ({ format }) => (format.schema ? undefined : 'it gives no schema'),
    cases: (kit) => eachSample(kit, expectSchema),
  },
  hostile: { title: 'survives hostile input', cases: hostileCases },
  memory: {
    title: 'streams in constant memory',
    idle: ({ format }) => (format.records === 'one' ? 'a body is one value, which is held in memory' : undefined),
    cases: memoryCases,
  },
};

/** Options are only ever what the declaration's own fields read, so their type need not be known from here on. */
export function withReader<Options extends Fields>(kit: FormatKit<Options>): ReadKit {
  const supply = optionSupply(kit.inner ?? [], kit.files ?? {});
  const read = (options: WrittenOptions | undefined): unknown => {
    const { values, problems } = readFields(kit.format.options, options ?? {});
    expect(problems, `the options ${JSON.stringify(options)}`).toEqual([]);
    const bound = bindOptions(kit.format.options, values, supply);
    expect(bound.problems, `what the options ${JSON.stringify(options)} name`).toEqual([]);
    return bound.values;
  };
  return { ...kit, read } as unknown as ReadKit;
}

function eachSample(kit: ReadKit, check: (kit: ReadKit, sample: FormatSample) => void | Promise<void>): Cases {
  return Object.fromEntries(kit.samples.map((sample) => [sample.name, () => check(kit, sample)]));
}

function expectValues(kit: ReadKit, sample: FormatSample): void {
  const outcome = decodedWhole(kit.decoder, bytesOf(kit, sample), kit.read(sample.options));
  expect(outcome.fault).toBeUndefined();
  expect(outcome.entries.filter((entry) => 'problem' in entry)).toEqual([]);
  if (sample.values) expect(valuesIn(outcome)).toStrictEqual(sample.values);
  if (sample.positions) expect(outcome.entries.map((entry) => entry.position)).toEqual(sample.positions);
}

async function expectSameInChunks(kit: ReadKit, sample: FormatSample): Promise<void> {
  const bytes = bytesOf(kit, sample);
  await expectAgreement(kit, bytes, everyByte(bytes), sample.options);
  await holdsFor(cutsOf(bytes), (cuts) => expectAgreement(kit, bytes, cuts, sample.options), 30);
}

/** Both ways of decoding agree. Values before a fault are seen in the stream only, and are the same however it is cut. */
async function expectAgreement(
  kit: ReadKit,
  bytes: Uint8Array,
  cuts: readonly number[],
  written?: WrittenOptions,
): Promise<void> {
  const options = kit.read(written);
  const whole = decodedWhole(kit.decoder, bytes, options);
  const uncut = await decodedInChunks(kit.decoder, bytes, [], options);
  const cut = await decodedInChunks(kit.decoder, bytes, cuts, options);
  expect(cut).toStrictEqual(uncut);
  expect(whole).toStrictEqual(whole.fault ? { entries: [], fault: uncut.fault } : uncut);
}

async function expectSameBytes(kit: ReadKit, sample: FormatSample): Promise<void> {
  const bytes = bytesOf(kit, sample);
  const options = kit.read(sample.options);
  const values = valuesIn(decodedWhole(kit.decoder, bytes, options));
  const written = encodedWhole(kit.encoder, values, options);
  expect(written).toEqual({ bytes: Buffer.from(bytes).toString('base64') });
  expect(await encodedInStream(kit.encoder, values, options)).toEqual(written);
}

function roundTripCases(kit: ReadKit): Cases {
  const law = async (written: WrittenOptions | undefined, values: readonly unknown[]): Promise<void> => {
    const options = kit.read(written);
    const bytes = kit.encoder.encodeWhole(values, options);
    expect(await encodedInStream(kit.encoder, values, options)).toEqual({ bytes: Buffer.from(bytes).toString('base64') });
    const outcome = decodedWhole(kit.decoder, bytes, options);
    expect(outcome.fault).toBeUndefined();
    expect(valuesIn(outcome)).toStrictEqual(values);
  };
  const trips = kit.roundTrips ?? [];
  return Object.fromEntries(
    trips.map(({ name, options, values }) => [name, () => holdsFor(values, (list) => law(options, list), 200)]),
  );
}

async function expectInvalid(kit: ReadKit, sample: InvalidSample): Promise<void> {
  const bytes = toBytes(sample.bytes);
  const outcome = decodedWhole(kit.decoder, bytes, kit.read(sample.options));
  const problems = outcome.entries.filter((entry) => 'problem' in entry);
  const fault = outcome.fault ?? problems[0]?.problem;
  expect({ code: fault?.code, position: positionIn(fault) }).toEqual({ code: sample.code, position: sample.position });
  expect(knownCodes(kit)).toContain(fault?.code);
  if (sample.values) {
    expect(problems).toHaveLength(1);
    expect(valuesIn(outcome)).toStrictEqual(sample.values);
  } else {
    expect(outcome.fault, 'a fault that is thrown; give "values" where it is one record\'s problem').toBeDefined();
  }
  if (sample.raw !== undefined) expect(problems[0]?.raw).toBe(Buffer.from(toBytes(sample.raw)).toString('base64'));
  await holdsFor(cutsOf(bytes), (cuts) => expectAgreement(kit, bytes, cuts, sample.options), 30);
}

async function expectUnwritable(kit: ReadKit, sample: UnwritableSample): Promise<void> {
  const options = kit.read(sample.options);
  const written = encodedWhole(kit.encoder, sample.values, options);
  expect(written.fault?.code).toBe(sample.code ?? 'MORTISE_FORMAT_UNWRITABLE');
  expect(written.fault?.message).toMatch(sample.says);
  expect((await encodedInStream(kit.encoder, sample.values, options)).fault).toEqual(written.fault);
}

function expectSchema(kit: ReadKit, sample: FormatSample): void {
  const options = kit.read(sample.options);
  const schema = kit.format.schema?.(options as never);
  expect(schema).toBeDefined();
  if (!schema) return;
  expect(JSON.parse(JSON.stringify(schema)), 'the schema is plain JSON').toEqual(schema);
  const check = kit.checkSchema ?? schemaProblems;
  for (const value of valuesIn(decodedWhole(kit.decoder, bytesOf(kit, sample), options)))
    expect(check(schema, value)).toEqual([]);
}

function hostileCases(kit: ReadKit): Cases {
  const invalid = kit.invalid ?? [];
  const written = [...new Set([...kit.samples, ...invalid].map(({ options }) => JSON.stringify(options ?? {})))];
  const bytes = hostileBytes([
    ...kit.samples.map((sample) => bytesOf(kit, sample)),
    ...invalid.map((sample) => toBytes(sample.bytes)),
  ]);
  const options = fc.constantFrom(...written).map((text): WrittenOptions => JSON.parse(text));
  const decoding = fc
    .tuple(options, bytes)
    .chain(([chosen, input]) => fc.tuple(fc.constant(chosen), fc.constant(input), cutsOf(input)));
  return {
    'in bytes': () =>
      untouched(() => holdsFor(decoding, ([chosen, input, cuts]) => expectHarmlessDecoding(kit, input, cuts, chosen), 400)),
    'in values': () =>
      untouched(() =>
        holdsFor(fc.tuple(options, hostileValues()), ([chosen, values]) => expectHarmlessEncoding(kit, values, chosen), 300),
      ),
  };
}

async function expectHarmlessDecoding(
  kit: ReadKit,
  bytes: Uint8Array,
  cuts: readonly number[],
  written: WrittenOptions,
): Promise<void> {
  await expectAgreement(kit, bytes, cuts, written);
  const { entries, fault } = decodedWhole(kit.decoder, bytes, kit.read(written));
  const faults = [...entries.flatMap((entry) => ('problem' in entry ? [entry.problem] : [])), ...(fault ? [fault] : [])];
  for (const { code } of faults) expect(knownCodes(kit)).toContain(code);
}

async function expectHarmlessEncoding(kit: ReadKit, values: readonly unknown[], written: WrittenOptions): Promise<void> {
  const options = kit.read(written);
  const whole = encodedWhole(kit.encoder, values, options);
  expect(await encodedInStream(kit.encoder, values, options)).toEqual(whole);
  if (whole.fault) expect(knownCodes(kit)).toContain(whole.fault.code);
}

/** Nothing that passes through a format leaves a trace on what all objects share. */
async function untouched(run: () => Promise<void>): Promise<void> {
  const shared = [Object.prototype, Array.prototype, Uint8Array.prototype];
  const before = shared.map((prototype) => Reflect.ownKeys(prototype));
  await run();
  expect(shared.map((prototype) => Reflect.ownKeys(prototype))).toEqual(before);
}

function memoryCases(kit: ReadKit): Cases {
  const { decoder, encoder, load } = kit;
  if (!load) return {};
  return {
    '64 MiB of records': async () => {
      const options = kit.read(load.options);
      const measure = await measureStreaming({ decoder, encoder, options, bytesMin: 64 * mebibyte, value: load.value });
      expect(measure.bytes).toBeGreaterThanOrEqual(64 * mebibyte);
      expect(measure.read).toBe(measure.written);
      expect(measure.liveGrowthBytes, 'what lives in heap and buffers').toBeLessThan(16 * mebibyte);
      expect(measure.residentGrowthBytes, 'what the process takes').toBeLessThan(256 * mebibyte);
    },
  };
}

function bytesOf(kit: ReadKit, sample: FormatSample): Uint8Array {
  if (sample.bytes !== undefined) return toBytes(sample.bytes);
  return kit.encoder.encodeWhole(sample.values ?? [], kit.read(sample.options));
}

function toBytes(bytes: Uint8Array | string): Uint8Array {
  return typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
}

function valuesIn(outcome: Outcome): unknown[] {
  return outcome.entries.flatMap((entry) => ('problem' in entry ? [] : [entry.value]));
}

/** The position that an error's details carry, without the other facts. */
function positionIn(fault: Fault | undefined): Position {
  const names = ['offsetBytes', 'line', 'column', 'record', 'segment', 'field'];
  return Object.fromEntries(Object.entries(fault?.details ?? {}).filter(([name]) => names.includes(name)));
}

function knownCodes(kit: ReadKit): string[] {
  return [...Object.keys(formatError.table), ...Object.keys(kit.errors?.table ?? {})];
}
