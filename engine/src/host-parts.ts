// What a host consists of, from the log to the engine: opened in the order in which one needs the other.

import { join } from 'node:path';
import type { Clock } from '@mortise/sdk';
import { Access } from './access/access.ts';
import { Alerter } from './alerts/alerter.ts';
import { BlobKeeper } from './blob-keeper.ts';
import { busyThread } from './busy-thread.ts';
import type { Catalog } from './catalog/catalog.ts';
import { systemClock } from './clock.ts';
import { openConnections } from './connections.ts';
import { Engine } from './engine.ts';
import type { Connections } from './engine.ts';
import { watchFreeDisk } from './free-disk.ts';
import type { FreeDisk } from './free-disk.ts';
import { KeptProjects } from './kept-projects.ts';
import { InboundListener } from './listen/http-listener.ts';
import { openLog } from './log.ts';
import type { EngineLog, LogLevel } from './log.ts';
import { marksPersonal, withoutPersonalText } from './log-personal.ts';
import type { Project } from './project/load.ts';
import type { Secrets } from './project/secrets.ts';
import { openRetention } from './retention.ts';
import type { Retention } from './retention.ts';
import { openBlobs } from './store/blobs.ts';
import type { Blobs } from './store/blobs.ts';
import type { FileStore } from './store/store.ts';

/** What may be given in place of what a host opens by itself. */
export interface PartOptions {
  readonly log?: EngineLog;
  /** In place of what mortise.yaml says. */
  readonly logLevel?: LogLevel;
  /** Takes the lines of the log; standard error where absent. */
  readonly writeLog?: (line: string) => void;
  /** The real one where absent; a test sets its own. */
  readonly clock?: Clock;
}

/** Everything that a host consists of, before it listens. */
export interface Parts {
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly store: FileStore;
  readonly blobs: Blobs;
  readonly disk: FreeDisk;
  readonly listener: InboundListener;
  readonly connections: Connections;
  readonly engine: Engine;
  readonly retention: Retention;
  readonly keeper: BlobKeeper;
  readonly access: Access;
  readonly alerter: Alerter;
  readonly secrets: Secrets;
  readonly kept: KeptProjects;
  readonly dataFolder: string;
  project: Project;
  /** Of the project, or of the one that is being applied. */
  catalog: Catalog;
}

type Opened = Pick<Parts, 'dataFolder' | 'secrets' | 'store'>;

/** Opens all of it but what listens. */
export async function openParts(project: Project, options: PartOptions, { dataFolder, secrets, store }: Opened): Promise<Parts> {
  const { folder, settings } = project;
  const { level, format } = settings.log;
  let current = project;
  const log =
    options.log ??
    openLog({
      level: options.logLevel ?? level,
      format: format === 'auto' ? (process.stderr.isTTY ? 'readable' : 'structured') : format,
      redact: (line) => secrets.redact(hidesPersonal(current) ? withoutPersonalText(line) : line),
      ...(options.writeLog ? { write: options.writeLog } : {}),
    });
  const clock = options.clock ?? systemClock;
  const access = new Access(dataFolder, clock);
  const blobs = await openBlobs(join(dataFolder, 'blobs'));
  const floorBytes = (): number => current.settings.limits.freeDiskBytes;
  const disk = await watchFreeDisk({ folder: dataFolder, floorBytes, clock, log });
  const listener = new InboundListener(log);
  const connections = openConnections({
    catalog: () => parts.catalog,
    clock,
    log,
    http: listener,
    messageBytesMax: settings.limits.messageBytes,
    folder,
    secrets: secrets.resolve,
  });
  const engine = new Engine({ project, store, blobs, connections, clock, log, hasRoom: disk.hasRoom, isBusy: busyThread() });
  const keeper = new BlobKeeper({ store, blobs, log });
  const retention = openRetention({
    store,
    clock,
    log,
    keeps: () => ({ journal: parts.project.settings.journal, channels: parts.project.definitions.channels.values() }),
    sweepBlobs: () => keeper.sweep(),
  });
  const parts: Parts = {
    clock,
    log,
    store,
    blobs,
    disk,
    listener,
    connections,
    engine,
    retention,
    keeper,
    access,
    alerter: newAlerter({ access, engine, disk, connections, secrets }, () => current),
    secrets,
    kept: new KeptProjects(dataFolder),
    dataFolder,
    catalog: project.catalog,
    get project() {
      return current;
    },
    set project(next) {
      current = next;
    },
  };
  return parts;
}

const personal = new WeakMap<Project, boolean>();

function hidesPersonal(project: Project): boolean {
  const known = personal.get(project) ?? marksPersonal(project.definitions.models.values());
  personal.set(project, known);
  return known;
}

type AlerterParts = Pick<Parts, 'access' | 'engine' | 'disk' | 'connections' | 'secrets'>;

function newAlerter({ access, engine, disk, connections, secrets }: AlerterParts, project: () => Project): Alerter {
  const { dispatcher, standstills, heardAtMs } = engine;
  return new Alerter({
    record: access.alerts,
    clock: dispatcher.clock,
    log: dispatcher.log,
    dispatcher,
    standstills,
    heardAtMs,
    disk: disk.state,
    project,
    resolve: connections.resolve,
    secret: secrets.text,
    redact: secrets.redact,
  });
}

/** Closes what lies in the data folder, and what looks at it. */
export async function closeStore({ disk, retention, store, access, alerter }: Parts): Promise<void> {
  disk.stop();
  await alerter.stop();
  access.close();
  await retention.stop();
  await store.close();
}
