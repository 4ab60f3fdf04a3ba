// The formats that a project names: those of the catalog with options, and its own in formats/*.yaml.

import { field, readFields } from '@mortise/sdk';
import type { Decoder, Encoder, FormatDeclaration } from '@mortise/sdk';
import type { Catalog } from '../catalog/catalog.ts';
import type { Definitions, ResolvedFormat } from '../flow/definitions.ts';
import { factOf } from '../flow/problems.ts';
import { didYouMean, unknownName } from './names.ts';
import { isMapping } from './planned.ts';
import type { ProblemList, WrittenFile } from './problems.ts';
import { lookForTraps } from './value-traps.ts';

export interface LoadedFormat {
  readonly declaration: FormatDeclaration;
  readonly decoder: Decoder<unknown>;
  readonly encoder: Encoder<unknown>;
}

/** What was loaded of a format, or why it cannot be. */
export type FormatLoading = LoadedFormat | { readonly failure: string };

/** Loads the formats of these names: only what a project mentions is loaded. */
export async function loadFormats(catalog: Catalog, names: Iterable<string>): Promise<ReadonlyMap<string, FormatLoading>> {
  return new Map(await Promise.all([...names].map(async (name) => [name, await loadFormat(catalog, name)] as const)));
}

async function loadFormat(catalog: Catalog, name: string): Promise<FormatLoading> {
  try {
    const [declaration, decoder, encoder] = await Promise.all([
      catalog.format(name),
      catalog.decoder(name),
      catalog.encoder(name),
    ]);
    return { declaration, decoder, encoder };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

export class FormatShelf {
  private readonly loaded: ReadonlyMap<string, FormatLoading>;
  private readonly named = new Map<string, ResolvedFormat>();
  /** Named formats whose files have problems: what names them is not to blame. */
  private readonly broken = new Set<string>();
  private readonly known: readonly string[];

  constructor(loaded: ReadonlyMap<string, FormatLoading>, known: readonly string[]) {
    this.loaded = loaded;
    this.known = known;
  }

  /** Reads `formats/<name>.yaml`: `format: csv`, and that format's options beside it. */
  define(name: string, file: WrittenFile | undefined, problems: ProblemList): void {
    if (this.known.includes(name)) {
      const message = `"${name}" is a format of Mortise or of this project's own code.`;
      if (file) problems.error('MORTISE_PROJECT_NAME_TAKEN', file.place([]), message);
      return;
    }
    const format = file && this.readNamed(name, file, problems);
    if (format) this.named.set(name, format);
    else this.broken.add(name);
  }

  /** `csv`, `{ csv: { delimiter: ";" } }`, or one that the project names. */
  readonly find: Definitions['format'] = (written) => {
    const [name, options] = partsOf(written);
    if (name === undefined)
      return { problem: `Found ${JSON.stringify(written)}; expected a format.`, remedy: 'Write its name, or { name: options }.' };
    const named = this.named.get(name);
    if (named && options === undefined) return { format: named };
    if (named) return { problem: `"${name}" has its options in formats/${name}.yaml.`, remedy: `Write only its name: ${name}.` };
    const found = this.loaded.get(name);
    if (!found) return { problem: `There is no format "${name}".`, remedy: didYouMean(name, this.names()) };
    if ('failure' in found) return { problem: found.failure, remedy: 'Mend the code of the format.' };
    return resolve(name, found, options ?? {});
  };

  isBroken(written: unknown): boolean {
    return this.broken.has(partsOf(written)[0] ?? '');
  }

  names(): readonly string[] {
    return [...this.known, ...this.named.keys()];
  }

  private readNamed(name: string, file: WrittenFile, problems: ProblemList): ResolvedFormat | undefined {
    const { format: based, ...options } = isMapping(file.value) ? file.value : {};
    const { problems: absent } = readFields({ format: formatField }, { format: based });
    problems.fields(file, absent);
    if (typeof based !== 'string') return undefined;
    const found = this.loaded.get(based);
    if (!found) problems.faults(file, [unknownName('format', based, this.known, ['format'])]);
    else if ('failure' in found) problems.error('MORTISE_PROJECT_CODE', file.place(['format']), found.failure);
    else {
      const read = readFields(found.declaration.options, options);
      problems.fields(file, read.problems);
      lookForTraps(file, found.declaration.options, options, [], problems);
      if (read.problems.length === 0) return resolved(name, found, read.values);
    }
    return undefined;
  }
}

const formatField = field.text({ doc: 'The format that it is, with the options beside it.', example: 'csv' });

function partsOf(written: unknown): [name: string | undefined, options?: Readonly<Record<string, unknown>>] {
  if (typeof written === 'string') return [written];
  const [entry, ...more] = isMapping(written) ? Object.entries(written) : [];
  if (!entry || more.length > 0 || !(isMapping(entry[1]) || entry[1] === null)) return [undefined];
  return [entry[0], entry[1] ?? {}];
}

function resolve(
  name: string,
  loaded: LoadedFormat,
  options: Readonly<Record<string, unknown>>,
): ReturnType<Definitions['format']> {
  const { values, problems } = readFields(loaded.declaration.options, options);
  const [first] = problems;
  if (!first) return { format: resolved(name, loaded, values) };
  return {
    problem: `In the options of the format ${name}${first.fact === 'wrong' ? `, at ${first.path.join('.')}` : ''}: ${factOf(first)}`,
    remedy: first.remedy,
  };
}

function resolved(name: string, { declaration, decoder, encoder }: LoadedFormat, options: unknown): ResolvedFormat {
  return {
    name,
    declaration,
    decodeWhole: (bytes) => decoder.decodeWhole(bytes, options),
    decode: (chunks) => decoder.decode(chunks, options),
    encodeWhole: (values) => encoder.encodeWhole(values, options),
    encode: (values) => encoder.encode(values, options),
  };
}
