// Runs npm as if from a shell of its own, wherever this process was started from.

import { spawnSync } from 'node:child_process';

/** Runs to the end; returns what it printed. Throws with all of its output where it fails. */
export function npm(folder: string, ...options: readonly string[]): string {
  const run = spawnSync('npm', [...options], {
    cwd: folder,
    encoding: 'utf8',
    env: ownEnvironment(),
    shell: process.platform === 'win32',
  });
  if (run.status !== 0)
    throw new Error(`npm ${options.join(' ')} failed:\n${run.error?.message ?? ''}${run.stdout}${run.stderr}`);
  return run.stdout;
}

/** Without what an outer `npm run` says of its own package: an inner npm would take it for its own. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const outer = /^(npm_(package|lifecycle|command)|npm_config_(local_prefix|workspace|call|package)|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
