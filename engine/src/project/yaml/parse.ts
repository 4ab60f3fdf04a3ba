// How Mortise parses YAML: version 1.2, the core schema, no merge keys, all keys are text.

import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';

export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Never throws: what is wrong is in the document's `errors`. */
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
