// What the options of a format under test may name: formats, and files that are held in memory.

import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFields } from '../field-read.ts';
import { bindFormat, bindOptions } from '../format-options.ts';
import type { FormatImplementation, OptionSupply, ProjectFile } from '../format-options.ts';

/** The format in a folder, loaded as the catalog does: how a format's test gets others to put inside. */
export async function loadFormat(folder: string): Promise<FormatImplementation> {
  const load = async (file: string): Promise<Readonly<Record<string, unknown>>> => import(pathToFileURL(join(folder, file)).href);
  const [declared, decoding, encoding] = await Promise.all(['format.ts', 'decode.ts', 'encode.ts'].map(load));
  return {
    declaration: declared?.['default'],
    decoder: decoding?.['decoder'],
    encoder: encoding?.['encoder'],
  } as FormatImplementation;
}

/** The supply of these formats and of the files at these paths. */
export function optionSupply(
  formats: readonly FormatImplementation[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): OptionSupply {
  const supply: OptionSupply = {
    format(written) {
      const [name, options] = typeof written === 'string' ? [written, {}] : (Object.entries(Object(written))[0] ?? []);
      const found = formats.find(({ declaration }) => declaration.name === name);
      if (!found) return { problem: `There is no format "${String(name)}".`, remedy: 'Give it to the kit.' };
      const { values, problems } = readFields(found.declaration.options, options);
      const bound = bindOptions(found.declaration.options, values, supply);
      const wrong = problems[0]?.expected ?? bound.problems[0]?.problem;
      if (wrong !== undefined) return { problem: wrong, remedy: 'Mend the options.' };
      return { format: bindFormat(found.declaration.name, found, bound.values) };
    },
    file: (path) => fileIn(files, path),
  };
  return supply;
}

function fileIn(files: Readonly<Record<string, string | Uint8Array>>, path: string): ProjectFile | undefined {
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content === undefined) return undefined;
  return { path, bytes: Buffer.from(content), beside: (reference) => fileIn(files, posix.join(posix.dirname(path), reference)) };
}
