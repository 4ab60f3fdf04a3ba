// Compiles the mappings that no flow uses: what does not parse is told where it stands. Flows tell of those they use.

import { MortiseError } from '@mortise/sdk';
import type { FlowSource } from '../flow/definitions.ts';
import { compileText } from '../step/expression.ts';
import type { ProjectFolder } from './folder.ts';
import type { Place, ProblemList } from './problems.ts';
import { referencesIn } from './references.ts';

export function checkUnusedMaps(folder: ProjectFolder, flows: readonly FlowSource[], problems: ProblemList): void {
  const used = new Set(flows.flatMap(({ source }) => referencesIn(source.value).map(({ name }) => name)));
  for (const file of folder.filesIn('maps', /\.jsonata$/).filter((one) => !used.has(one))) checkMap(file, folder, problems);
}

function checkMap(file: string, folder: ProjectFolder, problems: ProblemList): void {
  const text = folder.readText(file);
  try {
    if (text !== undefined) compileText(text);
  } catch (error) {
    if (!(error instanceof MortiseError)) throw error;
    const position = error.details['position'];
    problems.error('MORTISE_PROJECT_EXPRESSION', placeIn(file, text ?? '', Number(position ?? 1) - 1), error.message);
  }
}

/** JSONata counts up to behind the token that it did not expect. */
function placeIn(file: string, text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, offset)).split('\n');
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
