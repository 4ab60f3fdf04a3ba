// Compiles maps/*.jsonata: what does not parse is told where it stands, in the file itself.

import { MortiseError } from '@mortise/sdk';
import { compileText } from '../step/expression.ts';
import type { ProjectFolder } from './folder.ts';
import type { Place, ProblemList } from './problems.ts';
import { referencesIn } from './references.ts';
import type { YamlFile } from './yaml/yaml-file.ts';

/** Flows that use a mapping which does not parse are not to blame. */
export function checkMaps(folder: ProjectFolder, flows: readonly YamlFile[], problems: ProblemList): void {
  const broken = new Set(folder.filesIn('maps', /\.jsonata$/).filter((file) => !isSound(file, folder, problems)));
  for (const flow of flows) {
    for (const { kind, path, name } of referencesIn(flow.value)) {
      const writing = kind === 'path' && broken.has(name) ? flow.writing(path.slice(0, -1)) : undefined;
      if (writing) problems.hide(writing);
    }
  }
}

function isSound(file: string, folder: ProjectFolder, problems: ProblemList): boolean {
  const text = folder.readText(file);
  if (text === undefined) return false;
  try {
    compileText(text);
    return true;
  } catch (error) {
    if (!(error instanceof MortiseError)) throw error;
    const position = error.details['position'];
    problems.error(
      'MORTISE_PROJECT_EXPRESSION',
      placeIn(file, text, typeof position === 'number' ? position : 0),
      reasonOf(error),
    );
    return false;
  }
}

/** Without the text of the expression, which is the file. */
function reasonOf({ message }: MortiseError): string {
  return message.replace(/ in: [\s\S]*$/, '.');
}

function placeIn(file: string, text: string, position: number): Place {
  const before = text.slice(0, position).split('\n');
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
