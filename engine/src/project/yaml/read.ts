// Reads a YAML file: its value and the places of its parts, or what is wrong with it, in the words of whoever wrote it.

import { startOf } from '../problems.ts';
import type { ProblemList } from '../problems.ts';
import { reportMisread } from './misread.ts';
import { parseYaml } from './parse.ts';
import { reportSyntax } from './syntax.ts';
import { YamlFile } from './yaml-file.ts';

/** More aliases to one anchor than a person would write: what is beyond is an attack on memory. */
const aliasCountMax = 100;

/** A file that a person wrote is shorter. */
const textCharactersMax = 1024 ** 2;

/** Undefined where the file is not valid; the problems are told. */
export function readYaml(file: string, text: string, problems: ProblemList): YamlFile | undefined {
  if (text.length > textCharactersMax) {
    problems.error('MORTISE_PROJECT_UNREADABLE', startOf(file), `${file} is longer than ${textCharactersMax} characters.`);
    return undefined;
  }
  const { document, lines } = parseYaml(text);
  if (document.errors.length > 0) {
    reportSyntax(file, text, problems);
    return undefined;
  }
  const isMisread = reportMisread(new YamlFile({ file, text, document, lines }, undefined), document, problems);
  if (isMisread) return undefined;
  try {
    return new YamlFile({ file, text, document, lines }, document.toJS({ maxAliasCount: aliasCountMax }));
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    problems.error('MORTISE_PROJECT_YAML_EXPANSION', startOf(file), `An alias expands to more than ${aliasCountMax} values.`);
    return undefined;
  }
}
