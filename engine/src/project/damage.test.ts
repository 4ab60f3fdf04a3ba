// Whatever somebody does to the files of a project, loading it ends in a project and a list of problems with places.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../catalog/catalog.ts';
import { loadProject } from './load.ts';
import { changeProject, goodProject, variables, writeProject } from './project.fixture.ts';

const files = Object.keys(goodProject).filter((file) => /\.(yaml|json|jsonata)$/.test(file));
const bits = [
  '',
  ' ',
  '\n',
  '\t',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '|',
  '*',
  '&',
  '!',
  '%',
  '$',
  '0',
  'null',
  'true',
  'x: y\n',
  '__proto__: 1\n',
  '  ',
  '🦊',
];

/** One change of a text: a part of it is cut out and something else put in its place. */
const change = fc.record({
  file: fc.constantFrom(...files),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  put: fc.constantFrom(...bits),
});

describe('a damaged project', () => {
  it('is loaded, and every problem has a place in it and a remedy', async () => {
    const folder = writeProject(goodProject);
    const catalog = openCatalog();
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const damaged: Record<string, string> = { ...goodProject };
        for (const { file, at, cut, put } of changes) {
          const text = damaged[file] ?? '';
          const start = Math.floor(at * text.length);
          damaged[file] = text.slice(0, start) + put + text.slice(start + cut);
        }
        changeProject(folder, damaged);
        const { problems, compiled, flows } = await loadProject(folder, { catalog, variables, environment: 'test' });
        for (const { file, line, column, message, remedy, code } of problems) {
          const lines = (damaged[file] ?? '').split('\n');
          expect(line, `${code} in ${file}`).toBeGreaterThanOrEqual(1);
          expect(line, `${code} in ${file}`).toBeLessThanOrEqual(lines.length);
          expect(column, `${code} in ${file}`).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          expect(code).toMatch(/^MORTISE_(PROJECT|FLOW|TYPE)_/);
          expect(message && remedy).not.toBe('');
        }
        const isSound = problems.every(({ severity }) => severity === 'warning');
        expect(!isSound || compiled.size === flows.length).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});
