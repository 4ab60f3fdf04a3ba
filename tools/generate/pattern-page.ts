// The pattern book: every pattern with how Mortise does it and an example that runs, out of the examples themselves.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { page } from './markdown.ts';
import { chapters } from './pattern-book.ts';

/** What the head of an example's README says of a pattern, and where the example lies. */
export interface PatternExample {
  readonly pattern: string;
  /** One or two sentences: how Mortise does it. */
  readonly does: string;
  /** The project, from the root. */
  readonly folder: string;
  /** The flows that show it; their tests are its tests. */
  readonly flows: readonly string[];
}

export const patternPagePath = 'docs/patterns.md';

/** The examples of all projects in examples/patterns, in no order. */
export function readPatternExamples(root: string): readonly PatternExample[] {
  const readmes = globSync('examples/patterns/*/README.md', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  return readmes.sort().flatMap((path) => examplesIn(dirname(path), readFileSync(join(root, path), 'utf8')));
}

function examplesIn(folder: string, readme: string): readonly PatternExample[] {
  const head = /^---\n(.*?)\n---\n/s.exec(readme)?.[1];
  if (head === undefined) throw new Error(`${folder}/README.md does not begin with a head between lines of "---".`);
  const { patterns } = parse(head) as {
    readonly patterns: Readonly<Record<string, { readonly does: string; readonly flows: readonly string[] }>>;
  };
  return Object.entries(patterns).map(([pattern, { does, flows }]) => ({ pattern, does, flows, folder }));
}

const introduction = [
  'The 65 patterns of *Enterprise Integration Patterns* (Gregor Hohpe, Bobby Woolf), by the chapters of the book: how Mortise does each, ' +
    'and a flow that shows it. Every example is part of a project in `examples/patterns`, with tests that are run with all others: ' +
    'try one with `mortise test examples/patterns/message-routing`.',
].join('\n\n');

export function patternPage(root: string): string {
  const examples = new Map(readPatternExamples(root).map((example) => [example.pattern, example]));
  const parts = chapters.flatMap(({ number, title, patterns }) => [
    `## ${number}. ${title}`,
    ...patterns.map((pattern) => patternPart(pattern, examples.get(pattern), root)),
  ]);
  return page('The pattern book', introduction, ...parts);
}

function patternPart(pattern: string, example: PatternExample | undefined, root: string): string {
  if (!example) return `### ${pattern}\n\nThere is no example yet.`;
  const { does, folder, flows } = example;
  const shown = flows.map((flow) => flowPart(`${folder}/flows/${flow}.yaml`, root));
  return [`### ${pattern}`, does.trim(), ...shown].join('\n\n');
}

/** The flow with its description as the sentence before it. */
function flowPart(path: string, root: string): string {
  const text = readFileSync(join(root, path), 'utf8');
  const { description } = parse(text) as { readonly description: string };
  const rest = text.replace(/^description: .*\n/m, '').trimEnd();
  return `[\`${path.slice(path.indexOf('/') + 1)}\`](../${path}): ${description}\n\n\`\`\`yaml\n${rest}\n\`\`\``;
}
