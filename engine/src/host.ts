// A running Mortise: one project, its store, its listeners.

import { join, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessError } from './access/errors.ts';
import { copyAccess } from './access/copy.ts';
import { secretOfFolder } from './access/vault-file.ts';
import { openCatalog } from './catalog/catalog.ts';
import type { Control } from './control/control.ts';
import { familiesOf } from './control/metrics.ts';
import type { ControlHost } from './control/host.ts';
import { refuseUnlessLoopback } from './control/loopback.ts';
import type { ControlAddress } from './control/loopback.ts';
import { version } from './control/version.ts';
import type { Engine } from './engine.ts';
import { startError } from './errors.ts';
import type { Problem } from './flow/definitions.ts';
import { closeStore, openParts } from './host-parts.ts';
import type { PartOptions, Parts } from './host-parts.ts';
import { formatAddress, parseAddress } from './listen/address.ts';
import { firstAnswers } from './listen/first-answers.ts';
import type { Drafts } from './project/folder.ts';
import { loadProject } from './project/load.ts';
import type { Project } from './project/load.ts';
import { missingSecrets, openSecrets } from './project/secrets.ts';
import { Erasure } from './erasure.ts';
import type { Manifest } from './store/backup/manifest.ts';
import { keepYoungSmall } from './start-memory.ts';
import { writeBackup } from './store/backup/write.ts';
import { prepareSqliteStore } from './store/sqlite/open.ts';
import { telemetrySettings } from './telemetry/settings.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { startWatchdog } from './watchdog.ts';
import type { Watchdog } from './watchdog.ts';

export interface HostOptions extends PartOptions {
  /** The project's folder. */
  readonly folder: string;
  /** The data folder; `.mortise/data` in the project's folder where absent. */
  readonly dataFolder?: string;
  readonly environment?: string;
  /** HOST:PORT, in place of what mortise.yaml says. */
  readonly listen?: string;
  readonly control?: string;
}

export interface Host {
  readonly engine: Engine;
  readonly addresses: { readonly inbound: string; readonly control: string };
  /** Where the first administrator is made; undefined where there are users already. A new link each time: good for a day, once. */
  setupLink(): string | undefined;
  /** Where a browser is logged in without more, as whoever may read the data folder: good for a quarter of an hour, once. */
  loginLink(): string;
  /** Resolves with the error when the process has to end and start again: the disk failed. */
  readonly failed: Promise<Error>;
  /** Resolves when all is drained and the process is to end. */
  readonly drained: Promise<void>;
  /** Loads the project anew and runs it, if it has no errors; otherwise the old one goes on. Gives all problems. */
  reload(): Promise<readonly Problem[]>;
  /** Drains within 10 s, closes everything. Idempotent. */
  stop(): Promise<void>;
}

/** Beside the engine, in the repository and in the package alike. */
const consoleFolder = fileURLToPath(new URL('../../console/dist', import.meta.url));
/** Idle connections of requesters get so long after the drain. */
const closeListenerMs = 2000;

/** Starts. Throws MORTISE_ENGINE_PROJECT_BROKEN with `details.problems` where the project has errors. */
export async function startHost(options: HostOptions): Promise<Host> {
  const letGrow = keepYoungSmall();
  try {
    return await openHost(options);
  } finally {
    letGrow();
  }
}

async function openHost(options: HostOptions): Promise<Host> {
  const folder = resolvePath(options.folder);
  const environment = part(options.environment);
  const dataFolder = resolvePath(options.dataFolder ?? join(folder, '.mortise', 'data'));
  const secrets = openSecrets(dataFolder, process.env, secretOfFolder(dataFolder));
  const load = async (drafts?: Drafts): Promise<Project> => {
    const more = drafts ? { drafts } : {};
    const project = await loadProject(folder, { catalog: openCatalog(), ...environment, ...more });
    // A check only warns of a secret without a value; who runs the project cannot do without.
    return { ...project, problems: [...project.problems, ...missingSecrets(project.secrets, secrets)] };
  };
  // Its threads load while the project is read.
  const prepared = prepareSqliteStore({ folder: dataFolder });
  const project = await load()
    .then(refuseBroken)
    .catch(async (error: unknown) => {
      await prepared.end();
      throw error;
    });
  const parts = await openParts(project, options, { dataFolder, secrets, store: await prepared.open() });
  const loadKept = async (flow: string, revision: string): Promise<Project | undefined> => {
    const found = parts.kept.find(flow, revision);
    return (
      found && loadProject(folder, { catalog: openCatalog(), isWhole: true, drafts: found.files, ...part(found.environment) })
    );
  };
  const host = new RunningHost(parts, load, loadKept);
  try {
    await host.start(options);
    return host;
  } catch (error) {
    await host.giveUp();
    throw error;
  }
}

function part(environment: string | undefined): { readonly environment?: string } {
  return environment === undefined ? {} : { environment };
}

