// Check: no module imports itself by way of others, imports of types and dynamic imports included.

import { resolver } from './resolve.ts';
import { isCode } from './tree.ts';
import type { Finding, Tree } from './tree.ts';

type Graph = ReadonlyMap<string, readonly Edge[]>;

interface Edge {
  readonly to: string;
  readonly line: number;
}

/** One finding for each knot of modules: a shortest cycle through the first of them. */
export function checkImportCycles(tree: Tree): Finding[] {
  const graph = importGraph(tree);
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const [path, edges] of graph) {
    if (told.has(path)) continue;
    const cycle = cycleThrough(graph, path);
    if (!cycle) continue;
    for (const member of cycle) told.add(member);
    findings.push({
      path,
      line: edges.find(({ to }) => to === (cycle[1] ?? path))?.line ?? 1,
      what: `import cycle: ${[...cycle, path].join(' → ')}`,
      mend: 'Move what both need into a module of its own, or pass it in.',
    });
  }
  return findings;
}

function importGraph(tree: Tree): Graph {
  const resolve = resolver(tree);
  const edges = tree.filter(isCode).map((file) => {
    const targets = file.syntax.imports.map(({ specifier, line }) => ({ line, target: resolve(file.path, specifier) }));
    return [
      file.path,
      targets.flatMap(({ line, target }) => (target.kind === 'file' ? [{ to: target.path, line }] : [])),
    ] as const;
  });
  return new Map(edges);
}

/** The modules of a shortest way from `start` back to it; undefined where there is none. */
function cycleThrough(graph: Graph, start: string): readonly string[] | undefined {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const { to } of graph.get(way.at(-1) ?? start) ?? []) {
      if (to === start) return way;
      if (!seen.has(to)) ways.push([...way, to]);
      seen.add(to);
    }
  }
  return undefined;
}
