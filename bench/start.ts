// Measures how long an engine with 100 flows takes to accept, and what it holds when idle, as it is published.
// `npx -c 'node bench/start.ts [flows] [starts]'`

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownEnvironment } from '../tools/pack/npm.ts';
import { host } from './addresses.ts';
import { orderText } from './order.ts';
import { installPacked, unitEnvironment } from './published.ts';
import { lastPath, writeStartProject } from './start-project.ts';

export interface Start {
  /** From the start of the process until an order was answered 202. */
  readonly acceptingMs: number;
  /** Of all threads, until then. */
  readonly processorMs: number;
  /** After a while without messages, as the kernel counts it: with what is mapped from files. */
  readonly idleBytes: number;
}

export interface StartPlan {
  readonly flows: number;
  readonly starts: number;
  /** Given to `node`: the command's file, and what stands before it. */
  readonly command: readonly string[];
  /** How long it is left alone before its memory is looked at. */
  readonly idleMs: number;
}

/** USER_HZ, in which the kernel counts processor time, as milliseconds. */
const tickMs = 10;
const startMsMax = 60_000;
/** Others than those of the other measurements, which may be under way. */
const ports = { inbound: 8481, control: 8480, receiver: 8482 };
const bareStart = join(import.meta.dirname, 'contenders/bare-start.mjs');
/** Until compiled code is kept. */
const compiledMs = 1000;
/** What the senders prove themselves with. */
const key = 'start-key';

/** Starts the engine so many times, each with an empty data folder. The first finds no compiled code of former ones. */
export async function measureStarts(plan: StartPlan): Promise<readonly Start[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-start-'));
  try {
    writeStartProject(join(folder, 'project'), plan.flows, ports);
    const starts: Start[] = [];
    for (let start = 0; start < plan.starts; start++) starts.push(await measureOne(folder, start, plan));
    return starts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOne(folder: string, start: number, { flows, command, idleMs }: StartPlan): Promise<Start> {
  const startMs = performance.now();
  const args = [...command, 'run', join(folder, 'project'), '--data', join(folder, `data-${start}`), '--log-level', 'silent'];
  const env = { ...ownEnvironment(), ...unitEnvironment(), NODE_COMPILE_CACHE: join(folder, 'compiled'), START_KEY: key };
  const engine = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(engine, 'exit');
  try {
    while ((await postOrder(lastPath(flows))) !== 202) {
      if (engine.exitCode !== null || performance.now() - startMs > startMsMax) throw new Error('The engine does not accept.');
      await sleep(5);
    }
    const acceptingMs = performance.now() - startMs;
    const processorMs = processorMsOf(engine);
    await sleep(idleMs);
    return { acceptingMs, processorMs, idleBytes: residentBytesOf(engine) };
  } finally {
    engine.kill('SIGTERM');
    await ended;
  }
}

/** The status of the answer; undefined where there is none. */
function postOrder(path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'x-key': key };
    const asking = request({ host, port: ports.inbound, path, method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.once('error', () => resolve(undefined));
    asking.end(orderText(0));
  });
}

function processorMsOf({ pid }: ChildProcess): number {
  // Behind the name in parentheses: the 12th and 13th fields are the ticks in user and in system mode (proc_pid_stat(5)).
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function residentBytesOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

/** How long the same Node takes to run nothing, in milliseconds. */
function middleOfNode(): number {
  const times = Array.from({ length: 9 }, () => {
    const startMs = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - startMs;
  });
  return times.toSorted((a, b) => a - b)[times.length >>> 1] ?? 0;
}

async function main(): Promise<void> {
  const [flows, starts] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 8)];
  const folder = mkdtempSync(join(tmpdir(), 'mortise-packed-'));
  try {
    const [first, ...later] = await measureStarts({ flows, starts, command: [installPacked(folder)], idleMs: 10_000 });
    const [, ...bare] = await measureStarts({ flows, starts, command: [bareStart], idleMs: compiledMs });
    const middle = (of: keyof Start, among: readonly Start[] = later): number =>
      among.map((start) => start[of]).toSorted((a, b) => a - b)[among.length >>> 1] ?? 0;
    const ms = (value = 0): string => `${value.toFixed(0)} ms`;
    console.log(`${flows} flows, packed build, ${later.length} starts after the first: medians`);
    console.log(
      `  accepting after  ${ms(middle('acceptingMs'))}  (goal: 1000 ms; the first start, which compiles: ${ms(first?.acceptingMs)})`,
    );
    console.log(`  processor time   ${ms(middle('processorMs'))}  (the first: ${ms(first?.processorMs)})`);
    console.log(
      `  the libraries alone, with the same files: ${ms(middle('acceptingMs', bare))} (processor ${ms(middle('processorMs', bare))}), of which Node itself ${ms(middleOfNode())}`,
    );
    console.log(`  idle memory      ${(middle('idleBytes') / 1e6).toFixed(0)} MB  (goal: 150 MB)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await main();
