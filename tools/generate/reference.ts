// All files that are written from declarations, with the text they must have.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorList, connectorPage } from './connector-pages.ts';
import { loadDeclarations } from './declarations.ts';
import { errorPage } from './error-page.ts';
import { formatList, formatPage } from './format-pages.ts';
import { patternPage, patternPagePath } from './pattern-page.ts';
import { projectPage } from './project-page.ts';
import { connectorReadme, formatReadme } from './readme-tables.ts';
import { stepExamples } from './step-examples.ts';
import { stepPage } from './step-page.ts';

/** Texts by path from the root. Everything in this folder is generated, and nothing else belongs there. */
export const referenceFolder = 'docs/reference';

export async function generateFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const { connectors, formats, steps, errors, schemas } = await loadDeclarations(root);
  const readme = (path: string, fill: (text: string) => string): [string, string][] => {
    const full = join(root, path, 'README.md');
    return existsSync(full) ? [[`${path}/README.md`, fill(readFileSync(full, 'utf8'))]] : [];
  };
  return new Map([
    [`${referenceFolder}/connectors.md`, connectorList(connectors)],
    ...connectors.map((connector) => [`${referenceFolder}/connectors/${connector.name}.md`, connectorPage(connector)] as const),
    [`${referenceFolder}/formats.md`, formatList(formats)],
    ...formats.map((format) => [`${referenceFolder}/formats/${format.name}.md`, formatPage(format)] as const),
    [`${referenceFolder}/steps.md`, stepPage(steps, stepExamples(root))],
    ...(schemas ? [[`${referenceFolder}/project-files.md`, projectPage(schemas)] as const] : []),
    [`${referenceFolder}/errors.md`, errorPage(errors)],
    ...(existsSync(join(root, 'examples/patterns')) ? [[patternPagePath, patternPage(root)] as const] : []),
    ...connectors.flatMap((connector) => readme(`connectors/${connector.name}`, (text) => connectorReadme(text, connector))),
    ...formats.flatMap((format) => readme(`formats/${format.name}`, (text) => formatReadme(text, format))),
  ]);
}
