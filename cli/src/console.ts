// Builds the console where Mortise runs from its sources; a package brings it built.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../console/', import.meta.url));

/** Resolves when it is there, or cannot be built: then the engine says so to whoever asks for it. */
export async function buildConsole(): Promise<void> {
  const script = join(folder, 'build.ts');
  if (!existsSync(script)) return;
  await new Promise((resolve) =>
    spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] }).once('close', resolve),
  );
}
