// Reads YAML 1.2: the value and the places of a file, or what is wrong with it, in the words of whoever wrote it.

import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { ProblemList } from '../problems.ts';
import { reportMisread } from './misread.ts';
import { reportSyntax } from './syntax.ts';
import { YamlFile } from './yaml-file.ts';

/** More aliases to one anchor than a person would write: what is beyond is an attack on memory. */
const aliasCountMax = 100;

export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Undefined where the file is not valid; the problems are told. */
export function readYaml(file: string, text: string, problems: ProblemList): YamlFile | undefined {
  const { document, lines } = parseYaml(text);
  if (document.errors.length > 0) {
    reportSyntax(file, text, problems);
    return undefined;
  }
  const positions = new YamlFile({ file, text, document, lines }, undefined);
  if (reportMisread(document, positions, problems)) return undefined;
  try {
    return new YamlFile({ file, text, document, lines }, document.toJS({ maxAliasCount: aliasCountMax }));
  } catch {
    problems.error('MORTISE_PROJECT_YAML_EXPANSION', positions.place([]), `The aliases expand to more than ${aliasCountMax} values each.`);
    return undefined;
  }
}

export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  return { document, lines };
}
