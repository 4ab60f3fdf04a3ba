// Problems as people and programs get them.

import { describe, expect, it } from 'vitest';
import { load, loadWith, writeProject } from './project.fixture.ts';
import { renderProblems, renderProblemsAsJson } from './render.ts';

const problem = {
  code: 'MORTISE_TEST_A',
  severity: 'error',
  file: 'a.yaml',
  line: 2,
  column: 5,
  message: 'Wrong.',
  remedy: 'Mend it.',
} as const;

describe('problems as text', () => {
  it('have their line with a mark, and are counted', async () => {
    const project = await loadWith({ 'flows/failed-orders.yaml': 'from: { channel: failed-orders }\nsteps:\n\t- filter: a\n' });
    expect(
      renderProblems(project.problems, { folder: project.folder }),
    ).toBe(`flows/failed-orders.yaml:3:1 error MORTISE_PROJECT_YAML_TAB
  The line is indented with a tab.
  Indent with spaces: two for each level.
     3 |  - filter: a
       | ^

1 error, 0 warnings
`);
  });

  it('may be none', () => {
    expect(renderProblems([], { folder: '.' })).toBe('No problems.\n');
  });

  it('show a part of a long line, around the place', () => {
    const folder = writeProject({ 'a.yaml': `x\n${'a'.repeat(500)}HERE${'b'.repeat(500)}\n` });
    const [, , , excerpt, mark] = renderProblems([{ ...problem, column: 501 }], { folder }).split('\n');
    expect(excerpt).toMatch(/^ {5}2 \| a+HEREb+$/);
    expect(excerpt?.length).toBe(140 + 9);
    expect(excerpt?.charAt((mark ?? '').indexOf('^'))).toBe('H');
  });

  it('show nothing where there is no such line, no file, or a folder', () => {
    const folder = writeProject({ 'a.yaml': 'x\n', 'b/c': '' });
    for (const file of ['a.yaml', 'none.yaml', 'b']) {
      expect(renderProblems([{ ...problem, file }], { folder })).toBe(
        `${file}:2:5 error MORTISE_TEST_A\n  Wrong.\n  Mend it.\n\n1 error, 0 warnings\n`,
      );
    }
  });

  it('do not show a line with a secret that was written into the file', async () => {
    const text = 'connector: http\nconnection: { url: https://x.example, auth: { bearer: hunter2 } }\n';
    const project = await load({ 'mortise.yaml': 'name: x\n', 'systems/crm.yaml': text });
    const shown = renderProblems(project.problems, { folder: project.folder });
    expect(shown).toContain('systems/crm.yaml:2:');
    expect(shown).not.toContain('hunter2');
  });

  it('have colors where they are wanted', () => {
    expect(renderProblems([problem], { folder: '.', colors: true })).toContain('\u001B[31merror');
    expect(renderProblems([{ ...problem, severity: 'warning' }], { folder: '.', colors: true })).toContain('\u001B[33mwarning');
  });
});

describe('problems as JSON', () => {
  it('are counted and complete', () => {
    const warning = { ...problem, severity: 'warning' } as const;
    expect(JSON.parse(renderProblemsAsJson([problem, warning, warning]))).toEqual({
      errors: 1,
      warnings: 2,
      problems: [problem, warning, warning],
    });
  });
});
