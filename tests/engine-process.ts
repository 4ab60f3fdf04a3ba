// An engine in a process of its own, as an operator runs it: started, asked, stopped, killed.

import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach } from 'vitest';
import { spawnUnder } from './strace.ts';
import type { Injection } from './strace.ts';

const command = fileURLToPath(new URL('../cli/src/mortise.mjs', import.meta.url));
/** Listeners get ports that the system gives to nobody by itself, so that an engine finds its own again after a restart. */
const firstPort = 20_000;
const lastPort = 32_000;
const readyWithinMs = 90_000;
const lookMs = 20;
const logLinesShown = 40;

export interface EngineOptions {
  /** The project's folder; the data folder and the log lie in its `.mortise`. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** HOST:PORT of both listeners; free ones where absent. */
  readonly ports?: Ports;
  /** What is run in place of `mortise run`: a script and its arguments; the listeners' are added. */
  readonly script?: readonly string[];
  /** System calls that fail, or kill it. */
  readonly injections?: readonly Injection[];
}

export interface Ports {
  readonly inbound: number;
  readonly control: number;
}

export interface BalanceAnswer {
  readonly even: boolean;
  readonly reasons: readonly string[];
  readonly rows: readonly {
    readonly destination: string;
    readonly created: number;
    readonly states: Readonly<Record<string, number>>;
  }[];
}

/** One start of an engine. It never ends by itself: `ownEngines` kills it behind the test. */
export class EngineProcess {
  readonly child: ChildProcess;
  readonly inbound: string;
  readonly control: string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  private readonly logFile: string;
  private readonly dataFolder: string;

  constructor(child: ChildProcess, { inbound, control }: Ports, logFile: string, dataFolder: string) {
    this.child = child;
    this.inbound = `http://127.0.0.1:${inbound}`;
    this.control = `http://127.0.0.1:${control}`;
    this.logFile = logFile;
    this.dataFolder = dataFolder;
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 'lost')));
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves when it takes messages; throws with its log where it ended before. */
  async ready(): Promise<void> {
    await until(async () => {
      if (this.hasEnded) throw new Error(`The engine ended before it was ready.\n${this.log()}`);
      return (await statusOf(`${this.control}/health/ready`)) === 200;
    }, readyWithinMs);
  }

  async get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`${this.control}${path}`, { headers: this.keyHeader() });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Throws where it is not answered with 200. */
  async post<Answer>(path: string, body: object = {}): Promise<Answer> {
    const headers = { ...this.keyHeader(), 'content-type': 'application/json' };
    const response = await fetch(`${this.control}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** What says that a request comes from somebody who can read the data folder. */
  keyHeader(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${readFileSync(join(this.dataFolder, 'control.key'), 'utf8').trim()}` };
  }

  balance(): Promise<BalanceAnswer> {
    return this.get('/api/v1/balance');
  }

  /** How many deliveries are in these states, over all destinations. */
  async count(...states: readonly string[]): Promise<number> {
    const { rows } = await this.balance();
    return rows.flatMap((row) => states.map((state) => row.states[state] ?? 0)).reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when nothing waits and nothing is held. */
  async settled(withinMs = 30_000): Promise<void> {
    await until(async () => (await this.count('waiting', 'held')) === 0, withinMs);
  }

  /** Asks it to end, and resolves with the exit code. */
  stop(): Promise<number | string> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  async kill(): Promise<void> {
    if (!this.hasEnded) this.child.kill('SIGKILL');
    await this.ended;
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }
}

export interface OwnEngines {
  /** Starts an engine; it is not yet ready. Its output is appended to `.mortise/engine.log`. */
  start(options: EngineOptions): Promise<EngineProcess>;
  /** How many were started in this test. */
  readonly count: number;
}

/** The engines of a test file: killed behind each test, or behind all, with their folders; where a test failed their log is shown. */
export function ownEngines(keptFor: 'each' | 'all' = 'each'): OwnEngines {
  const engines: EngineProcess[] = [];
  const folders = new Set<string>();
  const end = async (): Promise<void> => {
    await Promise.all(engines.splice(0).map((engine) => engine.kill()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    folders.clear();
  };
  afterEach(async ({ task }) => {
    const last = engines.at(-1);
    if (task.result?.state === 'fail' && last) console.error(last.log().split('\n').slice(-logLinesShown).join('\n'));
    if (keptFor === 'each') await end();
  });
  afterAll(end);
  return {
    get count() {
      return engines.length;
    },
    async start(options) {
      const engine = await startEngine(options);
      engines.push(engine);
      folders.add(options.folder);
      return engine;
    },
  };
}

async function startEngine({ folder, environment = {}, ports, script, injections = [] }: EngineOptions): Promise<EngineProcess> {
  const own = ports ?? (await freePorts());
  const data = join(folder, '.mortise');
  mkdirSync(data, { recursive: true });
  const logFile = join(data, 'engine.log');
  const output = openSync(logFile, 'a');
  const listeners = ['--listen', `127.0.0.1:${own.inbound}`, '--control', `127.0.0.1:${own.control}`];
  const child = spawnUnder(injections, [...(script ?? [command, 'run', folder]), ...listeners], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...environment },
  });
  closeSync(output);
  const dataFolder = script?.[script.indexOf('--data') + 1];
  return new EngineProcess(child, own, logFile, script?.includes('--data') && dataFolder ? dataFolder : join(data, 'data'));
}

export async function freePorts(): Promise<Ports> {
  return { inbound: await freePort(), control: await freePort() };
}

export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
    if (await isFree(port)) return port;
  }
}

/** Polls until `holds` gives true. Throws when the time is up, or when `holds` throws. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`Not within ${withinMs} ms: ${String(holds)}`);
    await sleep(lookMs);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