class RunningHost implements Host {
  readonly engine: Engine;
  readonly failed: Promise<Error>;
  readonly drained: Promise<void>;
  readonly addresses = { inbound: '', control: '' };
  private readonly parts: Parts;
  private readonly load: (drafts?: Drafts) => Promise<Project>;
  private readonly loadKept: (flow: string, revision: string) => Promise<Project | undefined>;
  private state: 'starting' | 'ready' | 'stopping' = 'starting';
  private control: Control | undefined;
  private stopping: Promise<void> | undefined;
  private watchdog: Watchdog | undefined;
  private telemetry: Telemetry | undefined;

  constructor(parts: Parts, load: RunningHost['load'], loadKept: RunningHost['loadKept']) {
    this.parts = parts;
    this.load = load;
    this.loadKept = loadKept;
    this.engine = parts.engine;
    this.failed = parts.store.failed;
    this.drained = new Promise((resolve) => (parts.engine.drain.onStop = resolve));
  }

  /** Messages come first: the console, which takes as long to load as all of that, opens once they are accepted. */
  async start(options: HostOptions): Promise<void> {
    const { parts } = this;
    const { listeners, limits } = parts.project.settings;
    const control = parseAddress(options.control ?? listeners.control);
    if (!listeners.controlTls) refuseUnlessLoopback(control);
    const { host, port } = parseAddress(options.listen ?? listeners.inbound);
    const bound = await parts.listener.listen(host, port);
    this.addresses.inbound = formatAddress({ host: bound.address, port: bound.port });
    this.telemetry = await this.openTelemetry();
    // From here on the project's own functions run.
    this.watchdog = startWatchdog(limits.stallMs);
    const started = parts.engine.start().then(() => void (parts.listener.changes -= 1));
    await firstAnswers(started, parts.listener);
    this.watchdog.isLoading(true);
    this.control = await this.openControl(control);
    this.watchdog.isLoading(false);
    this.addresses.control = formatAddress(this.control.address);
    await started;
    void parts.keeper.sweep();
    parts.retention.start();
    parts.alerter.start();
    const { settings, revision } = parts.project;
    this.tell('start', { version, project: settings.name, revision });
    this.state = 'ready';
    this.keep(parts.project);
  }

  private async openControl(address: ControlAddress): Promise<Control> {
    const { log, project } = this.parts;
    const { controlTls } = project.settings.listeners;
    const inProject = (file: string): string => resolvePath(project.folder, file);
    const tls = controlTls && { certificate: inProject(controlTls.certificate), key: inProject(controlTls.key) };
    const { openControl } = await import('./control/control.ts');
    return openControl({ host: this.controlHost(), address, log, tls, consoleFolder });
  }

  /** Loads OpenTelemetry only where somebody wants it: it is large. */
  private async openTelemetry(): Promise<Telemetry | undefined> {
    const { project, clock, log, secrets, engine } = this.parts;
    const settings = telemetrySettings(project.settings.telemetry, process.env);
    if (!settings) return undefined;
    const { openTelemetry } = await import('./telemetry/telemetry.ts');
    const host = this.controlHost();
    const telemetry = openTelemetry({
      settings,
      project: project.settings.name,
      ...(project.environment === undefined ? {} : { environment: project.environment }),
      version,
      clock,
      log,
      secret: secrets.text,
      metrics: () => familiesOf(host),
    });
    engine.dispatcher.tracer = telemetry.tracer;
    return telemetry;
  }

  /** Closes what was opened before the start failed. */
  async giveUp(): Promise<void> {
    const { listener, engine } = this.parts;
    await this.watchdog?.end();
    await this.telemetry?.stop();
    const closed = listener.close();
    listener.closeNow();
    await Promise.all([closed, this.control?.close(), engine.stop()]);
    await closeStore(this.parts);
  }

  async reload(): Promise<readonly Problem[]> {
    const next = await this.load();
    this.refuseUnapproved(next);
    const problems = await this.takeUp(next);
    this.tell('reload', { revision: this.parts.project.revision });
    return problems;
  }

  /** A signal says nobody who could ask a second person. What runs decides, not what it is to be replaced with. */
  private refuseUnapproved({ revision }: Project): void {
    const { project, access, log } = this.parts;
    if (!project.settings.access?.fourEyes?.includes('apply') || revision === project.revision) return;
    const found = `Revision ${revision} is not applied: the project wants a second person for that, and a signal names none.`;
    const refusal = accessError('MORTISE_ACCESS_SECOND_PERSON', found, {
      remedy: 'Ask for it with "mortise reload", have another person approve it in the console, and ask again.',
    });
    log.warn({ event: 'project.refused', revision, code: refusal.code, remedy: refusal.remedy }, found);
    access.audit.add({ who: 'engine', action: 'reload', about: { revision } }, { result: 'refused', code: refusal.code });
    throw refusal;
  }

