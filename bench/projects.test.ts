// The benchmark's projects: they have to start when somebody wants to measure.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../engine/src/catalog/catalog.ts';
import { loadProject } from '../engine/src/project/load.ts';
import { rowNames } from './rows.ts';

describe('the projects', () => {
  it.each([...rowNames, 'backlog'])('%s has no errors', async (name) => {
    const { problems } = await loadProject(join(import.meta.dirname, 'projects', name), { catalog: openCatalog() });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
