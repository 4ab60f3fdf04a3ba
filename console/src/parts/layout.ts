// Lays graphs out with ELK, in a worker that is loaded when the first graph is drawn.

import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Boxes of a smaller one stand before those of a larger one. */
  readonly layer?: number;
}

export interface Line {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

let elk: Promise<ELK> | undefined;

async function load(): Promise<ELK> {
  const [{ default: Elk }, { default: worker }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  return new Elk({ workerFactory: () => new Worker(worker) });
}

/** The place of each box, by its id. */
export async function layout(
  boxes: readonly Box[],
  lines: readonly Line[],
  direction: 'RIGHT' | 'DOWN',
): Promise<ReadonlyMap<string, { readonly x: number; readonly y: number }>> {
  elk ??= load();
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.layered.spacing.nodeNodeBetweenLayers': direction === 'RIGHT' ? '44' : '34',
      'elk.spacing.nodeNode': direction === 'RIGHT' ? '14' : '26',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
      'elk.partitioning.activate': 'true',
    },
    children: boxes.map(({ id, width, height, layer }) => ({
      id,
      width,
      height,
      ...(layer === undefined ? {} : { layoutOptions: { 'elk.partitioning.partition': String(layer) } }),
    })),
    edges: lines.map(({ id, source, target }) => ({ id, sources: [source], targets: [target] })),
  };
  const placed = await (await elk).layout(graph);
  return new Map((placed.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}
