// The pattern book is whole: each of the 65 patterns has an example, and the tests of each example pass.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject, openCatalog, runTests } from '@mortise/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { chapters } from '../tools/generate/pattern-book.ts';
import { loadDeclarations } from '../tools/generate/declarations.ts';
import { readPatternExamples } from '../tools/generate/pattern-page.ts';
import { stepExamples } from '../tools/generate/step-examples.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = readdirSync(join(root, 'examples/patterns')).map((name) => `examples/patterns/${name}`);
const examples = readPatternExamples(root);
const patterns = chapters.flatMap((chapter) => chapter.patterns);

/** The flows of which a test passed, as `folder flow`. */
const shown = new Set<string>();
const failed: string[] = [];
const problems: string[] = [];

beforeAll(async () => {
  for (const folder of folders) {
    const project = await loadProject(join(root, folder), { catalog: openCatalog(), variables: { SHOP_KEY: 'c2VjcmV0' } });
    problems.push(...project.problems.map(({ file, line, code, message }) => `${folder}/${file}:${line} ${code} ${message}`));
    for await (const { flow, passed, file, failures } of runTests(project)) {
      if (passed) shown.add(`${folder} ${flow}`);
      else failed.push(`${folder}/${file}: ${failures.map(({ what, details }) => [what, ...details].join('; ')).join('; ')}`);
    }
  }
}, 120_000);

describe('the reference of steps', () => {
  it('has for each step an example whose test passes', async () => {
    const { steps } = await loadDeclarations(root);
    const found = stepExamples(root);
    const named = steps.map(
      ({ name }) =>
        /^(.*)\/flows\/(.*)\.yaml$/
          .exec(found.get(name) ?? '')
          ?.slice(1)
          .join(' ') ?? name,
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((flow) => !shown.has(flow))).toEqual([]);
  });
});

describe('the pattern book', () => {
  it('has the 65 patterns of the book, each once', () => {
    expect(patterns).toHaveLength(65);
    expect(new Set(patterns).size).toBe(65);
  });

  it('has one example of each pattern, and none of anything else', () => {
    expect(examples.map(({ pattern }) => pattern).toSorted()).toEqual(patterns.toSorted());
  });

  it('has examples whose tests pass, in projects without problems', () => {
    expect(failed).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each(examples.map(({ pattern, folder, flows, does }) => [pattern, folder, flows, does] as const))(
    'shows %s by a test that passes, and says how it is done',
    (_, folder, flows, does) => {
      expect(flows.some((flow) => shown.has(`${folder} ${flow}`))).toBe(true);
      expect(does.trim()).toMatch(/^[A-Z`].{40,}\.$/s);
    },
  );
});