  /** Without it a project runs as well; only what it did cannot be run again on its own revision. */
  private keep(project: Project): void {
    try {
      this.parts.kept.keep(project);
    } catch (error) {
      this.parts.log.warn(
        { event: 'project.unkept', err: error },
        'The files of the project could not be kept in the data folder.',
      );
    }
  }

  /** What nobody asked for by the API. */
  private tell(action: string, about: Readonly<Record<string, unknown>>): void {
    this.parts.access.audit.add({ who: 'engine', action, about }, { result: 'done' });
  }

  private async loadAnew(): Promise<readonly Problem[]> {
    return this.takeUp(await this.load());
  }

  private async takeUp(next: Project): Promise<readonly Problem[]> {
    if (next.problems.some(({ severity }) => severity === 'error')) return next.problems;
    await this.apply(next);
    return next.problems;
  }

  /** What is opened while the new project is applied comes from its catalog; if it is refused, the old one goes on. */
  private async apply(next: Project): Promise<void> {
    const { parts } = this;
    const former = parts.catalog;
    parts.listener.changes += 1;
    parts.catalog = next.catalog;
    try {
      await parts.engine.apply(next);
      const formerLevel = parts.project.settings.log.level;
      parts.project = next;
      this.keep(next);
      // What was said on the command line, or by the API since, holds until the project itself says something new.
      if (next.settings.log.level !== formerLevel) parts.log.level = next.settings.log.level;
      await parts.disk.look();
    } catch (error) {
      parts.catalog = former;
      throw error;
    } finally {
      parts.listener.changes -= 1;
    }
  }

  setupLink(): string | undefined {
    const code = this.parts.access.setupCode();
    return code === undefined ? undefined : this.link('setup', code);
  }

  loginLink(): string {
    return this.link('login', this.parts.access.loginCode());
  }

  /** Behind "#": browsers send that to nobody. */
  private link(use: string, code: string): string {
    const scheme = this.parts.project.settings.listeners.controlTls ? 'https://' : 'http://';
    return `${scheme}${this.addresses.control}/#${use}=${code}`;
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.close());
  }

  private async close(): Promise<void> {
    const { listener, clock, engine } = this.parts;
    this.state = 'stopping';
    listener.changes += 1;
    const closed = listener.close();
    await engine.stop();
    const late = new Promise<void>((done) => clock.after(closeListenerMs, done));
    await Promise.race([closed, late]);
    listener.closeNow();
    await this.telemetry?.stop();
    await this.control?.close();
    this.tellStop();
    await closeStore(this.parts);
    await this.watchdog?.end();
  }

  /** On a disk that is full the audit cannot be written: that is said, and what is open is closed all the same. */
  private tellStop(): void {
    try {
      this.tell('stop', {});
    } catch (error) {
      this.parts.log.error(
        { event: 'audit.unwritten', err: error },
        'That the engine stops could not be written into the audit.',
      );
    }
  }

  /** A copy of what is stored now, into a new folder; traffic goes on meanwhile. */
  private backup(target: string): Promise<Manifest> {
    const { store, clock, dataFolder, keeper, project } = this.parts;
    const { settings, revision } = project;
    const takenAt = new Date(clock.nowMs()).toISOString();
    const facts = { takenAt, version, project: { name: settings.name, revision } };
    const copyTo = (file: string): Promise<void> => store.copyTo(file);
    return keeper.holding(() =>
      writeBackup({ target, dataFolder, copyTo, copyAccess: (file) => copyAccess(dataFolder, file), facts }),
    );
  }

  private controlHost(): ControlHost {
    const { engine, clock, connections, project, disk, log, access, secrets } = this.parts;
    return {
      log,
      access,
      disk: disk.state,
      engine,
      clock,
      folder: project.folder,
      reload: () => this.loadAnew(),
      draft: (drafts) => this.load(drafts),
      nextRevision: async () => (await this.load()).revision,
      recorded: (flow, revision) => this.loadKept(flow, revision),
      state: () => (this.state === 'ready' && engine.drain.isOn ? 'draining' : this.state),
      testAlerts: (receiver) => this.parts.alerter.test(receiver),
      backup: (target) => this.backup(target),
      erasure: new Erasure({ ...this.parts, operations: engine.operations, states: engine.runtime.states }),
      project: () => this.parts.project,
      resolve: connections.resolve,
      singleSignOn: () => {
        const singleSignOn = this.parts.project.settings.access?.singleSignOn;
        const secret = singleSignOn && secrets.text(singleSignOn.clientSecret);
        return singleSignOn && { ...singleSignOn, clientSecret: secret ?? '' };
      },
      inboundAddress: () => this.addresses.inbound || undefined,
    };
  }
}

function refuseBroken(project: Project): Project {
  const { problems, settings } = project;
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return project;
  const count = `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`;
  throw startError('MORTISE_ENGINE_PROJECT_BROKEN', `Project ${settings.name} has ${count}.`, { details: { problems } });
}
