// Runs a process under `strace`, which makes a chosen system call fail, or kills the process at it.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What to do at system calls: each thread counts its own. */
export interface Injection {
  readonly calls: readonly string[];
  /** `signal=KILL`, `error=EIO`; `retval=0` leaves the call out and says that it went well. */
  readonly fault: string;
  /** At the n-th call only, or from it on; at every call where absent. */
  readonly at?: number;
  readonly onwards?: boolean;
}

/** Why faults cannot be injected here; undefined where they can. */
export const noStrace = reason();

/** The arguments with which `strace` runs a command; it leaves the process its parent's child, so that signals reach that itself. */
export function straceArguments(...injections: readonly Injection[]): readonly string[] {
  const calls = [...new Set(injections.flatMap((injection) => injection.calls))];
  const rules = injections.flatMap(({ calls: of, fault, at, onwards }) => [
    '-e',
    `inject=${of.join(',')}:${fault}${at === undefined ? '' : `:when=${at}${onwards ? '+' : ''}`}`,
  ]);
  return ['-D', '-f', '-qqq', '-o', '/dev/null', '-e', `trace=${calls.join(',')}`, ...rules];
}

/** Compiled code is kept between the many lives of a test. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'mortise-compile-cache') };

export function spawnUnder(injections: readonly Injection[], script: readonly string[], own: SpawnOptions): ChildProcess {
  const options = { env, ...own };
  if (injections.length === 0) return spawn(process.execPath, script, options);
  return spawn('strace', [...straceArguments(...injections), process.execPath, ...script], options);
}

function reason(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  const { error, status } = spawnSync('strace', ['-f', '-qqq', '-o', '/dev/null', '-e', 'trace=fsync', 'true']);
  if (error) return 'needs strace (Debian: strace)';
  return status === 0 ? undefined : 'needs the right to trace processes';
}
