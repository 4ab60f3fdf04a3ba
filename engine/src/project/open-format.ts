// One format with its options, as a project would name it, for who has no project: files that options name are read from a folder.

import type { BoundFormat } from '@mortise/sdk';
import type { Catalog } from '../catalog/catalog.ts';
import { ProjectFolder } from './folder.ts';
import { FormatShelf, loadFormats } from './formats.ts';
import { ProblemList } from './problems.ts';

/** `csv`, or `{ csv: { delimiter: ";" } }`, and with it whatever formats its options name; or why it is none. */
export async function openFormat(
  catalog: Catalog,
  written: unknown,
  folder: string,
): Promise<{ readonly format: BoundFormat } | { readonly problem: string; readonly remedy: string }> {
  const mentioned = JSON.stringify(written);
  const loaded = await loadFormats(
    catalog,
    catalog.formats.filter((name) => mentioned.includes(JSON.stringify(name))),
  );
  const problems = new ProblemList();
  return new FormatShelf(loaded, catalog.formats, [], new ProjectFolder(folder, problems), problems).find(written);
}
