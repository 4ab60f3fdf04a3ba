// Reads flows/*.yaml and flows/*.ts as they were written; compiling them is the business of `flow`.

import type { FlowSource, SourceFile } from '../flow/definitions.ts';
import { importCode } from './code.ts';
import type { ProjectFolder } from './folder.ts';
import { nameOfFile } from './names.ts';
import { isMapping } from './planned.ts';
import { startOf } from './problems.ts';
import type { ProblemList } from './problems.ts';
import { readYaml } from './yaml/read.ts';
import type { YamlFile } from './yaml/yaml-file.ts';

export interface ReadFlows {
  readonly flows: readonly FlowSource[];
  /** Those of them that are YAML. */
  readonly yaml: readonly YamlFile[];
  /** Flows that could not be looked into, with their text: what they name is not known, but may stand there. */
  readonly unread: ReadonlyMap<string, string>;
}

export async function readFlows(folder: ProjectFolder, execute: boolean, problems: ProblemList): Promise<ReadFlows> {
  const yaml: YamlFile[] = [];
  const unread = new Map<string, string>();
  const flows = new Map<string, FlowSource>();
  for (const file of folder.filesIn('flows', /^[^/]+\.(yaml|ts)$/)) {
    const name = nameOfFile(file, problems);
    const source = file.endsWith('.ts')
      ? await readCode(folder, file, execute, problems)
      : readText(folder, file, yaml, problems);
    if (source) addFlow({ name: nameIn(source) ?? name, source }, flows, problems);
    else unread.set(name, folder.text(file) ?? '');
  }
  return { flows: [...flows.values()], yaml, unread };
}

function readText(folder: ProjectFolder, file: string, yaml: YamlFile[], problems: ProblemList): YamlFile | undefined {
  const text = folder.readText(file);
  const source = text === undefined ? undefined : readYaml(file, text, problems);
  if (source) yaml.push(source);
  return source;
}

async function readCode(
  folder: ProjectFolder,
  file: string,
  execute: boolean,
  problems: ProblemList,
): Promise<SourceFile | undefined> {
  if (folder.readText(file) === undefined) return undefined;
  if (!execute) {
    problems.warn('MORTISE_PROJECT_NOT_EXECUTED', startOf(file), `${file} was not looked into: a flow in TypeScript is code.`);
    return undefined;
  }
  try {
    const value = (await importCode(folder, file))['default'];
    if (isMapping(value)) return { file, value, locate: () => ({ line: 1, column: 1 }) };
    problems.error('MORTISE_PROJECT_CODE', startOf(file), `The default export of ${file} is no flow.`);
  } catch (error) {
    problems.error('MORTISE_PROJECT_CODE', startOf(file), error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

function addFlow(flow: FlowSource, flows: Map<string, FlowSource>, problems: ProblemList): void {
  const known = flows.get(flow.name);
  if (!known) return void flows.set(flow.name, flow);
  const place = { file: flow.source.file, ...flow.source.locate(['name']) };
  problems.error('MORTISE_PROJECT_NAME_TAKEN', place, `The flow "${flow.name}" is in ${known.source.file} already.`);
}

function nameIn({ value }: SourceFile): string | undefined {
  return isMapping(value) && typeof value['name'] === 'string' ? value['name'] : undefined;
}
