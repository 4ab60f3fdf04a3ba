// The contenders: what is started for each, and what of it can be asked while it runs.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { publishedCommand } from './published.ts';
import type { Command } from './published.ts';
import { settledOrders, waitingOrders } from './mortise-api.ts';

export interface Contender {
  readonly name: string;
  /** What `node` is started with, from the folder bench; `dataFolder` is empty, and its own. */
  command(dataFolder: string): Command;
  /** Done before the first start. */
  readonly install?: () => void;
  /** Orders that were accepted and are not settled yet. */
  readonly waiting?: () => Promise<number>;
  /** Orders that were settled since the start, once none is waiting. */
  readonly settled?: () => Promise<number>;
}

export const bare = 'Fastify, no store';
export const mortise = 'Mortise';
export const nodeRed = 'Node-RED, JavaScript';
const nodeRedJsonata = 'Node-RED, JSONata';

export const bareIntake = bareServer('contenders/bare-intake.ts');
/** What durability costs by itself: the limit for whoever writes each order down before it says so. */
export const floor = 'Fastify, bare SQLite, fsync';
export const durableIntake: Contender = {
  name: floor,
  command: (dataFolder) => ({ args: ['contenders/durable-intake.ts', dataFolder], environment: {} }),
};
export const bareForward = bareServer('contenders/bare-forward.ts');
/** The bare server with Mortise's store and nothing else of Mortise: the limit for an engine that writes these rows. */
export const limit = 'Fastify, Mortise’s store';

export function storedWith(mode: 'intake' | 'forward'): Contender {
  return { name: limit, command: (dataFolder) => ({ args: ['contenders/stored.ts', dataFolder, mode], environment: {} }) };
}

function bareServer(file: string): Contender {
  return { name: bare, command: () => ({ args: [file], environment: {} }) };
}

/** Mortise with the project of a row. `nodeArguments` are for a profile. */
export function mortiseWith(project: string, nodeArguments: readonly string[]): Contender {
  return {
    name: mortise,
    command: (dataFolder) => publishedCommand(`projects/${project}`, dataFolder, nodeArguments),
    waiting: waitingOrders,
    settled: settledOrders,
  };
}

export const nodeReds: readonly Contender[] = [
  nodeRedWith(nodeRed, 'flows-function.json'),
  nodeRedWith(nodeRedJsonata, 'flows-jsonata.json'),
];

function nodeRedWith(name: string, flows: string): Contender {
  const folder = join(import.meta.dirname, 'node-red');
  return {
    name,
    command: (dataFolder) => {
      const settings = ['--settings', join(folder, 'settings.cjs'), '--userDir', dataFolder];
      return { args: [join(folder, 'node_modules/node-red/red.js'), ...settings, join(folder, flows)], environment: {} };
    },
    install: () => {
      if (existsSync(join(folder, 'node_modules'))) return;
      const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--ignore-scripts'], { stdio: 'inherit' });
      if (status !== 0) throw new Error('Node-RED could not be installed: see above.');
    },
  };
}
