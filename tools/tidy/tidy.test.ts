// The repository, held to its own rules.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateFiles } from '../generate/reference.ts';
import { checkCatalogNames } from './catalog-names.ts';
import { checkErrorCodes } from './error-codes.ts';
import { checkFolderShapes } from './folder-shapes.ts';
import { checkForbiddenText } from './forbidden-text.ts';
import { checkGeneratedFiles } from './generated-files.ts';
import { checkGlossary } from './glossary.ts';
import { checkImportCycles } from './import-cycles.ts';
import { checkImportDirections } from './import-directions.ts';
import { checkPackages } from './packages.ts';
import { checkSizes } from './sizes.ts';
import { printFindings, readTree } from './tree.ts';
import type { Check } from './tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tree = readTree(root);

const checks: Readonly<Record<string, Check>> = {
  'imports point one way': checkImportDirections,
  'there are no import cycles': checkImportCycles,
  'files and functions are small': checkSizes,
  'exported names are in the words of the glossary': checkGlossary,
  'sibling folders have the same shape, files open with a sentence': checkFolderShapes,
  'error codes are declared, used, tested and documented': checkErrorCodes,
  'no connector and no format is known by name': checkCatalogNames,
  'nothing is left behind that was meant for one machine or moment': checkForbiddenText,
  'packages declare what they use, under licences that may be passed on': checkPackages,
};

describe('tidy', () => {
  it('looks at the whole repository', () => {
    expect(tree.map(({ path }) => path)).toContain('sdk/src/index.ts');
  });

  it.each(Object.entries(checks))('%s', (_, check) => {
    const findings = printFindings(check(tree));
    expect(findings === '', `\n${findings}\n`).toBe(true);
  });

  it('generated files are what the declarations say', async () => {
    const findings = printFindings(checkGeneratedFiles(tree, await generateFiles(root)));
    expect(findings === '', `\n${findings}\n`).toBe(true);
  });
});
