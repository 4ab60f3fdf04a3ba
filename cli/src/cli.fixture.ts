// For tests of the command: runs it as people do, as a process of its own; what a test asks of it again, in one that is there.

import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answered, Asked } from './warm-command.fixture.ts';

export const command = fileURLToPath(new URL('./mortise.mjs', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
  /** Of Node itself. */
  readonly node?: readonly string[];
}

/** Those that have run as a process of their own. */
const spawnedBefore = new Set<string | undefined>();

/** Runs `mortise` to its end: each of its commands once as a process of its own, which takes most of a second, then in one that is there. */
export async function mortise(parts: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const [name] = parts;
  if (spawnedBefore.has(name) && options.node === undefined && name !== 'run' && name !== 'dev')
    return warmMortise(parts, options);
  spawnedBefore.add(name);
  return spawnedMortise(parts, options);
}

/** Runs `mortise` to its end, as a process of its own. */
export async function spawnedMortise(
  parts: readonly string[],
  { cwd, env = {}, input = '', node = [] }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...node, command, ...parts], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...ownEnvironment(), ...env },
  });
  const text = collect(child);
  child.stdin?.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...text() };
}

let warm: ChildProcess | undefined;
let former: Promise<unknown> = Promise.resolve();

/** One after the other. */
function warmMortise(parts: readonly string[], { cwd = process.cwd(), env = {}, input = '' }: RunOptions): Promise<Answered> {
  const environment = { ...ownEnvironment(), ...env } as Asked['environment'];
  const answered = former.then(() => askWarm({ parts, cwd, environment, input }));
  former = answered.catch(() => undefined);
  return answered;
}

function askWarm(asked: Asked): Promise<Answered> {
  const child = (warm ??= startWarm());
  return new Promise((resolve, reject) => {
    const onEnd = (): void => {
      warm = undefined;
      reject(new Error(`The process ended in which "mortise ${asked.parts.join(' ')}" ran.`));
    };
    child.once('exit', onEnd);
    child.once('message', (answered) => {
      child.off('exit', onEnd);
      resolve(answered as Answered);
    });
    child.send(asked);
  });
}

/** It ends with this process, which it does not keep. */
function startWarm(): ChildProcess {
  const file = fileURLToPath(new URL('./warm-command.fixture.ts', import.meta.url));
  const child = fork(file, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.unref();
  child.channel?.unref();
  return child;
}

export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  text(): { readonly out: string; readonly err: string };
  /** Waits until a text is printed; throws where the process ends before. */
  printed(part: string | RegExp): Promise<void>;
  /** Sends a signal, and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `mortise` and leaves it running. */
export function startMortise(parts: readonly string[], { cwd, env = {} }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [command, ...parts], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...ownEnvironment(), ...env },
  });
  const text = collect(child);
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    text,
    async printed(part) {
      const has = (): boolean => (typeof part === 'string' ? text().out.includes(part) : part.test(text().out));
      await until(
        () => has() || child.exitCode !== null,
        () => `${String(part)} was not printed: ${JSON.stringify(text())}`,
      );
      if (!has()) throw new Error(`It ended before it printed ${String(part)}: ${JSON.stringify(text())}`);
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      return (await closed)[0];
    },
  };
}

/** Polls until it holds. */
export async function until(holds: () => boolean | Promise<boolean>, otherwise: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A folder of its own, that goes with `remove`. */
export function temporaryFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-cli-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The project of `mortise init`, on ports that are free. */
export async function initProject(
  folder: string,
): Promise<{ readonly project: string; readonly control: string; readonly inbound: string }> {
  const project = join(folder, 'acme');
  await mortise(['init', project]);
  const [inbound, control] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const settings = `name: acme\nlisteners: { inbound: "${inbound}", control: "${control}" }\nlimits: { freeDisk: 1KiB }\n`;
  writeFileSync(join(project, 'mortise.yaml'), settings);
  return { project, inbound, control };
}

/** What says that a request comes from somebody who can read the data folder of a project. */
export function keyHeader(project: string): { readonly authorization: string } {
  return { authorization: `Bearer ${readFileSync(join(project, '.mortise', 'data', 'control.key'), 'utf8').trim()}` };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Without what the person who runs the tests has set for himself. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(MORTISE_|NODE_|FORCE_COLOR|VITEST)/.test(name));
  return Object.fromEntries(others);
}

function collect({ stdout, stderr }: ChildProcess): () => { readonly out: string; readonly err: string } {
  let out = '';
  let err = '';
  stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return () => ({ out, err });
}
