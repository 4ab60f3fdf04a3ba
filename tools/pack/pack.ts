// Makes the tarballs that would be published.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageContents } from './contents.ts';
import { npm } from './npm.ts';
import { stagePackage } from './stage.ts';

/** Compiles the repository at `root` and writes a tarball for each package into `destination`; returns their paths. */
export function packAll(root: string, destination: string): readonly string[] {
  const work = mkdtempSync(join(tmpdir(), 'mortise-pack-'));
  try {
    const compiled = join(work, 'compiled');
    run([join(root, 'console', 'build.ts')], 'The console could not be built');
    compile(root, compiled);
    mkdirSync(destination, { recursive: true });
    return packageContents(root).map((contents) => {
      const staging = join(work, contents.manifest.name);
      stagePackage(contents, { root, compiled, staging });
      run([join(import.meta.dirname, 'bundle.ts'), staging], 'The modules could not be joined');
      return join(destination, npm(staging, 'pack', '--silent', '--pack-destination', destination).trim());
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function compile(root: string, outDir: string): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  run([tsc, '-p', join(root, 'tools', 'pack'), '--outDir', outDir], 'The compiler found errors');
}

/** Runs a script to its end; throws what it said where it failed. */
function run(command: readonly string[], failure: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${failure}:\n${stdout}${stderr}`);
}
