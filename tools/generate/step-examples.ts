// Finds for each step a flow of the pattern book that uses it and has a test: the one with the fewest other steps.

import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';

interface ExampleFlow {
  /** From the root. */
  readonly path: string;
  readonly steps: ReadonlySet<string>;
}

/** Paths of flows by the name of the step that they show. */
export function stepExamples(root: string): ReadonlyMap<string, string> {
  const tested = new Set(filesOf(root, 'tests').map((path) => flowPath(dirname(dirname(path)), valueOf(root, path))));
  const flows = filesOf(root, 'flows').filter((path) => tested.has(path));
  const examples = flows.map((path): ExampleFlow => ({ path, steps: new Set(stepsIn(valueOf(root, path))) }));
  const names = new Set(examples.flatMap(({ steps }) => [...steps]));
  return new Map([...names].map((name) => [name, simplest(examples.filter(({ steps }) => steps.has(name)))]));
}

function filesOf(root: string, folder: 'flows' | 'tests'): readonly string[] {
  const paths = globSync(`examples/patterns/*/${folder}/*.yaml`, { cwd: root });
  return paths.map((path) => path.replaceAll('\\', '/')).sort();
}

function valueOf(root: string, path: string): unknown {
  return parse(readFileSync(join(root, path), 'utf8'));
}

function flowPath(project: string, test: unknown): string {
  return `${project}/flows/${String(Object(test).flow)}.yaml`;
}

/** Names of all steps, also of those within others: the only key of each element of a list `steps`. */
function stepsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own: unknown = 'steps' in value ? value.steps : [];
  const names = Array.isArray(own) ? own.flatMap((step: unknown) => Object.keys(Object(step))) : [];
  return [...names, ...Object.values(value).flatMap(stepsIn)];
}

function simplest(flows: readonly ExampleFlow[]): string {
  const [first] = flows.toSorted(
    (one, other) => one.steps.size - other.steps.size || (basename(one.path) < basename(other.path) ? -1 : 1),
  );
  return first?.path ?? '';
}
