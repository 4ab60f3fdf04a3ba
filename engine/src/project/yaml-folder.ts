// Reads the YAML files of one of the project's folders.

import type { ProjectFolder } from './folder.ts';
import { nameOfFile } from './names.ts';
import type { ProblemList, WrittenFile } from './problems.ts';
import { readYaml } from './yaml/read.ts';
import type { YamlFile } from './yaml/yaml-file.ts';

/** One file of a folder, which defines what has its name. */
export interface NamedFile<File extends WrittenFile = WrittenFile> {
  readonly name: string;
  readonly path: string;
  /** Undefined where the file is not valid; that was told. */
  readonly file: File | undefined;
}

export function readYamlFolder(folder: ProjectFolder, name: string, problems: ProblemList): readonly NamedFile<YamlFile>[] {
  const paths = folder.filesIn(name, /^[^/]+\.yaml$/);
  return paths.map((path) => ({ name: nameOfFile(path, problems), path, file: readYamlFile(folder, path, problems) }));
}

export function readYamlFile(folder: ProjectFolder, path: string, problems: ProblemList): YamlFile | undefined {
  const text = folder.readText(path);
  return text === undefined ? undefined : readYaml(path, text, problems);
}
