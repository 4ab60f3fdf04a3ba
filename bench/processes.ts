// Starts the processes of a run one by one, looks at what they use, and ends them.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownEnvironment } from '../tools/pack/npm.ts';
import { contenderPort, controlPort, host, ordersPath, receiverPort } from './addresses.ts';
import type { LoadPlan } from './load.ts';
import type { LoadReport } from './measured.ts';
import { orderText } from './order.ts';

/** What a process has used since it started; zeros where the system does not tell (it is Linux that does). */
export interface Usage {
  readonly processorSeconds: number;
  /** What of it the main thread used: the one that runs the program's own JavaScript. */
  readonly mainThreadSeconds: number;
  readonly bytesWritten: number;
  readonly residentBytesPeak: number;
  /** Now, not since the start. */
  readonly residentBytes: number;
}

export interface RunningProcess {
  /** Rejects when the process ends by itself. */
  readonly died: Promise<never>;
  usage(): Usage;
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

const startMsMax = 60_000;
const stopMsMax = 20_000;
/** USER_HZ: the kernel counts processor time in these, on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Runs `node` with these arguments, from the folder bench; `environment` is added to that of this process. */
export function startProcess(args: readonly string[], environment: Readonly<Record<string, string>> = {}): RunningProcess {
  const env = { ...ownEnvironment(), ...environment };
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const died = ended.then(() => Promise.reject(new Error(`${args.join(' ')} ended: its own words stand above.`)));
  died.catch(() => undefined);
  return {
    died,
    usage: () => usageOf(child),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
      await ended;
      clearTimeout(late);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Throws where somebody listens already: it would be measured in the contender's place. */
export async function requireFreePorts(): Promise<void> {
  for (const port of [contenderPort, controlPort, receiverPort]) {
    if (await isTaken(port)) throw new Error(`Port ${port} is in use: expected it free for the benchmark. Does another one run?`);
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Sends order 0 until it is answered 202: that one counts as accepted. */
export async function untilAccepting(): Promise<void> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: orderText(0) };
  await until(async () => (await fetch(`http://${host}:${contenderPort}${ordersPath}`, request)).status === 202);
}

/** Asks again and again until the answer is yes; a refused connection is a no. */
export async function until(ask: () => Promise<boolean>, withinMs = startMsMax): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await ask().catch(() => false))) {
    if (performance.now() > endMs) throw new Error(`${withinMs / 1000} s passed, and it was still not so.`);
    await sleep(50);
  }
}

/** Runs the load in a process of its own. */
export async function runLoad(plan: LoadPlan): Promise<LoadReport> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts'), JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let written = '';
  for await (const chunk of child.stdout) written += String(chunk);
  if ((await ended) !== 0) throw new Error('The load failed: its own words stand above.');
  return JSON.parse(written) as LoadReport;
}

function usageOf({ pid }: ChildProcess): Usage {
  const read = (file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch {
      return '';
    }
  };
  // Behind the name in parentheses: the 12th and 13th fields are the ticks in user and in system mode (proc_pid_stat(5)).
  const secondsOf = (file: string): number => {
    const fields = read(file).split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
  };
  return {
    processorSeconds: secondsOf('stat'),
    mainThreadSeconds: secondsOf(`task/${pid}/stat`),
    bytesWritten: Number(/^write_bytes: (\d+)/m.exec(read('io'))?.[1] ?? 0),
    residentBytesPeak: Number(/^VmHWM:\s+(\d+)/m.exec(read('status'))?.[1] ?? 0) * 1024,
    residentBytes: Number(/^VmRSS:\s+(\d+)/m.exec(read('status'))?.[1] ?? 0) * 1024,
  };
}
