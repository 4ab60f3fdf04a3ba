// An engine for one measurement: a data folder of its own, prepared, then used, then removed.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { publishedCommand } from './published.ts';
import { requireFreePorts, startProcess, untilAccepting } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import type { FigureConditions } from './figure.ts';

type Chosen = Pick<FigureConditions, 'folder' | 'nodeArguments'>;

export function startMortise({ nodeArguments }: Chosen, project: string, dataFolder: string): RunningProcess {
  const { args, environment } = publishedCommand(project, dataFolder, nodeArguments);
  return startProcess(args, environment);
}

/** `prepare` writes into the data folder before the start; `use` is called when orders are accepted. */
export async function withMortise<T>(
  conditions: Chosen,
  project: string,
  prepare: (dataFolder: string) => Promise<void> | void,
  use: (engine: RunningProcess, dataFolder: string) => Promise<T>,
): Promise<T> {
  await requireFreePorts();
  return withFolder(conditions.folder, async (dataFolder) => {
    await prepare(dataFolder);
    const engine = startMortise(conditions, project, dataFolder);
    try {
      return await Promise.race([engine.died, untilAccepting().then(() => use(engine, dataFolder))]);
    } finally {
      await engine.stop();
    }
  });
}

/** A new folder in `parent`, removed afterwards. */
export async function withFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, 'mortise-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
