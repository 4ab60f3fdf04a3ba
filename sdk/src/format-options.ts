// Options of a format that name something of the project: another format, which it is wrapped around, or a file.

import type { Decoded, Decoder, Encoder, FormatDeclaration } from './format.ts';
import type { Path } from './field-read.ts';
import type { JsonSchema } from './field-schema.ts';
import { field } from './field.ts';
import type { Field, Fields } from './field.ts';

/** A format with its options, both ways, in memory and streaming. */
export interface BoundFormat {
  /** As it was named: `csv`, or the name that the project gave it. */
  readonly name: string;
  readonly declaration: FormatDeclaration;
  /** What the declaration says of these options. */
  readonly records: 'one' | 'many';
  readonly contentType: string;
  /** What decoding gives, as JSON Schema, where the format tells. Throws a MortiseError where the options do not fit together. */
  schema(): JsonSchema | undefined;
  decodeWhole(bytes: Uint8Array): readonly Decoded[];
  decode(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Decoded>;
  encodeWhole(values: readonly unknown[]): Uint8Array;
  encode(values: AsyncIterable<unknown>): AsyncIterable<Uint8Array>;
}

/** A file of the project's folder. There is no way from it to a file outside, or to the network. */
export interface ProjectFile {
  /** From the project's folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The file that a reference in this one means, relative to it; undefined where there is none inside the project. */
  beside(reference: string): ProjectFile | undefined;
}

/** What `format.ts`, `decode.ts` and `encode.ts` of one format export. */
export interface FormatImplementation {
  readonly declaration: FormatDeclaration;
  readonly decoder: Decoder<unknown>;
  readonly encoder: Encoder<unknown>;
}

/** Where the things come from that options name. */
export interface OptionSupply {
  format(written: unknown): { readonly format: BoundFormat } | { readonly problem: string; readonly remedy: string };
  file(path: string): ProjectFile | undefined;
}

/** One option that names something that is not there. */
export interface OptionProblem {
  readonly path: Path;
  readonly problem: string;
  readonly remedy: string;
}

type Described = Parameters<typeof field.format>[0];
type Presence<Options> = Options extends { readonly optional: true } ? 'optional' : 'given';

/** An option of a format that is another format: written as everywhere, `csv` or `{ csv: … }`; the implementation gets it bound. */
export function innerFormat<const Options extends Described>(options: Options): Field<BoundFormat, Presence<Options>> {
  return field.format(options) as unknown as Field<BoundFormat, Presence<Options>>;
}

/** An option of a format that is a file of the project, written by its path from the project's folder. */
export function projectFile<const Options extends Described>(options: Options): Field<ProjectFile, Presence<Options>> {
  return field.path(options) as unknown as Field<ProjectFile, Presence<Options>>;
}

/** The values, as they were read by the fields, with what they name in its place: at any depth of groups, lists and records. */
export function bindOptions(
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
  supply: OptionSupply,
): { readonly values: Readonly<Record<string, unknown>>; readonly problems: readonly OptionProblem[] } {
  const problems: OptionProblem[] = [];
  return { values: bindGroup(fields, values, { supply, problems }, []), problems };
}

/** The format with its options, which were read and bound. */
export function bindFormat(name: string, { declaration, decoder, encoder }: FormatImplementation, options: unknown): BoundFormat {
  return {
    name,
    declaration,
    records: recordsOf(declaration, options),
    contentType: declaration.contentTypeOf?.(options as never) ?? declaration.contentType,
    schema: () => declaration.schema?.(options as never),
    decodeWhole: (bytes) => decoder.decodeWhole(bytes, options),
    decode: (chunks) => decoder.decode(chunks, options),
    encodeWhole: (values) => encoder.encodeWhole(values, options),
    encode: (values) => encoder.encode(values, options),
  };
}

function recordsOf(declaration: FormatDeclaration, options: unknown): 'one' | 'many' {
  const { records } = declaration;
  if (records !== 'either') return records;
  return declaration.recordsOf?.(options as never) ?? 'many';
}

interface Binding {
  readonly supply: OptionSupply;
  readonly problems: OptionProblem[];
}

type Values = Readonly<Record<string, unknown>>;

function bindGroup(fields: Fields, values: Values, binding: Binding, path: Path): Values {
  const entries = Object.entries(values).map(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, spec ? bindValue(spec, value, binding, [...path, name]) : value] as const;
  });
  return Object.fromEntries(entries);
}

function bindValue(spec: Field, value: unknown, binding: Binding, path: Path): unknown {
  if (spec.kind === 'format') return bindInner(value, binding, path);
  if (spec.kind === 'path') return bindFile(value, binding, path);
  if (spec.kind === 'group') return bindGroup(spec.fields ?? {}, value as Values, binding, path);
  const { of } = spec;
  if (!of) return value;
  if (Array.isArray(value)) return value.map((one: unknown, index) => bindValue(of, one, binding, [...path, index]));
  return bindGroup(Object.fromEntries(Object.keys(value as Values).map((name) => [name, of])), value as Values, binding, path);
}

function bindInner(written: unknown, { supply, problems }: Binding, path: Path): BoundFormat | undefined {
  const found = supply.format(written);
  if ('format' in found) return found.format;
  problems.push({ path, ...found });
  return undefined;
}

function bindFile(written: unknown, { supply, problems }: Binding, path: Path): ProjectFile | undefined {
  const found = supply.file(String(written));
  if (!found)
    problems.push({
      path,
      problem: `There is no file "${String(written)}" in the project.`,
      remedy: "Write its path from the project's folder; files outside are never read.",
    });
  return found;
}
