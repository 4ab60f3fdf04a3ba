#!/usr/bin/env node
// The mortise command's first step: looks at the version of Node before anything is imported that an old one cannot read.

import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname } from 'node:path';

const nodeMajorMin = 24;

if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
  process.stderr.write(
    `error MORTISE_NODE_TOO_OLD: This is Node ${process.versions.node}; Mortise needs ${nodeMajorMin} or newer.\n` +
      '  remedy: Install a newer Node from https://nodejs.org, then try again.\n',
  );
  process.exitCode = 4;
} else {
  // Compiled code is kept between runs: a command starts in about half the time.
  module.enableCompileCache();
  const kept = module.getCompileCacheDir();
  // Threads of the engine look for it by this variable: without, each of them compiles what the one before had compiled.
  if (kept !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(kept);
  const isCompiled = existsSync(new URL('./main.js', import.meta.url));
  const { main } = await import(new URL(isCompiled ? './main.js' : './main.ts', import.meta.url).href);
  await main(process.argv);
}
