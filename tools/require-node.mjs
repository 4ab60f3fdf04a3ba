// Ends an install with one clear line when no Node 24 or newer came along and the caller's own is older.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const oldestMajor = 24;
const bundled = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

const version = existsSync(bundled) ? execFileSync(bundled, ['--version'], { encoding: 'utf8' }).trim() : process.version;
const major = Number(version.slice(1).split('.')[0]);

if (!(major >= oldestMajor)) {
  console.error(
    `Mortise needs Node ${oldestMajor} or newer, found ${version}. ` +
      'The Node 26 that comes with the install is an optional dependency and npm skipped it: ' +
      'run "npm ci --include=optional" on Linux, macOS or Windows (x64 or arm64), or install Node 26 yourself.',
  );
  process.exit(1);
}
