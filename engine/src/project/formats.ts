// The formats that a project names: those of the catalog with options, and its own in formats/*.yaml.

import { posix } from 'node:path';
import { bindFormat, bindOptions, field, readFields } from '@mortise/sdk';
import type { BoundFormat, FormatImplementation, OptionSupply, ProjectFile } from '@mortise/sdk';
import type { Catalog } from '../catalog/catalog.ts';
import type { Definitions } from '../flow/definitions.ts';
import { factOf } from '../flow/problems.ts';
import type { ProjectFolder } from './folder.ts';
import { didYouMean, unknownName } from './names.ts';
import { isMapping } from './planned.ts';
import { fault } from './problems.ts';
import type { ProblemList, WrittenFile } from './problems.ts';
import type { lookForTraps } from './value-traps.ts';
import type { NamedFile } from './yaml-folder.ts';

/** What was loaded of a format, or why it cannot be. */
export type FormatLoading = FormatImplementation | { readonly failure: string };

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
  private readonly named = new Map<string, BoundFormat>();
  /** Named formats whose files have problems: what names them is not to blame. */
  private readonly broken = new Set<string>();
  /** Named formats that were not read yet: one may be wrapped around another, whatever their order. */
  private readonly unread: Map<string, NamedFile>;
  private readonly reading = new Set<string>();
  private readonly known: readonly string[];
  private readonly supply: OptionSupply;
  private readonly problems: ProblemList;
  /** Looks at what the files say; handed in, since it knows all of what a flow may say, which who has no files need not load. */
  private readonly look: typeof lookForTraps;

  /** Reads every `formats/<name>.yaml`: `format: csv`, and that format's options beside it. */
  constructor(
    loaded: ReadonlyMap<string, FormatLoading>,
    known: readonly string[],
    files: readonly NamedFile[],
    folder: ProjectFolder,
    problems: ProblemList,
    look: typeof lookForTraps = () => undefined,
  ) {
    this.look = look;
    this.loaded = loaded;
    this.known = known;
    this.problems = problems;
    this.supply = { format: (written) => this.find(written), file: (path) => fileOf(folder, path) };
    this.unread = new Map(files.map((one) => [one.name, one]));
    for (const { name } of files) this.define(name);
  }

  private define(name: string): void {
    const unread = this.unread.get(name);
    if (!unread) return;
    this.unread.delete(name);
    const { file } = unread;
    if (this.known.includes(name)) {
      const message = `"${name}" is a format of Mortise or of this project's own code.`;
      if (file) this.problems.error('MORTISE_PROJECT_NAME_TAKEN', file.place([]), message);
      return;
    }
    this.reading.add(name);
    const format = file && this.readNamed(name, file);
    this.reading.delete(name);
    if (format) this.named.set(name, format);
    else this.broken.add(name);
  }

  /** `csv`, `{ csv: { delimiter: ";" } }`, or one that the project names. */
  readonly find: Definitions['format'] = (written) => {
    const [name, options] = partsOf(written);
    if (name === undefined)
      return { problem: `Found ${JSON.stringify(written)}; expected a format.`, remedy: 'Write its name, or { name: options }.' };
    if (this.reading.has(name)) return { problem: `"${name}" is wrapped around itself.`, remedy: 'Name another format.' };
    this.define(name);
    if (this.broken.has(name)) return { problem: `formats/${name}.yaml has problems of its own.`, remedy: 'Mend that file.' };
    const named = this.named.get(name);
    if (named && options === undefined) return { format: named };
    if (named) return { problem: `"${name}" has its options in formats/${name}.yaml.`, remedy: `Write only its name: ${name}.` };
    const found = this.loaded.get(name);
    if (!found) return { problem: `There is no format "${name}".`, remedy: didYouMean(name, this.names()) };
    if ('failure' in found) return { problem: found.failure, remedy: 'Mend the code of the format.' };
    return this.resolve(name, found, options ?? {});
  };

  isBroken(written: unknown): boolean {
    return this.broken.has(partsOf(written)[0] ?? '');
  }

  names(): readonly string[] {
    return [...this.known, ...this.named.keys()];
  }

  private readNamed(name: string, file: WrittenFile): BoundFormat | undefined {
    const { problems } = this;
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
      this.look(file, found.declaration.options, options, [], problems);
      if (read.problems.length === 0) return this.bindNamed(name, found, read.values, file);
    }
    return undefined;
  }

  private bindNamed(
    name: string,
    found: FormatImplementation,
    read: Readonly<Record<string, unknown>>,
    file: WrittenFile,
  ): BoundFormat | undefined {
    const { values, problems } = bindOptions(found.declaration.options, read, this.supply);
    const faults = problems.map(({ path, problem, remedy }) => fault('MORTISE_PROJECT_UNKNOWN_NAME', path, problem, remedy));
    this.problems.faults(file, faults);
    return problems.length === 0 ? bindFormat(name, found, values) : undefined;
  }

  private resolve(
    name: string,
    found: FormatImplementation,
    options: Readonly<Record<string, unknown>>,
  ): ReturnType<Definitions['format']> {
    const read = readFields(found.declaration.options, options);
    const [first] = read.problems;
    if (first) {
      const at = first.fact === 'wrong' ? `, at ${first.path.join('.')}` : '';
      return { problem: `In the options of the format ${name}${at}: ${factOf(first)}`, remedy: first.remedy };
    }
    const { values, problems } = bindOptions(found.declaration.options, read.values, this.supply);
    const [unbound] = problems;
    if (!unbound) return { format: bindFormat(name, found, values) };
    const problem = `In the options of the format ${name}, at ${unbound.path.join('.')}: ${unbound.problem}`;
    return { problem, remedy: unbound.remedy };
  }
}

const formatField = field.text({ doc: 'The format that it is, with the options beside it.', example: 'csv' });

function partsOf(written: unknown): [name: string | undefined, options?: Readonly<Record<string, unknown>>] {
  if (typeof written === 'string') return [written];
  const [entry, ...more] = isMapping(written) ? Object.entries(written) : [];
  if (!entry || more.length > 0 || !(isMapping(entry[1]) || entry[1] === null)) return [undefined];
  return [entry[0], entry[1] ?? {}];
}

/** A file of the project, and what it refers to: never outside the folder, by its text or by a link. */
function fileOf(folder: ProjectFolder, path: string): ProjectFile | undefined {
  const bytes = folder.bytes(path);
  if (!bytes) return undefined;
  return { path, bytes, beside: (reference) => fileOf(folder, posix.join(posix.dirname(path), reference)) };
}
