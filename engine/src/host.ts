// A running Mortise: one project, its store, its listeners.

import { join, resolve as resolvePath } from 'node:path';
import type { Clock, Logger } from '@mortise/sdk';
import { formatAddress, parseAddress } from './address.ts';
import { systemClock } from './clock.ts';
import { openCatalog } from './catalog/catalog.ts';
import { openConnections } from './connections.ts';
import { openControl } from './control/control.ts';
import type { ControlHost } from './control/host.ts';
import { Engine } from './engine.ts';
import { startError } from './errors.ts';
import type { Problem } from './flow/definitions.ts';
import { watchFreeDisk } from './free-disk.ts';
import { InboundListener } from './http-listener.ts';
import { openLog } from './log.ts';
import type { LogLevel } from './log.ts';
import { loadProject } from './project/load.ts';
import type { Project } from './project/load.ts';
import { openSecrets } from './project/secrets.ts';
import { openBlobs } from './store/blobs.ts';
import { openSqliteStore } from './store/sqlite/open.ts';

export interface HostOptions {
  /** The project's folder. */
  readonly folder: string;
  /** The data folder; `.mortise/data` in the project's folder where absent. */
  readonly dataFolder?: string;
  readonly environment?: string;
  /** HOST:PORT, in place of what mortise.yaml says. */
  readonly listen?: string;
  readonly control?: string;
  readonly log?: Logger;
  readonly logLevel?: LogLevel;
}

export interface Host {
  readonly engine: Engine;
  readonly addresses: { readonly inbound: string; readonly control: string };
  /** Resolves with the error when the process has to end and start again: the disk failed. */
  readonly failed: Promise<Error>;
  /** Loads the project anew and runs it, if it has no errors; otherwise the old one goes on. Gives all problems. */
  reload(): Promise<readonly Problem[]>;
  /** Drains within 10 s, closes everything. Idempotent. */
  stop(): Promise<void>;
}

/** Idle connections of requesters get so long after the drain. */
const closeListenerMs = 2000;

/** Starts. Throws MORTISE_ENGINE_PROJECT_BROKEN with `details.problems` where the project has errors. */
export async function startHost(options: HostOptions): Promise<Host> {
  const folder = resolvePath(options.folder);
  const log = options.log ?? openLog(options.logLevel ?? 'info');
  const environment = options.environment === undefined ? {} : { environment: options.environment };
  const load = (): Promise<Project> => loadProject(folder, { catalog: openCatalog(), ...environment });
  let project = await load();
  refuseBroken(project);
  const dataFolder = resolvePath(options.dataFolder ?? join(folder, '.mortise', 'data'));
  const clock: Clock = systemClock;
  const store = await openSqliteStore({ folder: dataFolder });
  const blobs = await openBlobs(join(dataFolder, 'blobs'));
  const disk = await watchFreeDisk(dataFolder, project.settings.limits.freeDiskBytes, clock, log);
  const listener = new InboundListener(log);
  const secrets = openSecrets(dataFolder);
  const connections = openConnections({
    catalog: () => project.catalog,
    clock,
    log,
    http: listener,
    messageBytesMax: project.settings.limits.messageBytes,
    folder,
    secrets: secrets.resolve,
  });
  const engine = new Engine({ project, store, blobs, connections, clock, log, hasRoom: disk.hasRoom });
  let state: 'starting' | 'ready' | 'stopping' = 'starting';

  const reload = async (): Promise<readonly Problem[]> => {
    const next = await load();
    if (next.problems.some(({ severity }) => severity === 'error')) return next.problems;
    listener.changes += 1;
    await engine.apply(next).finally(() => (listener.changes -= 1));
    project = next;
    return next.problems;
  };

  const closeStore = async (): Promise<void> => {
    disk.stop();
    await store.close();
  };

  try {
    let inbound: string | undefined;
    const control: ControlHost = {
      engine,
      clock,
      folder,
      reload,
      state: () => state,
      project: () => project,
      resolve: connections.resolve,
      inboundAddress: () => inbound,
    };
    const controlServer = await openControl({ host: control, address: parseAddress(options.control ?? project.settings.listeners.control), log });
    const bound = await listener.listen(...hostAndPort(options.listen ?? project.settings.listeners.inbound));
    inbound = formatAddress({ host: bound.address, port: bound.port });
    await engine.start();
    void sweep(store, blobs, log);
    state = 'ready';
    listener.changes -= 1;
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      state = 'stopping';
      listener.changes += 1;
      const closed = listener.close();
      await engine.stop();
      const late = new Promise<void>((done) => clock.after(closeListenerMs, done));
      await Promise.race([closed, late]);
      listener.closeNow();
      await controlServer.close();
      await closeStore();
    };
    return {
      engine,
      addresses: { inbound, control: formatAddress(controlServer.address) },
      failed: store.failed,
      reload,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    listener.closeNow();
    await closeStore();
    throw error;
  }
}

function hostAndPort(text: string): [string, number] {
  const { host, port } = parseAddress(text);
  return [host, port];
}

function refuseBroken({ problems, settings }: Project): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw startError('MORTISE_ENGINE_PROJECT_BROKEN', `Project ${settings.name} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}.`, { details: { problems } });
}

/** Deletes blob files that no row refers to: what a crash left between a file and its row. */
async function sweep(store: Awaited<ReturnType<typeof openSqliteStore>>, blobs: Awaited<ReturnType<typeof openBlobs>>, log: Logger): Promise<void> {
  try {
    await blobs.sweep(() => store.read.blobs());
  } catch (error) {
    log.warn({ err: error }, 'Blob files that nothing refers to could not be swept.');
  }
}
