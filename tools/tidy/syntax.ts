// What the checks want to know of one module: its imports, its exports, its literals, its functions.

import { parseSync } from 'oxc-parser';
import type { EcmaScriptModule, Node, Program } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Where the specifier stands in the text, quotes included. */
  readonly start: number;
  readonly end: number;
}

export interface Syntax {
  readonly program: Program;
  /** Static and dynamic imports, re-exports, and types by `import('…')`. */
  readonly imports: readonly Import[];
  readonly exports: readonly { readonly name: string; readonly line: number }[];
  lineAt(offset: number): number;
  /** Calls `look` with every node and the node it lies in, outer ones first. */
  visit(look: (node: Node, parent: Node | undefined) => void): void;
}

export function parseModule(path: string, text: string): Syntax {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const lineAt = lineFinder(text);
  const visit: Syntax['visit'] = (look) => visitNode(program, undefined, look);
  const imports = importSpans(module, visit)
    .filter(({ start, end }) => /^['"`][^$]*$/.test(text.slice(start, end)))
    .map(({ start, end }) => ({ specifier: text.slice(start + 1, end - 1), line: lineAt(start), start, end }));
  return { program, imports, exports: exportedNames(module, lineAt), lineAt, visit };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function importSpans(module: EcmaScriptModule, visit: Syntax['visit']): readonly Span[] {
  const spans: Span[] = module.staticImports.map((found) => found.moduleRequest);
  const again = module.staticExports
    .flatMap((found) => found.entries.map((entry) => entry.moduleRequest))
    .filter((span) => span !== null);
  spans.push(...new Map(again.map((span) => [span.start, span])).values());
  spans.push(...module.dynamicImports.map((found) => found.moduleRequest));
  visit((node) => {
    if (node.type === 'TSImportType') spans.push(node.source);
  });
  return spans;
}

function exportedNames(module: EcmaScriptModule, lineAt: (offset: number) => number): Syntax['exports'] {
  return module.staticExports
    .flatMap((found) => found.entries)
    .flatMap(({ exportName, start }) =>
      exportName.name === null ? [] : [{ name: exportName.name, line: lineAt(exportName.start ?? start) }],
    );
}

function visitNode(node: Node, parent: Node | undefined, look: (node: Node, parent: Node | undefined) => void): void {
  look(node, parent);
  for (const part of Object.values(node)) {
    for (const child of Array.isArray(part) ? part : [part]) if (isNode(child)) visitNode(child, node, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Lines count from 1. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? starts.length : next;
  };
}
